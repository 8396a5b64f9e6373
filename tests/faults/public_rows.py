"""Public rows for the tests of the search server: candidacies whose answers speak of water.

They are written as `cms.publication` writes them: those who listen are told in the transaction.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from cms.candidacies.models import CandidacyPage
from cms.candidacies.services import register_candidacy
from cms.catalogs.models import Office, PortalSettings, ProcessOffice, Territory
from cms.publication.services import write_published
from cms.published.models import PublishedCandidacy
from cms.questionnaires.bulk_answers import AnswerWriter, BroughtAnswers
from cms.questionnaires.models import QuestionnaireDefinition
from tests.faults.scene import ANSWERS, process_and_actor

AGE, CHANGED_AGE = 39, 55


@transaction.atomic
def register(count: int) -> list[int]:
    """Register `count` candidacies with their answers, in the current process; return their ids."""
    process, actor = process_and_actor()
    office = Office.objects.get(code="regiduria")
    since = {"visible_from": timezone.now() - timedelta(days=1)}
    ProcessOffice.objects.update_or_create(process=process, office=office, defaults=since)
    portal = PortalSettings.load()
    portal.current_process = process
    portal.save()
    territory = Territory.objects.get(cvegeo="05033")
    ids = [
        register_candidacy(
            process=process,
            territory=territory,
            office=office,
            actor=actor,
            name=f"Persona Ficticia {number}",
            seat_kind="propietaria",
            list_number=number + 1,
            sex="mujer",
            age=AGE,
        ).pk
        for number in range(count)
    ]
    answers = {key: value for key, value in ANSWERS.items() if key != "correo_aclaraciones"}
    version = QuestionnaireDefinition.objects.get(version="curricular-2024")
    brought = [BroughtAnswers(pk, answers) for pk in ids]
    AnswerWriter(version=version, at=timezone.now(), publish=True).take(brought, known=ids)
    return ids


@transaction.atomic
def publish(ids: Sequence[int]) -> None:
    """Make the public rows what they are before each test, and have no job wait."""
    CandidacyPage.objects.filter(pk__in=ids).update(age=AGE)
    PublishedCandidacy.objects.all().delete()
    write_published(candidacy_ids=ids)
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs cascade")


@transaction.atomic
def change(ids: Sequence[int]) -> None:
    """Correct the age of candidacies."""
    CandidacyPage.objects.filter(pk__in=ids).update(age=CHANGED_AGE)
    write_published(candidacy_ids=ids)


@transaction.atomic
def withdraw(ids: Sequence[int]) -> None:
    """Take candidacies out of what is public."""
    PublishedCandidacy.objects.filter(pk__in=ids).delete()
