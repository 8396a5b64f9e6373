"""Loads the fictitious process of Coahuila 2024, through the services that the forms also call."""

import json
import random
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from cms.candidacies.bulk_pages import PageWriter
from cms.candidacies.models import CandidacyPage, Person
from cms.candidacies.services import (
    NewCandidacy,
    add_candidacies,
    ensure_process,
    ensure_territory_pages,
)
from cms.catalogs import services as catalogs
from cms.catalogs.models import Office, PoliticalActor, PortalSettings, Process, Territory
from cms.demo import roster
from cms.demo.composer import compose_answers
from cms.demo.names import compose_name, compose_nickname
from cms.publication.pictures import publish_made
from cms.publication.services import write_published
from cms.questionnaires import photographs
from cms.questionnaires.bulk_answers import AnswerWriter, BroughtAnswers
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import Photograph, Questionnaire
from cms.questionnaires.selectors import definition_for
from cms.questionnaires.services import ensure_capture_version

FOLDER = Path(__file__).parent
OPENED = datetime(2024, 4, 2, 15, tzinfo=UTC)
REGISTERED = datetime(2024, 3, 30, 18, tzinfo=UTC)
CUT = datetime(2024, 4, 27, 23, 30, tzinfo=UTC)
ELECTION = date(2024, 6, 2)
# How many seats are taken through capture and review.
WALKED = 10
Say = Callable[[str], None]


@dataclass
class Seat:
    """A place of the roster, with the person who stands for it."""

    place: roster.Place
    sex: str
    age: int
    name: str
    written: dict[str, Any] | None = None
    page: CandidacyPage | None = None

    @property
    def candidacy(self) -> CandidacyPage:
        if self.page is None:
            raise LookupError("the seat has not been registered yet")
        return self.page


@dataclass
class Loaded:
    """What was loaded."""

    process: Process
    seats: list[Seat] = field(default_factory=list)
    informed: int = 0
    written: int = 0


@cache
def _portraits() -> list[dict[str, str]]:
    content: list[dict[str, str]] = json.loads(
        (FOLDER / "portraits" / "portraits.json").read_text(encoding="utf-8")
    )
    return content


@cache
def _encoded(file: str) -> photographs.Encoded:
    return photographs.encode_own((FOLDER / "portraits" / file).read_bytes())


def _written_answers() -> dict[str, list[dict[str, Any]]]:
    """The answers that were written by hand, by municipality."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((FOLDER / "content").glob("written_*.json")):
        for answers in json.loads(path.read_text(encoding="utf-8")):
            found.setdefault(answers["cvegeo"], []).append(answers)
    return found


def _seats() -> list[Seat]:
    written = _written_answers()
    seats: list[Seat] = []
    for place in roster.places():
        chance = random.Random(4000 + place.seed)  # noqa: S311 (nothing secret)
        # Propietaria and suplente of a formula are of the same sex, as parity asks.
        number = (place.list_number or 0) + len(place.actor) + int(place.cvegeo)
        sex = ("mujer", "hombre")[number % 2] if place.seed % 97 else "no_binario"
        age = chance.choice((24, 28, 31, 34, 37, 39, 42, 44, 47, 51, 54, 58, 61, 66))
        own = None
        if place.office == "presidencia_municipal" and written.get(place.cvegeo):
            own = written[place.cvegeo].pop(0)
            sex, age = own["sex"], own["age"]
        seats.append(Seat(place, sex, age, compose_name(seed=place.seed, sex=sex), own))
    return seats


def _ensure_process() -> Process:
    page = ensure_process(
        slug=roster.PROCESS_SLUG,
        name=roster.PROCESS_NAME,
        election_date=ELECTION,
        entity_code="05",
    )
    process: Process = page.process
    process.fictitious = True
    process.save(update_fields=["fictitious"])
    ensure_capture_version(process)
    for code in ("presidencia_municipal", "sindicatura", "regiduria"):
        office = Office.objects.get(code=code)
        catalogs.ensure_process_office(process=process, office=office, visible_from=OPENED)
    for order, actor in enumerate(roster.ACTORS):
        catalogs.ensure_actor(
            process=process,
            new=catalogs.NewActor(
                key=actor.key,
                name=actor.name,
                kind=actor.kind,
                acronym=actor.acronym,
                members=actor.members,
                ballot_order=(order + 1) * 10,
                color=actor.color,
            ),
        )
    return process


def _register(process: Process, seats: Sequence[Seat]) -> None:
    territories = {
        territory.cvegeo: territory
        for territory in Territory.objects.filter(cvegeo__startswith="05")
    }
    offices = {office.code: office for office in Office.objects.all()}
    actors = {actor.key: actor for actor in PoliticalActor.objects.filter(process=process)}
    writer = PageWriter(at=REGISTERED)
    process_page = ensure_process(slug=process.slug)
    pages = ensure_territory_pages(
        process_page=process_page, territories=list(territories.values()), writer=writer
    )
    new: list[NewCandidacy] = []
    for seat in seats:
        place = seat.place
        seat.page = CandidacyPage(
            process=process,
            territory=territories[place.cvegeo],
            office=offices[place.office],
            actor=actors[place.actor],
            name=seat.name,
            nickname=compose_nickname(seed=place.seed, name=seat.name),
            principle="mr",
            seat_kind=place.seat_kind,
            list_number=place.list_number,
            sex=seat.sex,
            age=seat.age,
            registered_at=REGISTERED,
        )
        person = Person(name=seat.name, email=f"persona{place.seed}@candidaturas.example")
        new.append(NewCandidacy(seat.page, person))
    add_candidacies(new=new, territory_pages=pages, writer=writer)


def answers_of(seat: Seat) -> dict[str, Any]:
    """The answers of a seat: those written by hand if there are some, otherwise composed ones."""
    composed = compose_answers(
        seed=seat.place.seed,
        sex=seat.sex,
        office=seat.place.office,
        municipality=seat.place.municipality,
        age=seat.age,
    )
    return {**composed, **seat.written["answers"]} if seat.written else composed


def portrait_of(seat: Seat) -> str:
    """The file of the portrait that a seat uses. Several seats share a portrait."""
    band = "joven" if seat.age < 38 else "media" if seat.age < 55 else "mayor"
    fitting = [portrait for portrait in _portraits() if portrait["sex"] == seat.sex]
    close = [portrait for portrait in fitting if portrait["age_band"] == band] or fitting
    return close[(seat.place.seed * 7) % len(close)]["file"]


def is_informed(seat: Seat) -> bool:
    """Whether a seat has answers: three of four have, and all with answers written by hand."""
    seed = seat.place.seed
    return seat.written is not None or (seed * 7 + seed // 5) % 4 != 3


def _has_photograph(seat: Seat) -> bool:
    return seat.written is not None or seat.place.seed % 5 != 2


Pictures = dict[int, tuple[uuid.UUID, str]]


def _inform(process: Process, seats: Sequence[Seat]) -> Pictures:
    """Publish the answers of many seats at once, with their photographs.

    Returns: candidacy → the name of its photograph, and the file of the portrait.
    """
    in_use = definition_for(process=process, kind=CURRICULAR)
    internal = {question.key for question in in_use.definition.questions() if question.is_internal}
    brought: list[BroughtAnswers] = []
    pictures: Pictures = {}
    for seat in seats:
        answers = {key: value for key, value in answers_of(seat).items() if key not in internal}
        if _has_photograph(seat):
            name = uuid.uuid4()
            pictures[seat.candidacy.pk] = (name, portrait_of(seat))
            answers["fotografia"] = str(name)
            answers["fotografia_texto_alternativo"] = f"Retrato dibujado de {seat.name}"
        brought.append(BroughtAnswers(seat.candidacy.pk, answers))
    AnswerWriter(version=in_use.stored, at=OPENED, publish=True).take(brought, known=())
    _store_pictures(pictures)
    return pictures


def _make_sizes(pictures: Pictures) -> None:
    """Make what the worker would make of each photograph, once for each portrait."""
    files = sorted({file for _name, file in pictures.values()})
    with ThreadPoolExecutor() as pool:
        large = (_encoded(file).large for file in files)
        made = dict(zip(files, pool.map(photographs.own_in_sizes, large), strict=True))
    for candidacy_id, (name, file) in pictures.items():
        publish_made(candidacy_id=candidacy_id, photo=str(name), made=made[file])


def _store_pictures(pictures: Pictures) -> None:
    storage = storages["photographs"]
    files = Questionnaire.objects.filter(
        candidacy_id__in=pictures, kind=CURRICULAR.key
    ).values_list("candidacy_id", "pk")
    rows: list[Photograph] = []
    for candidacy_id, questionnaire_id in files:
        name, file = pictures[candidacy_id]
        encoded = _encoded(file)
        storage.save(f"{name}.jpg", ContentFile(encoded.large))
        storage.save(f"{name}-s.jpg", ContentFile(encoded.small))
        rows.append(Photograph(id=name, questionnaire_id=questionnaire_id, sha256=encoded.sha256))
    Photograph.objects.bulk_create(rows)


def _choose_current(process: Process) -> None:
    settings = PortalSettings.load()
    if settings.current_process_id is None:
        settings.current_process = process
        settings.save()


@transaction.atomic
def load_process(*, walked_actor: str, say: Say) -> Loaded | None:
    """Register all candidacies and publish most. Returns None if the demonstration is loaded.

    Args:
        walked_actor: the actor some of whose seats stay without answers, for `walks`.
    """
    if Process.objects.filter(slug=roster.PROCESS_SLUG, page__isnull=False).exists():
        return None
    process = _ensure_process()
    seats = _seats()
    say(f"  {len(seats)} candidaturas en 38 municipios")
    _register(process, seats)
    walked = seats_to_walk(seats, actor=walked_actor)
    kept = {id(seat) for seat in walked} | {id(seat) for seat in seats if is_silent(seat)}
    informed = [seat for seat in seats if is_informed(seat) and id(seat) not in kept]
    say(f"  {len(informed)} con respuestas y {len(_portraits())} retratos dibujados")
    pictures = _inform(process, informed)
    write_published(candidacy_ids=[seat.candidacy.pk for seat in seats], at=CUT)
    _make_sizes(pictures)
    _choose_current(process)
    written = sum(seat.written is not None for seat in seats)
    return Loaded(process, seats, len(informed), written)


def is_silent(seat: Seat) -> bool:
    """The two seats that wait for the end of the silence, or were imported without publishing."""
    place = seat.place
    return (place.cvegeo, place.actor, place.office) == ("05005", "pan", "sindicatura")


def seats_to_walk(seats: Sequence[Seat], *, actor: str) -> list[Seat]:
    """The seats of an actor that are taken through capture and review, presidencies first."""
    own = [
        seat
        for seat in seats
        if seat.place.actor == actor
        and seat.place.seat_kind == "propietaria"
        and seat.written is None
        and not is_silent(seat)
    ]
    own.sort(key=lambda seat: (seat.place.office != "presidencia_municipal", -seat.place.seed))
    return own[:WALKED]
