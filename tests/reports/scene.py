"""A process with many candidacies whose questionnaires are in every state."""

import random
from datetime import timedelta
from itertools import islice, product
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.candidacies import terms
from cms.candidacies.bulk_pages import PageWriter
from cms.candidacies.bulk_register import RegisterWriter, Registration
from cms.candidacies.models import CandidacyPage
from cms.catalogs.models import CandidacyState, EndCause, PoliticalActor, Sex, Territory
from cms.catalogs.services import TerritoryKey
from cms.questionnaires.bulk_answers import AnswerWriter, BroughtAnswers
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import (
    Draft,
    Questionnaire,
    QuestionnaireDefinition,
    QuestionnaireState,
)

S = QuestionnaireState
# States in which nothing was sent or imported yet, or a review goes on.
BEGUN = (S.EMPTY, S.CAPTURE, S.SUBMITTED, S.OBSERVED, S.CORRECTION, S.VALIDATED)
OFFICES = ("presidencia_municipal", "sindicatura", "regiduria")


def register(process: Any, number: int, *, seed: int, parties: int = 8) -> list[CandidacyPage]:
    """Register whole slates in the 38 municipalities of Coahuila, with the services in bulk."""
    chance = random.Random(seed)
    keys = [f"p{seed}-{party}" for party in range(parties)]
    for order, key in enumerate(keys):
        PoliticalActor.objects.create(
            process=process,
            key=key,
            acronym=key.upper(),
            name=f"Partido {parties - order} de {seed}",
            kind="partido",
            ballot_order=order % 3,
        )
    places = [
        TerritoryKey(*key)
        for key in Territory.objects.filter(kind="municipio", entity_code="05").values_list(
            "entity_code", "kind", "key"
        )
    ]
    seats = product(range(1, 100), ("propietaria", "suplente"), OFFICES, keys, places)
    registrations = [
        Registration(
            name=f"Persona {seed} {row}",
            office=office,
            principle="mr",
            seat_kind=seat,
            actor=party,
            territory=place,
            list_number=place_on_list,
            sex=chance.choice([*Sex.values, Sex.WOMAN, Sex.MAN, ""]),
        )
        for row, (place_on_list, seat, office, party, place) in enumerate(islice(seats, number))
    ]
    with transaction.atomic():
        writer = PageWriter(at=timezone.now() - timedelta(days=30))
        return RegisterWriter(
            process_page=process.page, writer=writer, actors={}, territories={}
        ).add(registrations)


def begin(candidacies: list[CandidacyPage], *, seed: int) -> None:
    """Put questionnaires in every state, some long ago; some drafts were saved later than that."""
    chance, now = random.Random(seed), timezone.now()
    begun = Questionnaire.objects.bulk_create(
        Questionnaire(
            candidacy=candidacy,
            kind=CURRICULAR.key,
            state=chance.choice(BEGUN),
            state_since=now - timedelta(hours=chance.randrange(1, 600)),
        )
        for candidacy in candidacies
        if chance.random() < 0.7
    )
    drafts = [one for one in begun if one.state in {S.CAPTURE, S.CORRECTION}]
    Draft.objects.bulk_create(Draft(questionnaire=one) for one in drafts)
    for one in drafts[::2]:
        saved = one.state_since - timedelta(hours=chance.randrange(0, 400))
        Draft.objects.filter(questionnaire=one).update(saved_at=saved)
    for one in chance.sample(candidacies, len(candidacies) // 20):
        CandidacyPage.objects.filter(pk=one.pk).update(
            state=CandidacyState.ENDED, end_cause=EndCause.RESIGNATION
        )


def deliver(candidacies: list[CandidacyPage], *, seed: int) -> None:
    """Begin terms of which some are over; a few were reopened, and a few have not begun."""
    chance, now = random.Random(seed + 10), timezone.now()
    for days in (3, 13, 20, 40):
        some = [one.pk for one in candidacies if chance.random() < 0.3]
        terms.begin(
            some,
            event=terms.StartEvent.ACCOUNT_DELIVERED,
            at=now - timedelta(days=days),
            by=None,
        )
    begun = list(terms.CaptureTerm.objects.filter(candidacy__in=candidacies))
    terms.Reopening.objects.bulk_create(
        terms.Reopening(
            candidacy_id=one.candidacy_id,
            until=now + timedelta(days=chance.randrange(-5, 5)),
            authorised_by="Acuerdo",
            reason="Falla",
            by_name="Ana",
        )
        for one in chance.sample(begun, len(begun) // 10)
    )


def bring_answers(candidacies: list[CandidacyPage], *, publish: bool) -> None:
    """Import answers; published, or waiting as imported."""
    version = QuestionnaireDefinition.objects.get(version="curricular-2024")
    keys = [one.pk for one in candidacies]
    with transaction.atomic():
        AnswerWriter(version=version, at=timezone.now(), publish=publish).take(
            [BroughtAnswers(key, {"propuesta_1": "Agua para todas. " * 20}) for key in keys],
            known=keys,
        )
