"""Corrections of the register: with reason and history; a former name is kept nowhere."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from cms.candidacies.corrections import Correction
from cms.candidacies.ending import CannotChange, End, Moved, NotYours
from cms.candidacies.ending_models import RegistrationCorrection
from cms.candidacies.models import CandidacyPage
from cms.imports.models import Kind, Upload
from cms.moderation.services import correct
from cms.publication.ending import end_candidacies, reinstate
from cms.published.models import PublishedCandidacy
from tests.candidacies.test_ending import office_staff
from tests.moderation.samples import *  # noqa: F403

__all__ = ["office_staff"]

MISTAKE = Correction("error", "Faltaba una letra.")
IDENTITY = Correction("identidad", "", "Acta 15/2024")
API = "/api/v1/candidaturas"


def amend(
    candidacy: CandidacyPage, by: Any, correction: Correction = MISTAKE, **wanted: Any
) -> None:
    seen = CandidacyPage.objects.get(pk=candidacy.pk).latest_revision_id
    correct(candidacy_id=candidacy.pk, wanted=wanted, correction=correction, seen=seen, by=by)


def test_a_name_is_corrected_everywhere_and_the_history_says_what_it_was(
    client: Client, make_candidacy: Any, publish: Any, office_staff: Any
) -> None:
    candidacy = make_candidacy(name="Graziela Cenizo")
    publish(candidacy)
    amend(candidacy, office_staff, name="Graciela Cenizo", list_number=2)

    row = PublishedCandidacy.objects.get(pk=candidacy.pk)
    assert (row.name, row.slug, row.list_number) == ("Graciela Cenizo", "graciela-cenizo", 2)
    assert row.photo_alt == "" or "Graciela" in row.photo_alt
    page = CandidacyPage.objects.select_related("person").get(pk=candidacy.pk)
    assert (page.title, page.slug, page.person.name) == (
        "Graciela Cenizo",
        "graciela-cenizo",
        "Graciela Cenizo",
    )
    assert [child.url_path for child in page.get_children()] == [
        f"{page.url_path}cuestionario-curricular/"
    ]
    today = timezone.localdate().isoformat()
    said = client.get(f"{API}/{page.pk}/").json()["correcciones"]
    assert {(one["campo"], one["fecha"]) for one in said} == {
        ("nombre", today),
        ("numero_lista", today),
    }
    shown = client.get(row.get_absolute_url()).content.decode()
    assert "Corrección del registro.</strong> Nombre." in shown
    assert "Graziela" not in shown
    kept = RegistrationCorrection.objects.get(field="name")
    assert (kept.before, kept.after, kept.by_name) == (
        "Graziela Cenizo",
        "Graciela Cenizo",
        "instancia.uno",
    )


def test_an_old_address_leads_on_and_says_nothing(
    client: Client, make_candidacy: Any, office_staff: Any
) -> None:
    candidacy = make_candidacy(name="Mario Lirio Paz", sex="hombre")
    amend(candidacy, office_staff, IDENTITY, name="María Lirio Paz", sex="mujer")
    answers = [
        client.get(f"/candidaturas/{candidacy.pk}/{slug}/")
        for slug in ("mario-lirio-paz", "cualquier-cosa")
    ]
    said = [(one.status_code, one["Location"], one.content) for one in answers]
    assert said[0] == said[1]
    assert said[0][1] == f"/candidaturas/{candidacy.pk}/maria-lirio-paz/"


@pytest.fixture
def report(process: Any) -> Upload:
    """A file whose report names the person."""
    note = {"row": 2, "name": "Mario Lirio Paz", "candidacy": None, "reason": "Otro nombre."}
    other = {"row": 3, "name": "Mario Sauz Paz", "candidacy": None, "reason": "Otro nombre."}
    return Upload.objects.create(
        process=process,
        kind=Kind.REGISTER,
        name="registro.csv",
        sha256="0" * 64,
        size=1,
        report={"not_applied": [note, other], "warnings": ["Mario  LIRIO Paz: raro."]},
    )


def test_a_former_name_rests_nowhere_in_the_database(
    submission: Any, validator: Any, office_staff: Any, report: Upload
) -> None:
    candidacy = submission.questionnaire.candidacy
    amend(candidacy, office_staff, name="Mario Lirio Paz", nickname="El Mayito")
    reason = "Decía Mayito Mario por error."
    amend(candidacy, office_staff, Correction("error", reason), list_number=4)
    end = End("renuncia", date(2024, 4, 18), reason="Mario avisó.")
    end_candidacies(candidacy_ids=[candidacy.pk], end=end, by=office_staff)
    reinstate(candidacy_id=candidacy.pk, reason="Era otra persona.", by=office_staff)
    assert set(_tables_with("mario", "graciela", "tepozan"))

    changes = {"name": "María Lirio Paz", "nickname": "", "sex": "mujer"}
    amend(candidacy, office_staff, IDENTITY, **changes)
    assert list(_tables_with("mario", "mayito", "graciela", "tepozan")) == ["imports_upload"]
    # Somebody else, whose name is nearly the same.
    report.refresh_from_db()
    assert [one["name"] for one in report.report["not_applied"]] == [
        "(nombre que ya no se usa)",
        "Mario Sauz Paz",
    ]
    assert "Era otra persona." in [one.reason for one in candidacy.status_changes.all()]


def _tables_with(*words: str) -> Iterator[str]:
    """Every table with a row in which one of these words stands, in whatever column."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.tables"
            " where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name"
        )
        tables = [name for [name] in cursor.fetchall()]
        for table in tables:
            cursor.execute(
                f'select exists (select from "{table}" as row'
                " where conoceles_fold(to_jsonb(row)::text) ~ %s)",
                [rf"\m({'|'.join(words)})\M"],
            )
            if cursor.fetchone()[0] and table not in {"catalogs_hypocoristic"}:
                yield table


def test_a_change_of_identity_is_told_to_nobody(
    client: Client, make_candidacy: Any, office_staff: Any
) -> None:
    candidacy = make_candidacy(name="Mario Lirio Paz", sex="hombre")
    amend(candidacy, office_staff, IDENTITY, name="María Lirio Paz", sex="mujer")
    amend(candidacy, office_staff, sex="no_binario")
    assert client.get(f"{API}/{candidacy.pk}/").json()["correcciones"] == []
    [name, _sex, _later] = reversed(candidacy.corrections.order_by("-pk"))
    assert (name.before, name.after, name.agreement) == ("", "", "Acta 15/2024")


def test_every_candidacy_of_the_person_changes(make_candidacy: Any, office_staff: Any) -> None:
    one = make_candidacy(name="Mario Lirio Paz")
    two = make_candidacy(name="Mario Lirio Paz", office="regiduria", list_number=1)
    CandidacyPage.objects.filter(pk=two.pk).update(person=one.person)
    amend(one, office_staff, IDENTITY, name="María Lirio Paz")
    assert set(PublishedCandidacy.objects.values_list("name", flat=True)) == {"María Lirio Paz"}
    assert set(CandidacyPage.objects.values_list("slug", flat=True)) == {
        "maria-lirio-paz",
        "maria-lirio-paz-2",
    }


def test_of_two_people_one_wins_and_the_other_is_told(
    make_candidacy: Any, office_staff: Any
) -> None:
    candidacy = make_candidacy()
    seen = candidacy.latest_revision_id
    said = {"candidacy_id": candidacy.pk, "seen": seen, "by": office_staff}
    correct(wanted={"age": 40}, correction=MISTAKE, **said)
    with pytest.raises(Moved):
        correct(wanted={"age": 41}, correction=MISTAKE, **said)
    candidacy.refresh_from_db()
    assert candidacy.age == 40


@pytest.mark.parametrize(
    ("correction", "wanted", "field"),
    [
        (MISTAKE, {}, ""),
        (Correction("capricho", "x"), {"age": 41}, "kind"),
        (Correction("error", " "), {"age": 41}, "reason"),
        (Correction("acuerdo", "Cambió."), {"age": 41}, "agreement"),
        (IDENTITY, {"age": 41}, "kind"),
        (MISTAKE, {"name": " .-"}, "name"),
        (MISTAKE, {"sex": "otro"}, "sex"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    make_candidacy: Any, office_staff: Any, correction: Correction, wanted: Any, field: str
) -> None:
    candidacy = make_candidacy()
    with pytest.raises(CannotChange) as refused:
        amend(candidacy, office_staff, correction, **wanted)
    assert refused.value.field == field
    assert not RegistrationCorrection.objects.exists()


def test_reviewers_correct_nothing(make_candidacy: Any, validator: Any) -> None:
    with pytest.raises(NotYours):
        amend(make_candidacy(), validator, age=41)


def test_another_actor_of_the_process_moves_who_captures(
    make_candidacy: Any, other_actor: Any, other_liaison: Any, office_staff: Any
) -> None:
    from cms.candidacies.selectors import capturable_by

    candidacy = make_candidacy()
    amend(candidacy, office_staff, actor=other_actor)
    assert list(capturable_by(other_liaison)) == [candidacy]


def test_the_database_keeps_corrections(make_candidacy: Any, office_staff: Any) -> None:
    amend(make_candidacy(), office_staff, age=41)
    for statement in (
        "update candidacies_registrationcorrection set after = '99'",
        "delete from candidacies_registrationcorrection",
    ):
        with (
            pytest.raises(ProgrammingError, match="never"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
