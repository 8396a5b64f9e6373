"""The list of candidacies of the admin: who may read it, what it finds, and where it leads."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.accounts.models import Role
from cms.accounts.services import create_staff
from cms.candidacies.models import CandidacyPage
from cms.candidacies.services import register_candidacy
from cms.catalogs.models import Office, PoliticalActor, ProcessOffice, Territory

pytestmark = pytest.mark.django_db
LIST = reverse("register:index")
QUERIES = 21


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(create_staff(username="innova.uno", role=Role.ADMINISTRATOR))
    return client


def registered(process: Any, name: str) -> CandidacyPage:
    """Somebody who stands in a process for the presidency of San Pedro, alone."""
    actor = PoliticalActor.objects.create(process=process, key="pn", name="Partido del Norte")
    return register_candidacy(
        process=process,
        territory=Territory.objects.get(cvegeo="05033"),
        office=Office.objects.get(code="presidencia_municipal"),
        actor=actor,
        name=name,
        seat_kind="propietaria",
        sex="mujer",
        age=40,
        list_number=None,
        principle="mr",
    )


def names(client: Client, **parameters: Any) -> list[str]:
    page = client.get(LIST, parameters)
    assert page.status_code == 200
    return [row.name for row in page.context["object_list"]]


def test_a_name_is_found_without_its_accents_and_in_capitals(
    administrator: Client, make_candidacy: Any
) -> None:
    make_candidacy(name="Óscar Núñez Peña")
    make_candidacy(name="Rita Sotol Biznaga", office="sindicatura")

    assert names(administrator, q="NUNEZ oscar") == ["Óscar Núñez Peña"]


def test_the_list_says_how_many_there_are(administrator: Client, make_candidacy: Any) -> None:
    make_candidacy(name="Óscar Núñez Peña")
    assert "1 candidatura<" in administrator.get(LIST).content.decode()
    make_candidacy(name="Rita Sotol Biznaga", office="sindicatura")
    assert "2 candidaturas<" in administrator.get(LIST).content.decode()


def test_the_list_is_narrowed_by_office_actor_and_state(
    administrator: Client, make_candidacy: Any, other_actor: Any, publish: Any
) -> None:
    ours = make_candidacy(name="Óscar Núñez Peña")
    theirs = make_candidacy(name="Rita Sotol Biznaga", office="sindicatura", actor=other_actor)
    publish(ours)

    assert names(administrator, office=theirs.office_id) == [theirs.name]
    assert names(administrator, actor=ours.actor_id) == [ours.name]
    assert names(administrator, territory=ours.territory_id) == [ours.name, theirs.name]
    assert names(administrator, questionnaire="publicado") == [ours.name]
    assert names(administrator, questionnaire="sin_captura") == [theirs.name]
    assert names(administrator, state="baja") == []


def test_a_process_shows_only_its_own_candidacies_and_actors(
    administrator: Client, process: Any, make_candidacy: Any
) -> None:
    from cms.candidacies.services import ensure_process

    ours = make_candidacy()
    later = ensure_process(slug="pel-2027", name="Proceso 2027").process
    registered(later, "Lidia Huizache Yuca")

    page = administrator.get(LIST, {"process": process.pk})

    assert [row.name for row in page.context["object_list"]] == [ours.name]
    actors = page.context["filters"].form.fields["actor"].queryset
    assert [row.pk for row in actors] == [ours.actor_id]
    assert sorted(names(administrator)) == sorted(["Lidia Huizache Yuca", ours.name])


def test_a_row_leads_to_the_public_page_or_says_from_when_there_is_one(
    administrator: Client, make_candidacy: Any
) -> None:
    candidacy = make_candidacy()
    window = ProcessOffice.objects.filter(process=candidacy.process_id, office=candidacy.office_id)

    assert f'href="{candidacy.public_path()}"' in administrator.get(LIST).content.decode()

    window.update(visible_from=timezone.now() + timedelta(days=3))
    page = administrator.get(LIST).content.decode()
    assert "Desde el " in page
    assert candidacy.public_path() not in page

    window.update(visible_from=None)
    assert "Sin fecha de publicación" in administrator.get(LIST).content.decode()


def test_the_people_of_a_rehearsal_that_is_not_current_have_no_public_page(
    administrator: Client, process: Any
) -> None:
    from cms.candidacies.services import ensure_process
    from cms.catalogs.models import PortalSettings, Process

    Process.objects.create(slug="ensayo", name="Ensayo", fictitious=True, rehearsal_of=process)
    rehearsal = ensure_process(slug="ensayo", name="Ensayo").process
    office = Office.objects.get(code="presidencia_municipal")
    ProcessOffice.objects.create(
        process=rehearsal, office=office, visible_from=timezone.now() - timedelta(days=1)
    )
    candidacy = registered(rehearsal, "Lidia Huizache Yuca")

    page = administrator.get(LIST).content.decode()
    assert "No se ve: es un ensayo" in page
    assert candidacy.public_path() not in page

    PortalSettings.objects.update(current_process=rehearsal)
    assert candidacy.public_path() in administrator.get(LIST).content.decode()


def test_a_candidacy_tells_what_was_sent_and_decided_but_no_answer(
    administrator: Client, submission: Any, validator: Any
) -> None:
    from cms.moderation.services import approve_submission

    approve_submission(submission_id=submission.pk, seal=submission.seal, validator=validator)
    candidacy = submission.questionnaire.candidacy

    page = administrator.get(reverse("register:candidacy", args=[candidacy.pk])).content.decode()

    assert "Cuestionario curricular: publicado" in page
    assert "Aprobó el envío 1" in page
    assert "Agua potable segura" not in page
    assert "Abrir el envío" not in page


def test_a_reviewer_reads_only_the_candidacies_that_sent_something_and_opens_them(
    client: Client, submission: Any, validator: Any, make_candidacy: Any
) -> None:
    silent = make_candidacy(name="Rita Sotol Biznaga", office="sindicatura")
    client.force_login(validator)
    candidacy = submission.questionnaire.candidacy

    assert names(client) == [candidacy.name]
    page = client.get(reverse("register:candidacy", args=[candidacy.pk])).content.decode()
    assert reverse("moderation:review", args=[submission.pk]) in page
    assert client.get(reverse("register:candidacy", args=[silent.pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.COMMUNICATION, Role.OBSERVER])
def test_other_roles_have_no_list_of_candidacies(
    client: Client, make_candidacy: Any, role: str
) -> None:
    candidacy = make_candidacy()
    client.force_login(create_staff(username="persona.uno", role=role))

    for address in (LIST, reverse("register:candidacy", args=[candidacy.pk])):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"] == "/admin/"
    assert "Candidaturas" not in client.get("/admin/").content.decode()


def test_a_longer_list_asks_no_more_of_the_database(
    administrator: Client, make_candidacy: Any, django_assert_num_queries: Any
) -> None:
    make_candidacy(name="Óscar Núñez Peña")
    administrator.get(LIST)
    with django_assert_num_queries(QUERIES):
        administrator.get(LIST)
    for number in range(12):
        name = f"Rita Sotol {chr(97 + number)}"
        make_candidacy(name=name, office="regiduria", list_number=number + 1)
    with django_assert_num_queries(QUERIES):
        assert len(names(administrator)) == 13
    assert CandidacyPage.objects.count() == 13


@pytest.mark.parametrize("typed", ["\u202e", "a" * 1500, "' or 1=1", "%_"])
def test_any_text_may_be_searched(administrator: Client, make_candidacy: Any, typed: str) -> None:
    make_candidacy()
    assert administrator.get(LIST, {"q": typed, "process": typed}).status_code == 200
