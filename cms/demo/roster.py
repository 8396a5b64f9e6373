"""Who stands for which seat in the fictitious process of Coahuila 2024. Pure data and arithmetic.

Actors, coalitions and the size of each planilla are the real ones of 2024, which are public facts.
Every person, text and portrait is invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cms.catalogs.files import municipalities_of

PROCESS_SLUG = "coahuila-2024"
PROCESS_NAME = "Proceso Electoral Local Ordinario 2024"


@dataclass(frozen=True)
class ActorData:
    """A political actor of the demonstration, in the order of its ballot."""

    key: str
    acronym: str
    name: str
    kind: str
    members: tuple[str, ...] = ()
    color: str = ""


ACTORS: tuple[ActorData, ...] = (
    ActorData("pan", "PAN", "Partido Acción Nacional", "partido", color="#0057b7"),
    ActorData(
        "alianza-ciudadana-por-la-seguridad",
        "PRI-PRD-UDC",
        "Alianza Ciudadana por la Seguridad",
        "coalicion",
        members=("PRI", "PRD", "UDC"),
    ),
    ActorData(
        "sigamos-haciendo-historia-en-coahuila",
        "PT-MORENA",
        "Sigamos Haciendo Historia en Coahuila",
        "coalicion",
        members=("PT", "MORENA"),
    ),
    ActorData("pri", "PRI", "Partido Revolucionario Institucional", "partido", color="#da291c"),
    ActorData("prd", "PRD", "Partido de la Revolución Democrática", "partido", color="#ffcc00"),
    ActorData("pt", "PT", "Partido del Trabajo", "partido", color="#e30613"),
    ActorData("pvem", "PVEM", "Partido Verde Ecologista de México", "partido", color="#00a650"),
    ActorData("mc", "MC", "Movimiento Ciudadano", "partido", color="#ff6600"),
    ActorData("udc", "UDC", "Unidad Democrática de Coahuila", "partido", color="#f28c00"),
    ActorData("morena", "MORENA", "Morena", "partido", color="#7a1f3d"),
    ActorData(
        "candidatura-independiente",
        "",
        "Candidatura independiente",
        "independiente",
        color="#6b7280",
    ),
)

# Where Morena and PT stood apart: their coalition covered 33 of 38 municipalities.
WITHOUT_COALITION = ("05001", "05012", "05015", "05019", "05037")
INDEPENDENTS = ("05028", "05033")
# A large, a middle and a small municipality, which have whole planillas.
WHOLE_PLANILLAS = ("05035", "05033", "05005")


@dataclass(frozen=True)
class Place:
    """A seat that somebody stands for. `seed` is unique and never changes."""

    seed: int
    cvegeo: str
    municipality: str
    office: str
    seat_kind: str
    list_number: int | None
    actor: str


def actors_in(cvegeo: str, number: int) -> Iterator[str]:
    """The actors that compete in a municipality, in the order of the ballot."""
    yield "pan"
    yield "alianza-ciudadana-por-la-seguridad"
    if cvegeo in WITHOUT_COALITION:
        yield "pt"
    else:
        yield "sigamos-haciendo-historia-en-coahuila"
    if number % 3 != 0:
        yield "pvem"
    if number % 4 != 1:
        yield "mc"
    if cvegeo in WITHOUT_COALITION:
        yield "morena"
    if cvegeo in INDEPENDENTS:
        yield "candidatura-independiente"


def _planilla(councillors: int) -> Iterator[tuple[str, str, int | None]]:
    for seat_kind in ("propietaria", "suplente"):
        yield "sindicatura", seat_kind, None
    for place in range(1, councillors + 1):
        for seat_kind in ("propietaria", "suplente"):
            yield "regiduria", seat_kind, place


def places() -> list[Place]:
    """Every seat of the demonstration, in a stable order."""
    found: list[Place] = []

    def add(row: dict[str, str], actor: str, office: str, kind: str, number: int | None) -> None:
        found.append(Place(len(found), row["cvegeo"], row["nombre"], office, kind, number, actor))

    rows = municipalities_of("05")
    for index, row in enumerate(rows, 1):
        for actor in actors_in(row["cvegeo"], index):
            add(row, actor, "presidencia_municipal", "propietaria", None)
    for index, row in enumerate(rows, 1):
        if row["cvegeo"] not in WHOLE_PLANILLAS:
            continue
        for actor in actors_in(row["cvegeo"], index):
            for office, seat_kind, place in _planilla(int(row["regidurias_mayoria"])):
                add(row, actor, office, seat_kind, place)
    return found
