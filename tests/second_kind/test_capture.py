"""Two kinds of questionnaire are captured, each at its own addresses."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cms.capture.addresses import Addresses
from cms.capture.own_list import own_list
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import Draft, Photograph, Questionnaire
from cms.questionnaires.selectors import draft_answers
from tests.moderation.samples import a_portrait
from tests.second_kind.stored import untouched

TOLD = "Perdimos la cosecha de nuez y la volvimos a levantar entre todas."


@pytest.fixture
def browser(party: Any) -> Client:
    client = Client()
    client.force_login(party, backend="django.contrib.auth.backends.ModelBackend")
    return client


def tell(browser: Client, candidacy: Any, name: str = "section", **changes: str) -> Any:
    path = f"/captura/{candidacy.pk}/testimonio/relato/"
    if name == "autosave":
        path += "guardar/"
    return browser.post(path, {"relato": TOLD, "lugar": "ejido", "version": "0", **changes})


def shown(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_every_step_of_a_kind_leads_to_its_own_addresses(
    browser: Client, candidacy: Any, testimony: Any
) -> None:
    root = f"/captura/{candidacy.pk}/testimonio/"
    assert browser.get(root)["Location"] == f"{root}relato/"
    page = shown(browser, f"{root}relato/")
    assert f"Testimonio de {candidacy.name}" in page
    assert f'hx-post="{root}relato/guardar/"' in page
    steps = set(re.findall(rf'"(/captura/{candidacy.pk}/[^"]*)"', page))
    assert steps == {f"{root}relato/", f"{root}revisar/", f"{root}relato/guardar/"}

    assert tell(browser, candidacy)["Location"] == f"{root}revisar/"
    assert f'href="{root}relato/"' in shown(browser, f"{root}revisar/")
    sent = browser.post(f"{root}revisar/", {"confirmo": "si"})
    assert sent["Location"] == f"{root}acuse/"
    receipt = shown(browser, f"{root}acuse/")
    assert f"Recibimos el testimonio de {candidacy.name}" in receipt
    assert f"{candidacy.pk}-testimonio-1" in receipt
    assert browser.get(f"{root}relato/")["Location"] == f"{root}acuse/"


def test_saving_or_autosaving_one_kind_does_not_change_the_other(
    browser: Client, candidacy: Any, testimony: Any
) -> None:
    with untouched(candidacy, testimony):
        browser.post(f"/captura/{candidacy.pk}/propuestas/", {"propuesta_1": "Un pozo"})
    with untouched(candidacy, CURRICULAR):
        assert "Guardado a las" in tell(browser, candidacy, "autosave").content.decode()
        assert tell(browser, candidacy, relato=TOLD + " Todas.", version="1").status_code == 302
        assert tell(browser, candidacy, relato="Otra cosa", version="1").status_code == 409

    kept = {draft.questionnaire.kind: draft_answers(draft) for draft in Draft.objects.all()}
    assert kept == {
        "curricular": {"propuesta_1": "Un pozo"},
        "testimonio": {"relato": TOLD + " Todas.", "lugar": "ejido"},
    }


def test_the_photograph_of_one_kind_is_not_at_the_addresses_of_another(
    browser: Client, candidacy: Any, testimony: Any
) -> None:
    upload = SimpleUploadedFile("yo.jpg", a_portrait().read(), content_type="image/jpeg")
    data = {"fotografia_archivo": upload, "quedarse": "1"}
    browser.post(f"/captura/{candidacy.pk}/foto_contacto/", data)
    photograph = Photograph.objects.get().pk
    for size in ("", "-s"):
        name = f"fotografia/{photograph}{size}.jpg"
        assert browser.get(f"/captura/{candidacy.pk}/{name}").status_code == 200
        assert browser.get(f"/captura/{candidacy.pk}/testimonio/{name}").status_code == 404

    # A kind without a photograph refuses one, and keeps the text that was sent with it.
    upload.seek(0)
    refused = tell(browser, candidacy, fotografia_archivo=upload)
    assert refused.status_code == 422
    assert "no pide fotografía" in refused.content.decode()
    assert Photograph.objects.count() == 1
    assert draft_answers(Draft.objects.get(questionnaire__kind="testimonio"))["relato"] == TOLD


def test_the_list_shows_the_progress_of_each_kind(
    browser: Client, party: Any, candidacy: Any, testimony: Any, make_candidacy: Any
) -> None:
    other = make_candidacy(name="Ana Sauz Nogal", office="sindicatura")
    browser.post(f"/captura/{candidacy.pk}/propuestas/", {"propuesta_1": "Un pozo"})
    tell(browser, candidacy)
    browser.post(f"/captura/{candidacy.pk}/testimonio/revisar/", {"confirmo": "si"})

    found = own_list(party)
    assert [
        (row.candidacy.pk, row.kind and row.kind.key, row.words.split(",")[0][:10], row.progress)
        for row in found.rows
    ] == [
        (candidacy.pk, "curricular", "En captura", "0 de 5 apartados"),
        (candidacy.pk, "testimonio", "Enviado el", "1 de 1 apartado"),
        (other.pk, "curricular", "Todavía no", "0 de 5 apartados"),
        (other.pk, "testimonio", "Todavía no", "0 de 1 apartado"),
    ]
    assert [count for _value, _words, count in found.by_state] == [2, 1, 1]
    assert found.total == 2
    page = shown(browser, "/captura/")
    assert '<th scope="col">Cuestionario</th>' in page
    for kind in (CURRICULAR, testimony):
        assert f'href="{Addresses(candidacy.pk, kind).start}"' in page
    only = own_list(party, state="enviado").rows
    assert [(row.candidacy.pk, row.kind) for row in only] == [(candidacy.pk, testimony)]


def test_with_one_kind_the_list_does_not_name_it(browser: Client, candidacy: Any) -> None:
    page = shown(browser, "/captura/")
    assert "Cuestionario" not in page.split("<main")[1].split("</main>")[0]


def test_a_kind_that_the_process_does_not_use_has_no_addresses(
    browser: Client, candidacy: Any, testimony: Any, process: Any
) -> None:
    process.questionnaires.filter(kind=testimony.key).delete()
    for step in ("", "relato/", "revisar/", "acuse/"):
        assert browser.get(f"/captura/{candidacy.pk}/testimonio/{step}").status_code == 404
        assert browser.get(f"/captura/{candidacy.pk}/otro/{step}").status_code == 404
    assert not Questionnaire.objects.exists()


def test_a_candidacy_without_a_questionnaire_is_listed_without_a_button(
    browser: Client, party: Any, candidacy: Any, process: Any
) -> None:
    process.questionnaires.all().delete()
    (row,) = own_list(party).rows
    assert (row.words, row.action, row.progress) == ("Todavía sin cuestionario", "", "")
    assert reverse("capture:start", args=[candidacy.pk]) not in shown(browser, "/captura/")


def test_text_typed_before_a_session_ended_comes_back_in_its_kind(
    party: Any, candidacy: Any, testimony: Any
) -> None:
    client = Client()
    ended = tell(client, candidacy)
    page = ended.content.decode()
    assert ended.status_code == 401
    sealed = re.search(r'name="escrito" value="([^"]+)"', page)
    assert sealed is not None
    client.force_login(party, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/acceso/retomar/", {"escrito": sealed[1]}, follow=True)
    assert answer.redirect_chain[-1][0].startswith(f"/captura/{candidacy.pk}/testimonio/relato/")
    assert TOLD in answer.content.decode()
