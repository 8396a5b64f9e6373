"""A rehearsal: a copy of a process with people who do not exist, to try its calendar."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from cms.accounts.models import User
from cms.accounts.services import create_liaison, create_staff
from cms.candidacies.models import CandidacyPage, Person
from cms.candidacies.services import give_own_account
from cms.catalogs import contests
from cms.catalogs.current_process import make_current
from cms.catalogs.models import PoliticalActor, Process, ProcessOffice
from cms.demo import rehearsal_people, rehearsal_removal, rehearsals, tasks
from cms.demo.models import RehearsalState, RehearsalWork
from cms.demo.rehearsal_people import answers_of, roster
from cms.demo.rehearsals import RehearsalRefused, make_rehearsal, remove_rehearsal
from cms.imports import uploads
from cms.imports.models import Kind, State, Upload
from cms.moderation.models import Reason
from cms.moderation.services import ObservationInput, return_submission
from cms.notifications.models import Notification
from cms.published.models import PublishedCandidacy
from cms.questionnaires.answers import problems
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import DefinitionChange, Photograph, Submission
from cms.questionnaires.selectors import definition_for
from tests.moderation.samples import accept_notice_in_force, send
from tests.security.walk import digests

pytestmark = pytest.mark.django_db
ELECTION = timezone.localdate() + timedelta(days=30)


@pytest.fixture
def administrator(db: None) -> Any:
    return create_staff(username="innovacion", role="administracion")


@pytest.fixture
def whole(process: Process, actor: Any, other_actor: Any, superuser: Any) -> Process:
    """The process of Coahuila 2024 with its dates, contests, two parties and their coalition."""
    process.entity_code, process.closes_on = "05", date(2024, 9, 30)
    process.save()
    moment = datetime(2024, 4, 2, 9, tzinfo=timezone.get_default_timezone())
    for office in process.offices.all():
        office.visible_from = moment
        office.campaign_from, office.campaign_until = date(2024, 4, 2), date(2024, 5, 29)
        office.save()
        contests.take_municipalities(process_office=office, by=superuser)
    PoliticalActor.objects.create(
        process=process,
        key="alianza",
        acronym="PD-PX",
        name="Alianza",
        kind="coalicion",
        members=["PD", "PX"],
        ballot_order=3,
    )
    return process


@pytest.fixture
def rehearsal(whole: Process, administrator: Any) -> Process:
    """Its rehearsal, with the people made."""
    made = make_rehearsal(of=whole, election_date=ELECTION, people=3, by=administrator)
    tasks.make_people(made.pk)
    return made


def removed(process: Process, by: Any) -> None:
    remove_rehearsal(process=process, typed=process.name, by=by)
    tasks.remove_rehearsal(process.pk)


def test_it_has_the_same_offices_contests_actors_and_questions(
    whole: Process, rehearsal: Process
) -> None:
    assert (rehearsal.name, rehearsal.slug) == (
        "Ensayo: Proceso Electoral Local 2024",
        "ensayo-pel-2024",
    )
    assert rehearsal.fictitious
    assert rehearsal.entity_code == "05"

    def contests_of(process: Process) -> set[Any]:
        rows = process.offices.values_list("office", "contests__territory", "contests__seats")
        return set(rows)

    assert len(contests_of(rehearsal)) == 38 * 3
    assert contests_of(rehearsal) == contests_of(whole)
    columns = ("key", "acronym", "name", "kind", "members", "ballot_order", "color")
    assert list(rehearsal.actors.values_list(*columns)) == list(whole.actors.values_list(*columns))
    asked = rehearsal.questionnaires.get()
    assert asked.definition == whole.questionnaires.get().definition
    assert DefinitionChange.objects.count() == 0


def test_every_date_moves_with_the_election(rehearsal: Process) -> None:
    days = (ELECTION - date(2024, 6, 2)).days
    assert rehearsal.election_date == ELECTION
    assert rehearsal.closes_on == date(2024, 9, 30) + timedelta(days=days)
    for office in rehearsal.offices.all():
        office.full_clean()
        assert office.campaign_from == date(2024, 4, 2) + timedelta(days=days)
        begins = timezone.localtime(office.visible_from)
        assert begins.date() == date(2024, 4, 2) + timedelta(days=days)
        assert begins.hour == 9
        assert office.public_until is None


def test_without_an_election_from_which_to_count_the_other_dates_stay_empty(
    whole: Process, administrator: Any
) -> None:
    Process.objects.filter(pk=whole.pk).update(election_date=None)
    made = make_rehearsal(of=whole, election_date=ELECTION, people=1, by=administrator)
    assert made.closes_on is None
    assert set(made.offices.values_list("visible_from", flat=True)) == {None}


def test_its_people_are_invented_spread_over_actors_and_cannot_be_written_to(
    whole: Process, rehearsal: Process
) -> None:
    rows = CandidacyPage.objects.filter(process=rehearsal)
    work = rehearsal.rehearsal_work
    work.refresh_from_db()
    assert (work.state, work.done, work.total) == (RehearsalState.MADE, 342, 342)
    assert rows.count() == 342
    # The party that stands in the coalition does not stand beside it.
    assert set(rows.values_list("actor__key", flat=True)) == {"ps", "alianza"}
    people = Person.objects.filter(pk__in=rows.values("person"))
    assert set(people.values_list("email", "telephone", "clarification_email")) == {("", "", "")}
    mayors = rows.filter(office__code="presidencia_municipal", territory__slug="torreon")
    assert sorted(mayors.values_list("seat_kind", "list_number")) == [
        ("propietaria", None),
        ("propietaria", None),
        ("suplente", None),
    ]
    written = PublishedCandidacy.objects.filter(process=rehearsal)
    assert written.count() == 342
    informed = written.exclude(published_at=None).count()
    assert 0.7 < informed / 342 < 0.8


def test_their_answers_comply_with_what_the_process_asks(rehearsal: Process) -> None:
    definition = definition_for(process=rehearsal, kind=CURRICULAR).definition
    for one in list(roster(rehearsal, 3))[:40]:
        wrong = problems(definition, answers_of(one, definition))
        # The photograph, and what only the institute reads, are not brought.
        left = {problem.question for problem in wrong}
        assert left <= {"fotografia", "correo_aclaraciones"}, (one.seed, wrong)


def test_a_job_that_is_killed_goes_on_where_it_was(whole: Process, administrator: Any) -> None:
    made = make_rehearsal(of=whole, election_date=ELECTION, people=3, by=administrator)
    assert rehearsal_people.make_some(made.pk)
    with transaction.atomic():
        rehearsal_people.make_some(made.pk)
        transaction.set_rollback(True)
    assert CandidacyPage.objects.filter(process=made).count() == 200
    tasks.make_people(made.pk)
    tasks.make_people(made.pk)
    assert CandidacyPage.objects.filter(process=made).count() == 342
    names = PublishedCandidacy.objects.filter(process=made).values_list("name", flat=True)
    assert len(set(names)) == 342


def test_the_public_sees_it_only_while_it_is_the_current_process(
    client: Client, whole: Process, rehearsal: Process, administrator: Any
) -> None:
    ProcessOffice.objects.filter(process=rehearsal).update(visible_from=timezone.now())
    row = PublishedCandidacy.objects.filter(process=rehearsal).exclude(published_at=None)[0]
    slug = rehearsal.slug
    paths = {
        row.get_absolute_url(): 404,
        f"/municipios/torreon/?proceso={slug}": 404,
        f"/buscar/?proceso={slug}": 400,
        f"/api/v1/candidaturas/{row.pk}/": 404,
        f"/api/v1/candidaturas/?proceso={slug}": 400,
        f"/api/v1/municipios/?proceso={slug}": 400,
        f"/api/v1/sugerencias/?q=torr&proceso={slug}": 400,
    }
    for path, status in paths.items():
        assert client.get(path).status_code == status, path
    assert slug not in client.get("/api/v1/procesos/").content.decode()
    found = client.get("/buscar/?q=" + row.name).content.decode()
    assert row.get_absolute_url() not in found

    make_current(process=rehearsal, instead_of=whole.pk, by=administrator)
    for path in paths:
        assert client.get(path).status_code == 200, path
    for path in ("/", "/municipios/", "/municipios/torreon/", row.get_absolute_url(), "/buscar/"):
        html = client.get(path).content.decode()
        assert "<strong>Ensayo.</strong>" in html, path
        assert '<meta name="robots" content="noindex">' in html, path
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "/candidaturas/" not in sitemap
    assert "/municipios/torreon/" not in sitemap

    make_current(process=whole, instead_of=rehearsal.pk, by=administrator)
    for path, status in paths.items():
        assert client.get(path).status_code == status, path
    assert 'content="noindex"' not in client.get("/").content.decode()


def test_without_a_chosen_process_a_rehearsal_never_stands_in(
    client: Client, whole: Process, rehearsal: Process
) -> None:
    from cms.catalogs.models import PortalSettings

    PortalSettings.objects.update(current_process=None)
    assert rehearsal.election_date == ELECTION > date(2024, 6, 2)
    html = client.get("/").content.decode()
    assert "Proceso Electoral Local 2024" in html
    assert "Ensayo" not in html


def captured(rehearsal: Process, answers: dict[str, Any], validator: Any) -> Submission:
    """A submission of the rehearsal that was returned with an observation."""
    made = rehearsal.actors.get(key="ps")
    liaison = create_liaison(username="enlace.ensayo", actors=[made], password="palabra-larga-9")
    liaison.email = "enlace@partido.example"
    liaison.save()
    accept_notice_in_force(liaison)
    silent = CandidacyPage.objects.filter(process=rehearsal, actor=made, questionnaires=None)
    submission: Submission = send(silent[0], answers, liaison)
    return_submission(
        submission_id=submission.pk,
        seal=submission.seal,
        validator=validator,
        observations=[
            ObservationInput(question="propuesta_1", reason=Reason.INCOMPLETE, text="Falta algo.")
        ],
    )
    return submission


def test_what_is_decided_in_it_is_told_to_nobody(
    rehearsal: Process, complete_answers: Any, validator: Any
) -> None:
    captured(rehearsal, complete_answers, validator)
    assert not Notification.objects.exists()
    assert mail.outbox == []


@pytest.fixture
def with_everything(
    whole: Process, make_candidacy: Any, publish: Any, administrator: Any
) -> dict[str, str]:
    """The process with a candidacy, as every table was before there was any rehearsal."""
    publish(make_candidacy())
    return digests(set(connection.introspection.table_names()) - PASSING)


# Evidence of what people did, background work, and what sequences or versions leave behind.
PASSING = {
    "wagtailcore_modellogentry",
    "published_versions",
    "accounts_user",
    "accounts_actorscope",
    "privacy_noticeacceptance",
    "django_session",
    "published_version",
    "search_publicword",
    "search_publicwordsread",
    "accounts_user_groups",
}


def test_its_removal_leaves_nothing_and_touches_nothing_else(
    with_everything: dict[str, str],
    whole: Process,
    administrator: Any,
    complete_answers: Any,
    validator: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    made = make_rehearsal(of=whole, election_date=ELECTION, people=3, by=administrator)
    tasks.make_people(made.pk)
    submission = captured(made, complete_answers, validator)
    own = give_own_account(
        candidacy=submission.questionnaire.candidacy, username="candidatura-ensayo", by=None
    )
    photograph = Photograph.objects.get(questionnaire=submission.questionnaire)
    stored = uploads.files().save("11111111-1111-4111-8111-111111111111", ContentFile(b"x"))
    Upload.objects.create(
        process=made,
        kind=Kind.REGISTER,
        stored=stored,
        name="a.xlsx",
        sha256="a" * 64,
        size=1,
        state=State.WRONG,
    )
    with django_capture_on_commit_callbacks(execute=True):
        removed(made, administrator)
    after = digests(set(with_everything))
    changed = {table for table, digest in with_everything.items() if after[table] != digest}
    changed = {table for table in changed if not table.startswith("procrastinate_")}
    # What was done to accounts is kept for ever.
    assert changed <= {"published_versions", "accounts_accountevent"}, changed
    assert not Process.objects.filter(pk=made.pk).exists()
    assert not User.objects.filter(pk=own.pk).exists()
    assert not uploads.files().exists(stored)
    assert not photograph_files(photograph)
    assert Process.objects.get(pk=whole.pk).actors.count() == 3


def photograph_files(photograph: Photograph) -> bool:
    from django.core.files.storage import storages

    return bool(storages["photographs"].exists(f"{photograph.pk}.jpg"))


def test_a_removal_that_is_killed_goes_on_where_it_was(
    rehearsal: Process, administrator: Any
) -> None:
    remove_rehearsal(process=rehearsal, typed=rehearsal.name, by=administrator)
    assert rehearsal_removal.remove_some(rehearsal.pk)
    assert CandidacyPage.objects.filter(process=rehearsal).count() == 142
    remove_rehearsal(process=rehearsal, typed="", by=administrator)
    tasks.remove_rehearsal(rehearsal.pk)
    assert not Process.objects.filter(pk=rehearsal.pk).exists()


def test_no_other_process_can_be_removed_by_any_way(
    whole: Process,
    rehearsal: Process,
    administrator: Any,
    make_candidacy: Any,
    liaison: Any,
    complete_answers: Any,
) -> None:
    with pytest.raises(RehearsalRefused, match="Solo se quita un ensayo"):
        remove_rehearsal(process=whole, typed=whole.name, by=administrator)
    Process.objects.filter(pk=whole.pk).update(fictitious=True)
    RehearsalWork.objects.create(process=whole, people=1, state=RehearsalState.REMOVING)
    tasks.remove_rehearsal(whole.pk)
    assert Process.objects.filter(pk=whole.pk).exists()
    accept_notice_in_force(liaison)
    sealed = send(make_candidacy(), complete_answers, liaison)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        Submission.objects.filter(pk=sealed.pk).delete()
    with pytest.raises(DatabaseError, match="from its beginning"), transaction.atomic():
        Process.objects.filter(pk=whole.pk).update(rehearsal_of=rehearsal)


def test_the_current_one_is_not_removed_nor_one_whose_name_is_mistyped(
    whole: Process, rehearsal: Process, administrator: Any
) -> None:
    with pytest.raises(RehearsalRefused, match="El nombre no es"):
        remove_rehearsal(process=rehearsal, typed="ensayo", by=administrator)
    make_current(process=rehearsal, instead_of=whole.pk, by=administrator)
    with pytest.raises(RehearsalRefused, match="haz vigente otro proceso"):
        remove_rehearsal(process=rehearsal, typed=rehearsal.name, by=administrator)
    make_current(process=whole, instead_of=rehearsal.pk, by=administrator)
    remove_rehearsal(process=rehearsal, typed=f" {rehearsal.name.upper()} ", by=administrator)
    make_current(process=rehearsal, instead_of=whole.pk, by=administrator)
    tasks.remove_rehearsal(rehearsal.pk)
    assert CandidacyPage.objects.filter(process=rehearsal).count() == 342


@pytest.mark.parametrize(
    ("people", "why"),
    [(0, "de 1 a 20"), (21, "de 1 a 20"), (-1, "de 1 a 20")],
)
def test_its_size_is_bounded(whole: Process, administrator: Any, people: int, why: str) -> None:
    with pytest.raises(RehearsalRefused, match=why):
        make_rehearsal(of=whole, election_date=ELECTION, people=people, by=administrator)


def test_what_cannot_be_rehearsed_is_refused_in_words(
    process: Process, whole: Process, administrator: Any, validator: Any, monkeypatch: Any
) -> None:
    def make(of: Process, by: Any = administrator) -> Process:
        return make_rehearsal(of=of, election_date=ELECTION, people=2, by=by)

    bare = Process.objects.create(slug="pel-2027", name="Otro")
    with pytest.raises(RehearsalRefused, match="no tiene actores"):
        make(bare)
    PoliticalActor.objects.create(process=bare, key="x", name="X", kind="partido")
    with pytest.raises(RehearsalRefused, match="no tiene elecciones"):
        make(bare)
    with pytest.raises(PermissionDenied):
        make(whole, by=validator)
    monkeypatch.setattr(rehearsals, "MOST_IN_ALL", 150)
    with pytest.raises(RehearsalRefused, match="Con 114 elecciones caben de 1 a 1 personas"):
        make(whole)
    monkeypatch.undo()
    made = make(whole)
    with pytest.raises(RehearsalRefused, match="Ya hay un ensayo"):
        make(whole)
    with pytest.raises(RehearsalRefused, match="Un ensayo no se copia"):
        make(made)


# -- screens --------------------------------------------------------------------------------------


def test_it_is_made_followed_and_removed_on_the_screen(
    client: Client, whole: Process, administrator: Any
) -> None:
    client.force_login(administrator)
    steps = f"/admin/procesos/{whole.pk}/preparar/"
    new = f"/admin/ensayos/{whole.pk}/nuevo/"
    assert f'href="{new}"' in client.get(steps).content.decode()
    form = client.get(new).content.decode()
    assert "personas y textos inventados" in form

    wrong = client.post(new, {"election_date": "2999-01-01", "people": "1000"})
    assert wrong.status_code == 422
    assert "Escribe un día entre" in wrong.content.decode()
    assert 'value="1000"' in wrong.content.decode()
    typed = {"election_date": ELECTION.isoformat(), "people": "1"}
    sent = client.post(new, typed)
    again = client.post(new, typed)
    assert again.status_code == 409
    assert "Ya hay un ensayo de este proceso" in again.content.decode()

    made = Process.objects.get(rehearsal_of=whole)
    detail = f"/admin/ensayos/{made.pk}/"
    assert sent.headers["Location"] == detail
    assert "0 de 114 candidaturas" in client.get(detail).content.decode()
    assert client.get(f"{detail}avance/").headers["X-Done"] == "0"
    tasks.make_people(made.pk)
    assert client.get(f"{detail}avance/").headers["X-Done"] == "1"
    assert "Tiene 114 candidaturas." in client.get(detail).content.decode()
    assert "Ver el ensayo" in client.get(steps).content.decode()
    assert (
        "ensayo de «Proceso Electoral Local 2024»"
        in client.get(f"/admin/procesos/{made.pk}/preparar/").content.decode()
    )

    refused = client.post(f"{detail}quitar/", {"name": "otro"})
    assert refused.status_code == 409
    assert "El nombre no es el del ensayo" in refused.content.decode()
    assert client.post(f"{detail}quitar/", {"name": ""}).status_code == 422
    sent = client.post(f"{detail}quitar/", {"name": made.name})
    assert sent.headers["Location"] == steps
    assert "se está quitando" in client.get(steps).content.decode()
    tasks.remove_rehearsal(made.pk)
    assert client.get(detail).status_code == 404
    assert "Hacer un ensayo" in client.get(steps).content.decode()
    history = client.get(f"/admin/process/history/{whole.pk}/").content.decode()
    assert "Hizo el ensayo" in history
    assert "Quitó el ensayo" in history


def test_only_those_who_administer_make_or_remove_one(client: Client, rehearsal: Process) -> None:
    for role in ("comunicacion", "consulta", "instancia_interna", "revision_curricular"):
        client.force_login(create_staff(username=role, role=role))
        for path in ("nuevo/", "quitar/", "", "avance/"):
            answer = client.get(f"/admin/ensayos/{rehearsal.pk}/{path}")
            assert answer.status_code == 302, (role, path)
    real = rehearsal.rehearsal_of
    client.force_login(create_staff(username="innova", role="administracion"))
    assert client.get(f"/admin/ensayos/{real.pk}/quitar/").status_code == 404
    assert client.post(f"/admin/ensayos/{real.pk}/quitar/", {"name": real.name}).status_code == 404
