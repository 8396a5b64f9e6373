"""A candidacy ends: nobody can capture, approve or find it, and its page says so."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from cms.candidacies.ending import CannotChange, End, Moved, NotYours
from cms.candidacies.ending_models import StatusChange
from cms.catalogs.calendar import resignation_warning
from cms.catalogs.models import EndCause, Process, ProcessOffice
from cms.moderation.errors import SubmissionMoved
from cms.moderation.selectors import pending
from cms.moderation.services import approve_submission, reinstate
from cms.publication.ending import end_candidacies, slate_of, withdraw_slate
from cms.published.models import PublishedCandidacy
from cms.questionnaires.dossiers import NotOpenForCapture
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.services import save_draft
from tests.moderation.samples import *  # noqa: F403

DAY = date(2024, 4, 18)
CAUSES = [cause.value for cause in EndCause]


@pytest.fixture
def office_staff(db: None) -> Any:
    """An account of the internal body, which keeps the register."""
    from cms.accounts.services import create_staff

    return create_staff(
        username="instancia.uno", role="instancia_interna", password="palabra-de-prueba-7"
    )


def leave(candidacy: Any, by: Any, cause: str = "renuncia", on: date = DAY, **said: str) -> None:
    end_candidacies(candidacy_ids=[candidacy.pk], end=End(cause=cause, on=on, **said), by=by)


@pytest.mark.parametrize("cause", CAUSES)
def test_who_ends_keeps_the_register_alone(
    client: Client, make_candidacy: Any, publish: Any, office_staff: Any, cause: str
) -> None:
    stays, gone = make_candidacy(name="Ana Lira"), make_candidacy(name="Berta Mora Ruiz")
    publish(stays)
    publish(gone, propuesta_1="Acequias de cantera para el barrio.")
    before = PublishedCandidacy.objects.get(pk=gone.pk)
    leave(gone, office_staff, cause)

    row = PublishedCandidacy.objects.get(pk=gone.pk)
    assert (row.state, row.end_cause, row.ended_on) == ("baja", cause, DAY)
    assert (row.answers, row.contacts, row.photo, row.facet_values) == ([], [], "", {})
    assert row.version > before.version
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Acequias" not in page
    assert "18 de abril de 2024" in page
    detail = client.get(f"/api/v1/candidaturas/{gone.pk}/").json()
    assert (detail["estado"], detail["respuestas"], detail["foto"]) == ("baja", [], None)
    assert row.get_absolute_url() not in client.get("/sitemap.xml").content.decode()


def test_an_end_closes_the_review_and_the_capture(
    submission: Any, party: Any, validator: Any, office_staff: Any
) -> None:
    candidacy = submission.questionnaire.candidacy
    leave(candidacy, office_staff)

    assert list(pending(validator)) == []
    with pytest.raises(SubmissionMoved):
        approve_submission(submission_id=submission.pk, seal=submission.seal, validator=validator)
    with pytest.raises(NotOpenForCapture):
        save_draft(candidacy=candidacy, kind=CURRICULAR, changes={}, version=None, user=party)
    assert submission.questionnaire.page.workflow_states.active().count() == 0


def test_an_end_by_mistake_is_undone_with_its_review(
    submission: Any, validator: Any, office_staff: Any
) -> None:
    candidacy = submission.questionnaire.candidacy
    leave(candidacy, office_staff)
    with pytest.raises(CannotChange):
        reinstate(candidacy_id=candidacy.pk, reason=" ", by=office_staff)
    reinstate(candidacy_id=candidacy.pk, reason="Era otra candidatura.", by=office_staff)

    candidacy.refresh_from_db()
    assert (candidacy.state, candidacy.end_cause, candidacy.ended_on) == ("activa", "", None)
    assert [one.change for one in candidacy.status_changes.all()] == ["reversion", "baja"]
    assert approve_submission(
        submission_id=submission.pk, seal=submission.seal, validator=validator
    )
    assert PublishedCandidacy.objects.get(pk=candidacy.pk).answers
    with pytest.raises(Moved):
        reinstate(candidacy_id=candidacy.pk, reason="Otra vez.", by=office_staff)


def test_what_was_published_returns_with_the_candidacy(
    make_candidacy: Any, publish: Any, office_staff: Any
) -> None:
    candidacy = make_candidacy()
    publish(candidacy)
    before = PublishedCandidacy.objects.get(pk=candidacy.pk)
    leave(candidacy, office_staff)
    reinstate(candidacy_id=candidacy.pk, reason="Error de captura.", by=office_staff)
    after = PublishedCandidacy.objects.get(pk=candidacy.pk)
    assert (after.answers, after.published_at) == (before.answers, before.published_at)


def test_nobody_ends_twice_and_the_second_is_told_who_came_first(
    make_candidacy: Any, office_staff: Any
) -> None:
    candidacy = make_candidacy()
    leave(candidacy, office_staff)
    with pytest.raises(Moved, match=r"instancia\.uno ya dio de baja"):
        leave(candidacy, office_staff, "fallecimiento")
    candidacy.refresh_from_db()
    assert candidacy.end_cause == "renuncia"
    assert StatusChange.objects.count() == 1


@pytest.mark.parametrize("role", ["revision_curricular", "consulta", "comunicacion"])
def test_only_who_keeps_the_register_ends(make_candidacy: Any, role: str) -> None:
    from cms.accounts.services import create_staff

    other = create_staff(username=f"cuenta.{role}", role=role, password="palabra-de-prueba-8")
    candidacy = make_candidacy()
    with pytest.raises(NotYours):
        leave(candidacy, other)
    candidacy.refresh_from_db()
    assert candidacy.state == "activa"


@pytest.mark.parametrize(
    ("cause", "on", "field"),
    [
        ("abandono", DAY, "cause"),
        ("renuncia", timezone.localdate() + timedelta(days=1), "on"),
        ("renuncia", date(2014, 4, 18), "on"),
    ],
)
def test_an_impossible_end_is_refused(
    make_candidacy: Any, office_staff: Any, cause: str, on: date, field: str
) -> None:
    with pytest.raises(CannotChange) as refused:
        leave(make_candidacy(), office_staff, cause, on)
    assert refused.value.field == field


@pytest.mark.parametrize(("before", "warns"), [(31, False), (30, True), (29, True), (1, True)])
def test_the_limit_of_resignations_warns(process: Process, before: int, warns: bool) -> None:
    assert process.election_date is not None
    on = process.election_date - timedelta(days=before)
    assert (resignation_warning(process, on) is not None) is warns


def test_the_council_decides_beyond_the_limit(make_candidacy: Any, office_staff: Any) -> None:
    candidacy, late = make_candidacy(), date(2024, 5, 20)
    with pytest.raises(CannotChange) as refused:
        leave(candidacy, office_staff, on=late)
    assert refused.value.field == "agreement"
    leave(candidacy, office_staff, on=late, agreement="IEC/CG/150/2024")
    [change] = candidacy.status_changes.all()
    assert (change.beyond_limit, change.agreement) == (True, "IEC/CG/150/2024")
    # Of a death the law says nothing.
    leave(make_candidacy(name="Rita Sosa"), office_staff, "fallecimiento", late)


def test_a_whole_slate_ends_at_once_as_it_was_seen(
    make_candidacy: Any, other_actor: Any, office_staff: Any
) -> None:
    one = make_candidacy()
    two = make_candidacy(name="Luz Rey", office="regiduria", list_number=1)
    rival = make_candidacy(name="Inés Paz", actor=other_actor)
    elsewhere = make_candidacy(name="Olga Luna", cvegeo="05030")
    seen = [page.pk for page in slate_of(one)]
    assert set(seen) == {one.pk, two.pk}
    end = End("cancelacion", DAY, agreement="IEC/CG/151/2024")
    with pytest.raises(Moved):
        withdraw_slate(candidacy=one, seen=seen[:1], end=end, by=office_staff)
    withdraw_slate(candidacy=one, seen=seen, end=end, by=office_staff)
    ended = PublishedCandidacy.objects.filter(state="baja").values_list("pk", flat=True)
    assert set(ended) == {one.pk, two.pk}
    assert {rival.pk, elsewhere.pk} <= set(
        PublishedCandidacy.objects.filter(state="activa").values_list("pk", flat=True)
    )


def test_silence_holds_no_end_back(
    client: Client, make_candidacy: Any, publish: Any, office_staff: Any
) -> None:
    candidacy, now = make_candidacy(), timezone.now()
    publish(candidacy)
    ProcessOffice.objects.update(
        frozen_from=now - timedelta(hours=1), frozen_until=now + timedelta(hours=1)
    )
    leave(candidacy, office_staff, "fallecimiento")
    total = client.get("/api/v1/candidaturas/").json()["total"]
    assert total == 0


@pytest.mark.parametrize(
    "statement",
    [
        "update candidacies_statuschange set cause = 'fallecimiento'",
        "delete from candidacies_statuschange",
    ],
)
def test_the_database_keeps_what_happened(
    make_candidacy: Callable[..., Any], office_staff: Any, statement: str
) -> None:
    leave(make_candidacy(), office_staff)
    with (
        pytest.raises(ProgrammingError, match="never"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    office_staff.delete()
    assert StatusChange.objects.get().by_name == "instancia.uno"
