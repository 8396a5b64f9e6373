"""Whenever and however a candidacy ends, every screen and channel says the same at commit."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from cms.accounts.services import create_staff
from cms.candidacies.models import CandidacyPage
from cms.candidacies.services import give_own_account
from cms.moderation.errors import SubmissionMoved
from cms.moderation.services import approve_submission, publish_waiting
from cms.published.models import PublishedCandidacy
from cms.questionnaires.models import Draft
from tests.candidacies.moments import MOMENTS, WAYS, at_moment, leave, speak_again
from tests.candidacies.test_ending import office_staff
from tests.moderation.samples import *  # noqa: F403

__all__ = ["at_moment", "office_staff"]

API = "/api/v1/candidaturas"
BALLOT = "/municipios/san-pedro/"
COUNTED = "/api/v1/municipios/"
LISTS = (
    "/",
    "/municipios/",
    "/buscar/",
    "/buscar/?q=graciela+cenizo",
    "/buscar/?q=irene+sotol",
    "/buscar/?q=agua",
    f"{API}/",
    f"{API}/?q=graciela+cenizo",
    f"{API}/?q=agua",
    "/api/v1/sugerencias/?q=graciela",
    "/sitemap.xml",
)
# Of these, those that list whoever stands.
LISTS_ALL = ("/buscar/", "/buscar/?q=irene+sotol", f"{API}/", "/sitemap.xml")
WORDS = {
    "renuncia": ("terminó por renuncia el 18 de abril", "Renunció a la candidatura."),
    "cancelacion": ("terminó por la cancelación de su registro el 18", "Su registro fue cancelado"),
    "fallecimiento": ("El Instituto lamenta su fallecimiento.", "Falleció."),
    "resolucion_judicial": ("terminó por una resolución judicial el 18", "Una resolución judicial"),
}
ANSWERS = ("Agua potable segura", "contacto@cenizo.example", "ingeniera agrónoma")


def entered(user: Any) -> Client:
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@dataclass
class People:
    """Who looks at a candidacy before and after it ends."""

    public: Client
    account: Client
    liaison: Client
    desk: Client
    register: Client


@pytest.fixture
def people(candidacy: Any, party: Any, validator: Any, office_staff: Any) -> People:
    own = give_own_account(candidacy=candidacy, username="cand-0001", by=office_staff)
    administrator = create_staff(username="innova.uno", role="administracion")
    watching = map(entered, (own, party, validator, administrator))
    return People(Client(), *watching)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_everything_says_that_it_ended_and_who_takes_its_place(
    people: People,
    candidacy: Any,
    at_moment: Any,
    validator: Any,
    office_staff: Any,
    moment: str,
    way: str,
) -> None:
    submission = at_moment(moment)
    photograph = _look_before(people, candidacy, is_sent=submission is not None)

    new = leave(candidacy, way, office_staff)

    # First of all: one request, and the account is out.
    answer = people.account.get("/captura/")
    assert (answer.status_code, answer["Location"][:8]) == (302, "/acceso/")
    old = CandidacyPage.objects.get(pk=candidacy.pk)
    _lists_say(people.public, old, new)
    _pages_say(people.public, old, new)
    _api_says(people.public, old, new)
    if photograph:
        assert people.public.get(photograph).status_code == 404
    _capture_says(people, old, new, is_sent=submission is not None)
    _admin_says(people, old, new, is_sent=submission is not None)
    _nobody_publishes_it_later(old, submission, validator)


def _look_before(people: People, candidacy: Any, *, is_sent: bool) -> str:
    """Look at everything, so that what is kept must be made anew; gives its public photograph."""
    row = PublishedCandidacy.objects.get(pk=candidacy.pk)
    seen = [text(people.public, address) for address in (*LISTS, BALLOT, f"{API}/{row.pk}/")]
    assert any(row.get_absolute_url() in one for one in seen)
    text(people.public, row.get_absolute_url())
    assert people.account.get("/captura/").status_code == 200
    assert candidacy.name in text(people.liaison, "/captura/")
    assert (candidacy.name in text(people.desk, "/admin/candidaturas/")) is is_sent
    photograph = f"/fotos/{row.photograph_file}" if row.photo else ""
    if photograph:
        assert people.public.get(photograph).status_code == 200
    return photograph


def _lists_say(public: Client, old: CandidacyPage, new: CandidacyPage | None) -> None:
    said = {address: text(public, address) for address in LISTS}
    for address, one in said.items():
        assert f"/candidaturas/{old.pk}/" not in one, address
        # The name that was typed stands in the form alone.
        assert "Cenizo Tepozán" not in one, address
    if new is not None:
        for address in LISTS_ALL:
            assert f"/candidaturas/{new.pk}/" in said[address], address
    compete, left = text(public, BALLOT).split('id="cambios"')
    assert old.public_path() not in compete
    assert WORDS[old.end_cause][1] in left
    assert f'<a href="{old.public_path()}">{old.name}</a> dejó de competir.' in left
    assert new is None or (new.public_path() in compete and new.public_path() not in left)
    counted = {one["clave"]: one["candidaturas"] for one in public.get(COUNTED).json()}
    assert counted.get("05033", 0) == (0 if new is None else 1)


def _pages_say(public: Client, old: CandidacyPage, new: CandidacyPage | None) -> None:
    page = text(public, old.public_path())
    assert WORDS[old.end_cause][0] in page
    assert "noindex" in page
    assert not any(words in page for words in ANSWERS)
    assert "/fotos/" not in page
    if new is None:
        assert "La sustituye" not in page
        return
    entering = text(public, new.public_path())
    assert f'La sustituye <a href="{new.public_path()}">{new.name}</a>' in page
    assert f'Sustituye a <a href="{old.public_path()}">{old.name}</a>' in entering
    assert not any(words in entering for words in ANSWERS)
    assert "noindex" not in entering


def _api_says(public: Client, old: CandidacyPage, new: CandidacyPage | None) -> None:
    said = public.get(f"{API}/{old.pk}/").json()
    assert said["estado"] == "baja"
    assert said["baja"] == {"causa": old.end_cause, "fecha": "2024-04-18"}
    assert said["sustituida_por"] == (new.pk if new is not None else None)
    assert (said["respuestas"], said["foto"], said["contactos"]) == ([], None, [])
    listed = public.get(f"{API}/").json()
    assert [one["id"] for one in listed["resultados"]] == ([new.pk] if new is not None else [])
    if new is not None:
        said = public.get(f"{API}/{new.pk}/").json()
        assert (said["estado"], said["baja"], said["sustituye_a"]) == ("activa", None, old.pk)
        assert (said["respuestas"], said["foto"], said["contactos"]) == ([], None, [])


def _capture_says(
    people: People, old: CandidacyPage, new: CandidacyPage | None, *, is_sent: bool
) -> None:
    """The liaison reads that it ended, may read what was sent, and captures for who entered."""
    page = text(people.liaison, "/captura/")
    assert "Esta candidatura terminó el 18 de abril de 2024" in page
    assert (f'href="/captura/{old.pk}/"' in page) is is_sent
    assert new is None or f'href="/captura/{new.pk}/"' in page
    assert "Todavía sin cuenta propia" not in page.split(old.name)[1].split("</tr>")[0]
    for filters in ("estado=en_captura", "estado=enviado", "cuenta=sin_cuenta"):
        assert old.name not in text(people.liaison, f"/captura/?{filters}"), filters
    typed = {"propuesta_1": "Escrito después de la baja."}
    refused = people.liaison.post(f"/captura/{old.pk}/propuestas/", typed)
    assert refused.status_code == 409
    assert "Esta candidatura terminó: ya no se captura." in refused.content.decode()
    assert people.account.post(f"/captura/{old.pk}/propuestas/guardar/", typed).status_code == 401
    if new is not None:
        assert people.liaison.post(f"/captura/{new.pk}/propuestas/", typed).status_code == 302
    drafts = Draft.objects.filter(answers__propuesta_1=typed["propuesta_1"])
    written = set(drafts.values_list("questionnaire__candidacy", flat=True))
    assert written == ({new.pk} if new is not None else set())


def _admin_says(
    people: People, old: CandidacyPage, new: CandidacyPage | None, *, is_sent: bool
) -> None:
    assert old.name not in text(people.desk, "/admin/revision/")
    assert (old.name in text(people.desk, "/admin/revision/?state=terminada")) is is_sent
    assert "No queda ningún envío por revisar" in text(people.desk, "/admin/")
    listed = "/admin/candidaturas/"
    assert (old.name in text(people.desk, listed)) is is_sent
    assert old.name in text(people.register, f"{listed}?state=baja")
    standing = text(people.register, f"{listed}?state=activa")
    assert old.name not in standing
    assert new is None or new.name in standing
    record = text(people.register, f"{listed}{old.pk}/")
    assert "Dio de baja la candidatura por" in record
    assert new is None or f"{listed}{new.pk}/" in record


def _nobody_publishes_it_later(old: CandidacyPage, submission: Any, validator: Any) -> None:
    if submission is not None:
        with pytest.raises(SubmissionMoved):
            approve_submission(
                submission_id=submission.pk, seal=submission.seal, validator=validator
            )
    speak_again()
    assert publish_waiting() == 0
    assert PublishedCandidacy.objects.get(pk=old.pk).answers == []
