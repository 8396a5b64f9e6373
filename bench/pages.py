"""Public pages among 10,000 candidacies: speed, what an approval makes stale, and a closing day.

`python -m bench.pages` measures all; with `speed`, `invalidation` or `mix`, these parts.
Everything is real: PostgreSQL, gunicorn with the project's own configuration and production
settings, and clients on the same two cores. Speed is compared with a bare Django view that is
served in the same way and answers the same bytes. The limits end it with status 1; the goals are
printed.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench.generated_pages import CANDIDACIES
from bench.pages_invalidation import Invalidation
from bench.pages_mix import SECONDS, Mix
from bench.pages_speed import ROUNDS, Subject

SETTINGS = "conoceles_site.settings.development"
# Of the bare view's requests a second: at least; and how many times its cost a new page may cost.
LEAST_SHARE = 0.5
LARGEST_COSTS = {"candidacy": 10, "ballot": 25, "search": 20}
LIMITED_SHARES = {"candidacy", "ballot", "home", "unknown"}
MOST_STALE, LARGEST_WORKER, LARGEST_SYSTEM, FEWEST_A_SECOND = 12, 350, 2048, 250
NAMES = {
    "candidacy": "candidatura",
    "ballot": "boleta de 125",
    "home": "portada",
    "search": "búsqueda",
    "api": "API, lista",
    "unknown": "desconocida (404)",
}


def _yes(is_reached: bool) -> str:
    return "sí" if is_reached else "NO"


def print_speed(subjects: list[Subject], home: dict[str, float]) -> bool:
    """Print the comparison. Returns: whether every answer was the expected one."""
    print(
        f"\nPeticiones por segundo entre {CANDIDACIES:,} candidaturas ({ROUNDS} rondas, en turnos)"
    )
    print(
        f"  {'':<18} {'bytes':>7} {'desnuda':>8} {'guardada':>14} {'304':>14} {'nueva':>8}  veces"
        " y, cada una en su conexión, veces, también de gunicorn sin cambios"
    )
    for subject in subjects:
        bare = subject.rate("bare")
        line = f"  {NAMES[subject.name]:<18} {subject.size:>7,} {bare:>8.0f}"
        for what in ("kept", "again"):
            line += _share(subject, subject.rate(what) / bare) if subject.rate(what) else " " * 15
        if new := subject.rate("new"):
            line += f" {new:>8.0f} {_cost(subject, subject.cost_of_new())}"
            line += f"   {_cost(subject, subject.cost_of_new(' to comers'))}"
            line += f"   {_cost(subject, subject.cost_over_plain())}"
        print(line)
    print("  milisegundos de cómputo de una petición, sin los de quien pregunta:")
    for subject in subjects:
        said = (f"{subject.computing(what):>9.2f}" for what in ("bare", "kept", "again", "new"))
        print(f"  {NAMES[subject.name]:<18} {''.join(said)}")
    print(
        f"  portada, una por una: {home['new']:.1f} ms tras un cambio,"
        f" {home['kept']:.1f} ms guardada"
    )
    problems = [problem for subject in subjects for problem in subject.problems]
    for problem in problems:
        print(f"  MAL: {problem}")
    return not problems


def _cost(subject: Subject, cost: float) -> str:
    largest = LARGEST_COSTS.get(subject.name)
    return f"{cost:>6.1f}" + (f" (≤ {largest}) {_yes(cost <= largest)}" if largest else "")


def _share(subject: Subject, share: float) -> str:
    goal = _yes(share >= LEAST_SHARE) if subject.name in LIMITED_SHARES else ""
    return f" {share * subject.rate('bare'):>6.0f} {share:>4.2f} {goal:<2}"


def print_invalidation(found: Invalidation) -> bool:
    """Print what an approval made stale. Returns: whether every limit was kept."""
    print(f"\nUna aprobación entre {found.pages:,} páginas guardadas")
    print(f"  no se guardaron: {found.not_kept:,}")
    print(f"  dejaron de valer: {found.stale:,} (≤ {MOST_STALE}) {_yes(found.stale <= MOST_STALE)}")
    print(f"  distintas de una nueva: {found.wrong:,} (0) {_yes(found.wrong == 0)}")
    fits = found.worker < LARGEST_WORKER
    print(f"  memoria del proceso: {found.worker:.0f} MB (< {LARGEST_WORKER}) {_yes(fits)}")
    for problem in found.problems:
        print(f"  MAL: {problem}")
    kept = found.not_kept == 0 and found.stale <= MOST_STALE and found.wrong == 0
    return kept and fits and not found.problems


def print_mix(mix: Mix) -> bool:
    """Print the closing day. Returns: whether every limit was kept."""
    load = mix.load
    wrong = {status: number for status, number in load.statuses.items() if status != 200}
    times = sorted(load.times)
    print(f"\nCierre de campañas: {SECONDS} s, {load.done:,} peticiones, {load.size / 1e6:.0f} MB")
    fast = load.a_second >= FEWEST_A_SECOND
    print(f"  por segundo: {load.a_second:.0f} (≥ {FEWEST_A_SECOND}) {_yes(fast)}")
    middle, late = (times[int(len(times) * share)] * 1000 for share in (0.5, 0.99))
    print(f"  p50 {middle:.1f} ms, p99 {late:.1f} ms; conexiones renovadas: {load.reconnected}")
    print(f"  errores: {sum(wrong.values()) + len(load.failures)} {wrong} {load.failures[:3]}")
    print(
        f"  aprobaciones: {mix.approvals}; lecturas tras una aprobación: {mix.checked},"
        f" atrasadas: {len(mix.stale)} {_yes(not mix.stale)} {mix.stale[:3]}"
    )
    small = mix.worker < LARGEST_WORKER and mix.system < LARGEST_SYSTEM
    print(
        f"  memoria: proceso web {mix.worker:.0f} MB (< {LARGEST_WORKER}),"
        f" todo {mix.system:.0f} MB (< {LARGEST_SYSTEM}) {_yes(small)}"
    )
    return not wrong and not load.failures and not mix.stale and small and mix.approvals > 0


def _change_the_site(database: str) -> None:
    """Change what every page says of the institute, as any program could."""
    import psycopg

    with psycopg.connect(database) as connection:
        connection.execute(
            "update catalogs_portalsettings set institute_name ="
            " case when right(institute_name, 1) = '.' then rtrim(institute_name, '.')"
            " else institute_name || '.' end"
        )


def parts(
    env: dict[str, str], folder: Path, scene: dict[str, Any]
) -> dict[str, Callable[[], bool]]:
    """What may be measured, by name. Each says whether every limit was kept."""
    from bench import pages_invalidation, pages_mix, pages_speed

    def speed() -> bool:
        subjects = pages_speed.measure(env, folder / "bare", scene)
        home = pages_speed.new_home(env, partial(_change_the_site, env["DATABASE_URL"]))
        return print_speed(subjects, home)

    return {
        "speed": speed,
        "invalidation": lambda: print_invalidation(pages_invalidation.measure(env, scene)),
        "mix": lambda: print_mix(pages_mix.measure(env, scene)),
    }


def main(wanted: list[str]) -> int:
    """Measure and print. The exit status says whether every limit was kept."""
    import django

    from conoceles_site import embedded_postgres
    from conoceles_site.settings.database import USES_EMBEDDED_POSTGRES
    from conoceles_site.settings.environment import DATA_DIR

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if USES_EMBEDDED_POSTGRES:
        embedded_postgres.start(DATA_DIR)
    django.setup()
    from bench.databases import own_database
    from bench.pages_servers import production

    with own_database("bench_pages") as own, tempfile.TemporaryDirectory() as name:
        env = production(Path(name), own)
        filled = subprocess.run(
            [sys.executable, "-m", "bench.generated_pages"],
            env=env,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        scene = json.loads(filled.stdout.splitlines()[-1])
        possible = parts(env, Path(name), scene)
        results = [possible[part]() for part in wanted or possible]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
