"""The scene of the attacks works, and measures what it says."""

from tests.attacks.scene import Scene, at_once
from tests.waiting import pause


def test_two_workers_serve_and_somebody_is_signed_in(scene: Scene) -> None:
    assert len(scene.workers()) == 2
    assert 30 < scene.worker_memory_mb() < 400
    assert scene.ask("/captura/")[0] == 302
    assert scene.ask("/captura/", Cookie=scene.cookie("enlace.pan"))[0] == 200


def test_a_harmless_crowd_changes_nothing(scene: Scene) -> None:
    usual = scene.usual_time("/municipios/")
    seen: list[int] = []

    def visit(_number: int) -> None:
        pause(0.1)
        seen.append(scene.ask("/healthz")[0])

    slowest = scene.slowest_during(lambda: at_once(8, visit), "/municipios/", enough=5 * usual)

    assert set(seen) == {200}
    assert slowest <= 5 * usual, (slowest, usual)
