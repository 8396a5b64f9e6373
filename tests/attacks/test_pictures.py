"""Eight clients upload what is dear to decode: pages go on, and no process grows."""

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
    """What the page says that is wrong with the photograph, where it says anything."""
    text = html.unescape(re.sub(r"<[^>]+>|\s+", " ", body.decode()))
    found = re.search(
        r"La fotografía no se pudo usar(.{20,400}?[Ss]úbela|.{20,400}?Elige|.{200})", text
    )
    return found.group(1).strip() if found else ""


@pytest.fixture(scope="module")
def steps(scene: Scene) -> list[str]:
    """The photograph steps of a party, still open."""
    _status, body = scene.ask("/captura/", Cookie=scene.cookie(LIAISON))
    ids = list(dict.fromkeys(re.findall(r"/captura/(\d+)/", body.decode())))
    found = []
    for one in ids:
        path = f"/captura/{one}/foto_contacto/"
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
    """Half a megabyte of PNG that unpacks to a hundred, and to hundreds more in its texts."""
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 60_000_000, 9))
    content = saved(plain("RGBA", (5000, 5000)), "PNG")
    return content[:33] + text * 7 + content[33:]


DEAR = {
    "scans-refused": lambda: jpeg_of_many_scans((4000, 3000), 3000),
    "scans-admitted": lambda: jpeg_of_many_scans((4000, 3000), 28),
    "png": heavy_png,
}


@pytest.mark.parametrize("name", list(DEAR))
def test_eight_dear_photographs_at_once(scene: Scene, steps: list[str], name: str) -> None:
    content, usual = DEAR[name](), scene.usual_time(PAGE)
    statuses: list[int] = []

    def client(number: int) -> None:
        for _again in range(2):
            status, body = attach(scene, steps[number % len(steps)], content)
            statuses.append(status)
            assert status in {302, 422}, body[:400]

    slowest = scene.slowest_during(lambda: at_once(8, client), PAGE, enough=5 * usual)

    assert len(statuses) >= 16
    assert slowest <= 5 * usual, (slowest, usual)
    assert scene.worker_memory_mb() <= LARGEST_WORKER
    assert max(scene.memory.children.values()) <= LARGEST_DECODER


@pytest.mark.parametrize("name", list(DEAR))
def test_eight_dear_images_of_the_library_at_once(scene: Scene, name: str) -> None:
    content, usual = DEAR[name](), scene.usual_time(PAGE)
    answers: list[dict[str, object]] = []

    def client(_number: int) -> None:
        for _again in range(2):
            status, body = add_to_library(
                scene, content, "foto.png" if name == "png" else "foto.jpg"
            )
            assert status == 200, body[:400]
            answers.append(json.loads(body))

    slowest = scene.slowest_during(lambda: at_once(8, client), PAGE, enough=5 * usual)

    for one in answers:
        assert one["success"] or "úbela" in str(one["error_message"])
    assert slowest <= 5 * usual, (slowest, usual)
    assert scene.worker_memory_mb() <= LARGEST_WORKER


def test_when_the_line_is_full_it_says_so_and_keeps_what_was_typed(
    scene: Scene, steps: list[str]
) -> None:
    content, said = DEAR["scans-admitted"](), []

    def client(number: int) -> None:
        _status, body = attach(scene, steps[number % len(steps)], content)
        said.append(problem_of(body))

    at_once(8, client)
    assert any("Espera unos segundos y súbela" in one for one in said), said


def test_odd_pictures_over_http_at_both_doors(scene: Scene, steps: list[str]) -> None:
    """One after the other, as somebody would: taken, or told why not in words."""
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
            # Their recipes are tested one by one; here it is the door.
            continue
        status, body = add_to_library(scene, content, name)
        answer = json.loads(body) if status == 200 else {}
        if answer.get("success") is not (kind in SOUND):
            wrong.append(f"{kind} at the library: {status} {answer}")
    assert not wrong, "\n".join(wrong)
