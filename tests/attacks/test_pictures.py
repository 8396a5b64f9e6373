"""Eight clients upload costly pictures: pages are still served, and no process grows too large."""

import html
import itertools
import json
import re
import zlib

import pytest

from tests.attacks.scene import Scene, at_once
from tests.odd_pictures import REFUSED, SOUND, chunk, jpeg_of_many_scans, plain, saved

LIAISON, EDITOR = "enlace.pan", "comunicacion"
LARGEST_WORKER, LARGEST_DECODER = 400, 640
PAGE = "/municipios/"


def problem_of(body: bytes) -> str:
    """The sentence in which a page says what is wrong with the photograph, or an empty text."""
    text = html.unescape(re.sub(r"<[^>]+>|\s+", " ", body.decode()))
    found = re.search(
        r"La fotografía no se pudo usar(.{20,400}?[Ss]úbela|.{20,400}?Elige|.{200})", text
    )
    return found.group(1).strip() if found else ""


@pytest.fixture(scope="module")
def steps(scene: Scene) -> list[str]:
    """The addresses of up to eight photograph steps that a party can still save."""
    _status, body = scene.ask("/captura/", Cookie=scene.cookie(LIAISON))
    ids = list(dict.fromkeys(re.findall(r"/captura/(\d+)/", body.decode())))
    found = []
    for candidacy_id in ids:
        path = f"/captura/{candidacy_id}/foto_contacto/"
        if scene.ask(path, Cookie=scene.cookie(LIAISON))[0] == 200:
            found.append(path)
        if len(found) == 8:
            break
    assert found
    return found


def attach(scene: Scene, path: str, content: bytes, name: str = "foto.jpg") -> tuple[int, bytes]:
    fields = {"quedarse": "1"}
    return scene.send(
        path, user=LIAISON, fields=fields, files={"fotografia_archivo": (name, content)}
    )


def add_to_library(scene: Scene, content: bytes, name: str = "foto.jpg") -> tuple[int, bytes]:
    return scene.send(
        "/admin/images/multiple/add/",
        user=EDITOR,
        fields={"title": "Imagen de prueba", "collection": "1"},
        files={"files[]": (name, content)},
        **{"X-Requested-With": "XMLHttpRequest"},
    )


def heavy_png() -> bytes:
    """A PNG of half a megabyte: a hundred megabytes of pixels, and hundreds more of texts."""
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 60_000_000, 9))
    content = saved(plain("RGBA", (5000, 5000)), "PNG")
    return content[:33] + text * 7 + content[33:]


COSTLY = {
    "scans-refused": lambda: jpeg_of_many_scans((4000, 3000), 3000),
    "scans-admitted": lambda: jpeg_of_many_scans((4000, 3000), 28),
    "png": heavy_png,
}
ACCEPTED, COSTS_TOO_MUCH, BUSY = "accepted", "costs too much", "busy"
# What is answered when the picture is read. Which clients find the queue full and are told to wait
# depends on the order in which they arrive.
WHEN_READ = {"scans-refused": COSTS_TOO_MUCH, "scans-admitted": ACCEPTED, "png": ACCEPTED}


def meaning_of(problem: str) -> str:
    """What a problem says, or that there is none."""
    meanings = {
        "Espera unos segundos y súbela": BUSY,
        "pide demasiado trabajo para abrirla": COSTS_TOO_MUCH,
    }
    found = [meaning for words, meaning in meanings.items() if words in problem]
    return found[0] if found else problem or ACCEPTED


@pytest.mark.parametrize("name", list(COSTLY))
def test_eight_costly_photographs_at_once_hold_up_no_page(
    scene: Scene, steps: list[str], name: str
) -> None:
    content, usual = COSTLY[name](), scene.usual_time(PAGE)
    answers: set[tuple[int, str]] = set()

    def client(number: int) -> None:
        for _again in range(2):
            status, body = attach(scene, steps[number % len(steps)], content)
            answers.add((status, meaning_of(problem_of(body))))

    slowest = scene.slowest_during(lambda: at_once(8, client), PAGE, enough=5 * usual)

    read = WHEN_READ[name]
    assert answers - {(422, BUSY)} == {(302 if read == ACCEPTED else 422, read)}
    assert slowest <= 5 * usual, (slowest, usual)
    assert scene.worker_memory_mb() <= LARGEST_WORKER
    assert max(scene.memory.children.values()) <= LARGEST_DECODER


@pytest.mark.parametrize("name", list(COSTLY))
def test_eight_costly_images_of_the_library_at_once_hold_up_no_page(
    scene: Scene, name: str
) -> None:
    content, usual = COSTLY[name](), scene.usual_time(PAGE)
    answers: set[tuple[bool, str]] = set()

    def client(_number: int) -> None:
        for _again in range(2):
            status, body = add_to_library(
                scene, content, "foto.png" if name == "png" else "foto.jpg"
            )
            assert status == 200, body[:400]
            answer = json.loads(body)
            answers.add((answer["success"], meaning_of(answer.get("error_message", ""))))

    slowest = scene.slowest_during(lambda: at_once(8, client), PAGE, enough=5 * usual)

    read = WHEN_READ[name]
    assert answers - {(False, BUSY)} == {(read == ACCEPTED, read)}
    assert slowest <= 5 * usual, (slowest, usual)
    assert scene.worker_memory_mb() <= LARGEST_WORKER


def test_when_the_queue_of_photographs_is_full_the_page_says_so(
    scene: Scene, steps: list[str]
) -> None:
    content, said = COSTLY["scans-admitted"](), []

    def client(number: int) -> None:
        _status, body = attach(scene, steps[number % len(steps)], content)
        said.append(problem_of(body))

    at_once(8, client)
    # How many are told to wait depends on the worker that each client reaches.
    assert any("Espera unos segundos y súbela" in sentence for sentence in said), said


def test_odd_pictures_over_http_in_the_capture_and_in_the_library(
    scene: Scene, steps: list[str]
) -> None:
    """Each is uploaded alone: it is accepted, or the page explains why it is refused."""
    wrong: list[str] = []
    names = itertools.cycle(["foto.jpg", "foto.png", "a" * 300 + ".jpg", "Ñandú «1».JPEG", "sin"])
    for number, kind in enumerate([*SOUND, *REFUSED]):
        content = SOUND[kind]() if kind in SOUND else REFUSED[kind][0]()
        name = next(names)
        status, body = attach(scene, steps[0], content, name)
        if kind in SOUND and status != 302:
            wrong.append(f"{kind} at the capture: {status} {problem_of(body)}")
        if kind in REFUSED and (status != 422 or not problem_of(body)):
            wrong.append(f"{kind} at the capture: {status} {problem_of(body)}")
        if number % 4:
            # Other tests try every picture in the library; here one in four is enough.
            continue
        status, body = add_to_library(scene, content, name)
        answer = json.loads(body) if status == 200 else {}
        if answer.get("success") is not (kind in SOUND):
            wrong.append(f"{kind} at the library: {status} {answer}")
    assert not wrong, "\n".join(wrong)
