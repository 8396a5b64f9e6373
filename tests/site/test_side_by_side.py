"""Two processes of two entities at once: nothing of one shows where the other is read or worked."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cms.accounts.services import create_liaison, create_staff
from cms.candidacies.models import CandidacyPage
from cms.candidacies.services import register_candidacy
from cms.catalogs import contests, districts
from cms.catalogs.current_process import make_current
from cms.catalogs.models import (
    Office,
    PoliticalActor,
    PortalSettings,
    Process,
    ProcessOffice,
    Territory,
)
from cms.publication.services import write_published
from cms.questionnaires.models import ProcessQuestionnaire, QuestionnaireDefinition
from tests.moderation.samples import accept_notice_in_force, send

pytestmark = pytest.mark.django_db
# A word of each process that stands nowhere else: of its place, its actor, its people, its answers.
OF_2024 = ("torreon", "Torreón", "Partido del Desierto", "Yucatanga Palma", "xilomezquite")
OF_2027 = ("abejones", "Abejones", "Partido de la Milpa", "Nopaltzin Milpa", "xilomaguey")


@dataclass
class Side:
    """A process with a candidacy that is published and one that waits for its review."""

    process: Process
    published: CandidacyPage
    sent: CandidacyPage
    words: tuple[str, ...]


@pytest.fixture
def liaison_of_both(process: Process, actor: Any, new_process: Process) -> Any:
    """One account that captures for a party of each process."""
    actors = PoliticalActor.objects.filter(process__in=[process, new_process])
    made = create_liaison(username="enlace.doble", actors=actors, password="palabra-larga-1")
    accept_notice_in_force(made)
    return made


@pytest.fixture
def new_process(process: Process, superuser: Any) -> Process:
    """The process of 2027 in Oaxaca: councils and districts, with a party of its own."""
    made = Process.objects.create(
        slug="pel-2027",
        name="Proceso Electoral Local 2027",
        entity_code="20",
        election_date=date(2027, 6, 6),
    )
    for code in ("presidencia_municipal", "diputacion_local"):
        office = ProcessOffice.objects.create(
            process=made,
            office=Office.objects.get(code=code),
            visible_from=timezone.now() - timedelta(days=1),
        )
        if code == "presidencia_municipal":
            contests.take_municipalities(process_office=office, by=superuser)
        else:
            rows = [districts.DistrictRow(5, "Nochixtlán", ("20001",))]
            districts.load_districts(process_office=office, rows=rows, by=superuser)
    PoliticalActor.objects.create(
        process=made, key="pm", acronym="PMILPA", name="Partido de la Milpa", kind="partido"
    )
    ProcessQuestionnaire.objects.create(
        process=made,
        kind="curricular",
        definition=QuestionnaireDefinition.objects.get(version="curricular-2024"),
    )
    return made


@pytest.fixture
def sides(
    process: Process,
    new_process: Process,
    actor: Any,
    liaison_of_both: Any,
    publish: Any,
    complete_answers: dict[str, Any],
) -> tuple[Side, Side]:
    """Both processes, with people."""
    process.entity_code = "05"
    process.save()

    def side(of: Process, place: Territory, words: tuple[str, ...]) -> Side:
        def stand(name: str) -> CandidacyPage:
            made = register_candidacy(
                process=of,
                territory=place,
                office=Office.objects.get(code="presidencia_municipal"),
                actor=of.actors.get(),
                name=name,
                seat_kind="propietaria",
                sex="mujer",
                age=40,
            )
            write_published(candidacy_ids=[made.pk])
            return made

        published, sent = stand(f"{words[3]} Uno"), stand(f"{words[3]} Dos")
        text = f"{complete_answers['propuesta_1']} {words[4]} agua."
        publish(published, propuesta_1=text)
        send(sent, {**complete_answers, "propuesta_1": text}, liaison_of_both)
        return Side(of, published, sent, words)

    return (
        side(process, Territory.objects.get(slug="torreon"), OF_2024),
        side(new_process, Territory.objects.get(slug="abejones"), OF_2027),
    )


@pytest.fixture(params=["2024", "2027"])
def one_and_other(request: Any, sides: tuple[Side, Side], superuser: Any) -> tuple[Side, Side]:
    """The current process and the other one, both ways round."""
    one, other = sides if request.param == "2024" else sides[::-1]
    chosen = PortalSettings.load().current_process
    make_current(process=one.process, instead_of=chosen.pk if chosen else None, by=superuser)
    return one, other


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return b"".join(answer).decode()


def says_only(text: str, one: Side, other: Side, *, where: str) -> None:
    """Some word of the one is there, and none of the other."""
    found = [
        word for word in (*other.words, other.process.name, other.process.slug) if word in text
    ]
    assert not found, (where, found)
    assert any(word in text for word in (*one.words, one.process.name)), where


PUBLIC = (
    "/",
    "/municipios/",
    "/buscar/",
    "/buscar/?q=agua",
    "/sitemap.xml",
    "/api/v1/candidaturas/",
    "/api/v1/candidaturas/?q=agua",
    "/api/v1/municipios/",
    "/api/v1/actores/",
)


def test_what_the_public_reads_is_of_the_current_process_alone(
    client: Client, one_and_other: Any
) -> None:
    one, other = one_and_other
    for path in PUBLIC:
        says_only(text_of(client, path), one, other, where=path)


def test_searching_for_the_people_and_the_words_of_the_other_finds_nobody_of_it(
    client: Client, one_and_other: Any
) -> None:
    one, other = one_and_other
    for word in (other.words[4], other.words[3], other.words[1]):
        for path in (f"/buscar/?q={word}", f"/api/v1/candidaturas/?q={word}"):
            text = text_of(client, path)
            assert f"/candidaturas/{other.published.pk}/" not in text, path
            assert f"/candidaturas/{other.sent.pk}/" not in text, path
    for word in (one.words[4], one.words[3]):
        assert f"/candidaturas/{one.published.pk}/" in text_of(client, f"/buscar/?q={word}")


def test_its_pages_are_of_the_process_that_they_name(client: Client, one_and_other: Any) -> None:
    one, other = one_and_other
    for side, beside in ((one, other), (other, one)):
        slug, place = side.process.slug, side.words[0]
        for path in (
            f"/municipios/{place}/?proceso={slug}",
            f"/buscar/?proceso={slug}&q=agua",
            f"/api/v1/candidaturas/?proceso={slug}",
            f"/api/v1/municipios/?proceso={slug}",
            f"/api/v1/actores/?proceso={slug}",
            f"/api/v1/candidaturas/{side.published.pk}/",
            f"/api/v1/candidaturas/{side.published.pk}/similares/",
        ):
            text = text_of(client, path)
            hidden = [word for word in beside.words if word in text]
            assert not hidden, (path, hidden)
    # A ballot of the other entity is none of the current process.
    assert client.get(f"/municipios/{other.words[0]}/").status_code == 404
    assert client.get(f"/municipios/{one.words[0]}/").status_code == 200


@pytest.mark.parametrize("typed", ["torr", "abej", "yucat", "nopal", "desier", "milpa"])
def test_suggestions_are_of_the_current_process(
    client: Client, one_and_other: Any, typed: str
) -> None:
    one, other = one_and_other
    text = text_of(client, f"/api/v1/sugerencias/?q={typed}")
    assert not [word for word in other.words if word in text]
    mine = {"torr", "yucat", "desier"} if one.words is OF_2024 else {"abej", "nopal", "milpa"}
    assert (typed in mine) == any(word in text for word in one.words)


def test_the_figures_count_the_current_process_alone(client: Client, one_and_other: Any) -> None:
    one, _other = one_and_other
    home = text_of(client, "/")
    assert "<dd>2</dd>" in home
    assert "<dd>1</dd>" in home
    assert '"total":2' in text_of(client, "/api/v1/candidaturas/").replace(" ", "")
    assert "2 candidaturas" in text_of(client, "/buscar/")
    assert one.published.name in text_of(client, "/buscar/")


def test_the_list_of_who_captures_is_of_one_process_at_a_time(
    client: Client, one_and_other: Any, liaison_of_both: Any
) -> None:
    one, other = one_and_other
    client.force_login(liaison_of_both)
    for path, shown, hidden in (
        ("/captura/", one, other),
        (f"/captura/?proceso={other.process.slug}", other, one),
        (f"/captura/?proceso={one.process.slug}&estado=enviado", one, other),
        ("/captura/?proceso=no-hay", one, other),
    ):
        main = text_of(client, path).partition("<main")[2].partition("</main>")[0]
        assert shown.words[3] in main, path
        assert hidden.words[3] not in main, path
        assert hidden.words[1] not in main, path
        assert f"?proceso={hidden.process.slug}" in main, path
    assert "2 candidaturas a tu cargo" in text_of(client, "/captura/")


def test_the_queue_of_the_review_is_of_one_process_at_a_time(
    client: Client, one_and_other: Any, validator: Any
) -> None:
    one, other = one_and_other
    client.force_login(validator)
    for path, shown, hidden in (
        ("/admin/revision/", one, other),
        (f"/admin/revision/?process={other.process.pk}", other, one),
        ("/admin/revision/?process=999999", one, other),
    ):
        main = text_of(client, path).partition("<main")[2]
        assert shown.sent.name in main, path
        assert hidden.sent.name not in main, path
        assert hidden.words[1] not in main, path
        assert hidden.words[2] not in main, path
    panel = text_of(client, "/admin/")
    assert "Hay 1 envío por revisar" in panel
    assert "En otros procesos hay 1 envío por revisar" in panel
    following = client.get("/admin/revision/siguiente/")
    assert one.sent.name in text_of(client, following.headers["Location"])


def test_the_steps_of_one_process_count_nothing_of_the_other(
    client: Client, one_and_other: Any
) -> None:
    one, other = one_and_other
    client.force_login(create_staff(username="innova", role="administracion"))
    text = text_of(client, f"/admin/procesos/{other.process.pk}/preparar/")
    assert "Hay 2 candidaturas registradas." in text
    assert f"El portal muestra «{one.process}»." in text
