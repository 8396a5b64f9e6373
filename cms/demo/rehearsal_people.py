"""The people of a rehearsal: who stands in each contest, and what they answer. All invented."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.candidacies.bulk_pages import PageWriter
from cms.candidacies.models import CandidacyPage, Person
from cms.candidacies.services import (
    NewCandidacy,
    add_candidacies,
    ensure_process,
    ensure_territory_pages,
)
from cms.catalogs.models import (
    ActorKind,
    Contest,
    PoliticalActor,
    Principle,
    Process,
    SeatKind,
    Sex,
    Territory,
)
from cms.demo.composer import NETWORKS, compose_answers
from cms.demo.models import RehearsalState, RehearsalWork
from cms.demo.names import compose_name
from cms.publication.services import write_published
from cms.questionnaires.bulk_answers import AnswerWriter, BroughtAnswers
from cms.questionnaires.definitions import Definition
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.selectors import NoQuestionnaire, definition_for
from cms.questionnaires.versions.samples import sample_answers

AT_ONCE = 200
# What the composer may answer; to other questions an answer is made up from their limits.
_COMPOSED = frozenset(
    {*NETWORKS, *(f"{network}_tiene" for network in NETWORKS)}
    | {"telefono_publico", "estatus_estudios", "fotografia", "fotografia_texto_alternativo"}
)


@dataclass(frozen=True)
class Standing:
    """Somebody who stands in a contest. `seed` is unique within the rehearsal."""

    seed: int
    contest: Contest
    actor: PoliticalActor
    seat_kind: str
    list_number: int | None

    @property
    def sex(self) -> str:
        return (Sex.WOMAN.value, Sex.MAN.value)[self.seed % 2]

    @property
    def age(self) -> int:
        return 21 + self.seed * 7 % 48

    @property
    def place(self) -> str:
        """What texts call the place: «Torreón» of «Distrito 7, Torreón»."""
        return str(self.contest.territory.name).rpartition(", ")[2]

    @property
    def is_informed(self) -> bool:
        """Three of four answered, as in a process under way."""
        return self.seed % 4 != 3


def make_some(process_id: int) -> bool:
    """Add the next people, and count them, in one transaction. Returns: whether some are left."""
    with transaction.atomic():
        found = RehearsalWork.objects.select_for_update(of=("self",)).select_related("process")
        work = found.filter(process=process_id, state=RehearsalState.MAKING).first()
        if work is None:
            return False
        standing = list(islice(roster(work.process, work.people), work.done, work.done + AT_ONCE))
        if standing:
            _add(work.process, standing)
            work.done += len(standing)
        else:
            work.state, work.total = RehearsalState.MADE, work.done
        work.save(update_fields=["state", "done", "total"])
        return bool(standing)


def roster(process: Process, people: int) -> Iterator[Standing]:
    """Who stands in a rehearsal, always in the same order: contest by contest, actor by actor."""
    actors = _postulating(list(process.actors.order_by("ballot_order", "pk")))
    contests = Contest.objects.filter(process_office__process=process).order_by("pk")
    seed = 0
    for contest in contests.select_related("territory", "process_office__office"):
        for number in range(people):
            round_, which = divmod(number, len(actors))
            # First every actor's holder, then every alternate, then the second place of each.
            place, is_alternate = divmod(round_, 2)
            if contest.seats is not None and place >= contest.seats:
                break
            kind = SeatKind.ALTERNATE if is_alternate else SeatKind.HOLDER
            yield Standing(
                seed, contest, actors[which], kind, None if contest.seats == 1 else place + 1
            )
            seed += 1


def _postulating(actors: Sequence[PoliticalActor]) -> Sequence[PoliticalActor]:
    """The actors; a party that stands in a coalition does not stand beside it."""
    allied = {member for actor in actors for member in actor.members}
    alone = [one for one in actors if one.kind != ActorKind.PARTY or one.acronym not in allied]
    return alone or actors


def _add(process: Process, standing: Sequence[Standing]) -> None:
    """Register, inform and publish some people."""
    at = timezone.now()
    writer = PageWriter(at=at)
    process_page = ensure_process(slug=process.slug)
    territories: list[Territory] = list(
        {one.contest.territory_id: one.contest.territory for one in standing}.values()
    )
    below = ensure_territory_pages(
        process_page=process_page, territories=territories, writer=writer
    )
    new = [_candidacy(process, one, at) for one in standing]
    pages = add_candidacies(new=new, territory_pages=below, writer=writer)
    _inform(process, standing, pages)
    write_published(candidacy_ids=[page.pk for page in pages], at=at)


def _candidacy(process: Process, one: Standing, at: Any) -> NewCandidacy:
    """Nobody can be written to: the person has no e-mail and no telephone."""
    name = compose_name(seed=one.seed, sex=one.sex)
    page = CandidacyPage(
        process=process,
        territory=one.contest.territory,
        office=one.contest.process_office.office,
        actor=one.actor,
        name=name,
        principle=Principle.MAJORITY,
        seat_kind=one.seat_kind,
        list_number=one.list_number,
        sex=one.sex,
        age=one.age,
        registered_at=at,
    )
    return NewCandidacy(page, Person(name=name))


def _inform(process: Process, standing: Sequence[Standing], pages: Sequence[CandidacyPage]) -> None:
    """Publish the answers of those who answered, if the process asks anything."""
    try:
        in_use = definition_for(process=process, kind=CURRICULAR)
    except NoQuestionnaire:
        return
    brought = [
        BroughtAnswers(page.pk, answers_of(one, in_use.definition))
        for one, page in zip(standing, pages, strict=True)
        if one.is_informed
    ]
    AnswerWriter(version=in_use.stored, at=timezone.now(), publish=True).take(brought, known=())


def answers_of(one: Standing, definition: Definition) -> dict[str, Any]:
    """What somebody answers to what a version asks; nothing that is internal, and no photograph."""
    composed = compose_answers(
        seed=one.seed,
        sex=one.sex,
        office=one.contest.process_office.office.code,
        municipality=one.place,
        age=one.age,
    )
    made_up = sample_answers(definition, photograph="")
    known = _COMPOSED | composed.keys()
    whole = composed | {key: value for key, value in made_up.items() if key not in known}
    return {
        question.key: whole[question.key]
        for question in definition.questions()
        if question.key in whole and not question.is_internal
    }
