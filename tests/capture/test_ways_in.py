"""The forms of capture: errors beside their fields, the Enter key, and what is refused."""

import io
import re
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cms.capture.services import ObservedStaysTheSame, send_questionnaire
from cms.moderation.models import Observation, Reason
from cms.moderation.services import ObservationInput, return_submission
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import Draft, Photograph, Questionnaire, Submission
from cms.questionnaires.services import attach_photograph, save_draft
from tests.moderation.samples import a_portrait, accept_notice_in_force, send

BACKEND = "django.contrib.auth.backends.ModelBackend"
NUL, LONG = "zopilote\x00nulo", "a" * 200_000


@pytest.fixture
def candidacy(make_candidacy):
    return make_candidacy()


@pytest.fixture
def ready(client, liaison):
    client.force_login(liaison, backend=BACKEND)
    accept_notice_in_force(liaison)
    return client


def step(candidacy, section="propuestas"):
    return reverse("capture:section", args=[candidacy.pk, section])


def invalid_in(response):
    """The names of the fields that the page marks as wrong."""
    page = response.content.decode()
    return re.findall(r'<(?:input|textarea|select)[^>]*name="(\w+)"[^>]*aria-invalid="true"', page)


def returned(candidacy, answers, user, validator, *keys):
    submission = send(candidacy, answers, user)
    observations = [
        ObservationInput(question=key, reason=Reason.choices[0][0], text="Di dónde y cuándo.")
        for key in keys
    ]
    return_submission(
        submission_id=submission.pk,
        seal=submission.seal,
        validator=validator,
        observations=observations,
    )
    return submission


def test_only_the_item_at_fault_is_invalid(ready, candidacy):
    mails = ["bien@cenizo.example", "sin arroba", "otro@cenizo.example"]
    data = {"correo_publico": mails, "siguiente": "1"}
    page = ready.post(step(candidacy, "foto_contacto"), data).content.decode()
    inputs = re.findall(r'<input[^>]*name="correo_publico"[^>]*>', page)
    assert ["aria-invalid" in tag for tag in inputs] == [False, True, False]
    assert 'aria-describedby="correo_publico-error"' in inputs[1]
    assert 'id="correo_publico-error"' in page


def test_only_the_answers_at_fault_are_invalid(ready, candidacy, complete_answers):
    good = {key: value for key, value in complete_answers.items() if key.startswith("propuesta")}
    wrong = ready.post(step(candidacy), good | {"propuesta_2": "Corta", "siguiente": "1"})
    assert wrong.status_code == 422
    assert invalid_in(wrong) == ["propuesta_2"]
    assert '<a href="#propuesta_2">' in wrong.content.decode()


@pytest.mark.parametrize(
    ("name", "args", "box"), [("notice", 0, "acepto"), ("review", 1, "confirmo")]
)
def test_a_confirmation_box_is_linked_to_its_error(
    client, liaison, candidacy, complete_answers, name, args, box
):
    client.force_login(liaison, backend=BACKEND)
    if name == "review":
        accept_notice_in_force(liaison)
        save_draft(
            candidacy=candidacy,
            kind=CURRICULAR,
            changes=complete_answers,
            version=None,
            user=liaison,
        )
        attach_photograph(candidacy=candidacy, kind=CURRICULAR, user=liaison, file=a_portrait())
    answer = client.post(reverse(f"capture:{name}", args=[candidacy.pk][:args]), {})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: " in page
    assert re.search(rf'id="resumen" autofocus>.*<a href="#{box}">', page)
    assert re.search(rf'id="{box}"[^>]*aria-invalid="true" aria-describedby="{box}-error"', page)
    assert f'id="{box}-error"' in page
    assert not Submission.objects.exists()


def test_a_photograph_is_put_in_and_taken_out_and_both_are_said(ready, candidacy):
    address = step(candidacy, "foto_contacto")
    upload = SimpleUploadedFile("yo.jpg", a_portrait().read(), content_type="image/jpeg")
    data = {"fotografia_archivo": upload, "quedarse": "1", "pagina_web": "https://cenizo.example/"}
    assert "Se guardó la fotografía." in ready.post(address, data, follow=True).content.decode()
    name = f"{Photograph.objects.get().pk}.jpg"
    assert storages["photographs"].exists(name)
    assert "Se guardó la fotografía." not in ready.get(address).content.decode(), "said once"

    data = {"quitar_fotografia": "1", "pagina_web": "https://otra.example/"}
    page = ready.post(address, data, follow=True).content.decode()
    assert "Se quitó la fotografía." in page
    assert "Quitar la fotografía" not in page
    assert not Photograph.objects.exists()
    answers = Draft.objects.get().answers
    assert answers["fotografia"] == ""
    assert answers["pagina_web"] == "https://otra.example/", "what was typed beside it stays"


def test_a_photograph_that_was_sent_stays_with_its_sending(
    ready, candidacy, complete_answers, liaison, validator
):
    submission = returned(candidacy, complete_answers, liaison, validator, "propuesta_1")
    ready.post(step(candidacy, "foto_contacto"), {"quitar_fotografia": "1"})
    assert Draft.objects.get().answers["fotografia"] == ""
    assert Photograph.objects.filter(questionnaire=submission.questionnaire).exists()


def test_uploading_nothing_is_told_at_the_field(ready, candidacy):
    answer = ready.post(step(candidacy, "foto_contacto"), {"quedarse": "1", "pagina_web": "x"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: " in page
    assert '<a href="#fotografia_archivo">No elegiste ningún archivo' in page
    assert invalid_in(answer) == ["fotografia_archivo"]
    assert 'value="x"' in page


def test_enter_saves_the_step_and_neither_uploads_nor_removes(ready, candidacy, liaison):
    """The Enter key presses the first button of a form."""
    attach_photograph(candidacy=candidacy, kind=CURRICULAR, user=liaison, file=a_portrait())
    for section in ("foto_contacto", "propuestas"):
        page = ready.get(step(candidacy, section)).content.decode()
        form = page[page.index("data-capture") :]
        assert re.search(r'<button[^>]*type="submit"[^>]*name="(\w+)"', form)[1] == "entrar"
    answer = ready.post(step(candidacy), {"propuesta_1": "Corta", "entrar": "1"})
    assert answer.status_code == 422


def test_what_was_observed_and_stays_the_same_is_refused(
    ready, candidacy, complete_answers, liaison, validator
):
    returned(candidacy, complete_answers, liaison, validator, "propuesta_1", "fotografia")
    review = reverse("capture:review", args=[candidacy.pk])
    save_draft(candidacy=candidacy, kind=CURRICULAR, changes={}, version=None, user=liaison)
    answer = ready.post(review, {"confirmo": "si"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: " in page
    assert "Las respuestas observadas siguen igual" in page
    assert f'href="{step(candidacy)}#propuesta_1"' in page
    assert f'href="{step(candidacy, "foto_contacto")}#fotografia"' in page
    assert Submission.objects.count() == 1
    assert Questionnaire.objects.get().state == "en_subsanacion"

    # Blanks and invisible characters are no change, nor is the same picture uploaded again.
    spaced = "\u200b " + complete_answers["propuesta_1"].replace(" ", "  ") + "\u00ad"
    save_draft(
        candidacy=candidacy,
        kind=CURRICULAR,
        changes={"propuesta_1": spaced},
        version=None,
        user=liaison,
    )
    attach_photograph(candidacy=candidacy, kind=CURRICULAR, user=liaison, file=a_portrait())
    with pytest.raises(ObservedStaysTheSame) as refused:
        send_questionnaire(candidacy=candidacy, kind=CURRICULAR, user=liaison, version=None)
    assert refused.value.questions == ["propuesta_1", "fotografia"]

    changed = complete_answers["propuesta_1"] + " Empieza en enero de 2025."
    save_draft(
        candidacy=candidacy,
        kind=CURRICULAR,
        changes={"propuesta_1": changed},
        version=None,
        user=liaison,
    )
    assert ready.post(review, {"confirmo": "si"}).status_code == 302
    assert Submission.objects.count() == 2
    assert Observation.objects.count() == 2


def test_what_nobody_observed_may_stay_as_it_is(
    ready, candidacy, complete_answers, liaison, validator
):
    returned(candidacy, complete_answers, liaison, validator, "propuesta_1")
    changed = complete_answers["propuesta_1"] + " Empieza en enero de 2025."
    save_draft(
        candidacy=candidacy,
        kind=CURRICULAR,
        changes={"propuesta_1": changed},
        version=None,
        user=liaison,
    )
    assert (
        send_questionnaire(candidacy=candidacy, kind=CURRICULAR, user=liaison, version=None).number
        == 2
    )


def strange_addresses(pk):
    sections = ("propuestas", "foto_contacto", "revisar", "acuse", "no_existe", "aviso")
    return [
        "/captura/",
        "/captura/aviso/",
        *(f"/captura/{pk}/{section}/" for section in sections),
        f"/captura/{pk}/propuestas/guardar/",
        f"/captura/{pk}/",
        "/captura/0/",
        "/captura/99999999999999999999999/",
        f"/captura/{'9' * 5000}/propuestas/",
        "/captura/%F0%9D%9F%99/propuestas/",
        f"/captura/{'9' * 5000}/fotografia/00000000-0000-0000-0000-000000000000.jpg",
        f"/captura/{pk}/fotografia/no.jpg",
        f"/captura/{pk}/%00/",
        f"/captura/{pk}/{'a' * 3000}/",
    ]


STRANGE = [
    {"estado": NUL, "municipio": NUL, "pagina": NUL, "next": NUL, "retomar": NUL},
    {"estado": "no", "municipio": LONG[:3000], "pagina": "9" * 400, "next": "//malo.example"},
    {"version": "9" * 9, "pagina": "-1", "next": "https://malo.example\\@x", "retomar": "a" * 16},
]
FORMS: list[dict[str, Any]] = [
    {"propuesta_1": NUL, "version": NUL, "confirmo": NUL, "acepto": NUL, "hash": NUL, "next": NUL},
    {"propuesta_1": LONG, "version": "٣", "recorte_x": "nan", "recorte_ancho": "1e999"},
    {
        "propuesta_1": "\U0001f1f2\u200d",
        "pagina_web": LONG,
        "correo_publico": [NUL] * 300,
        "retomado": NUL,
    },
]


@pytest.mark.parametrize("is_in", [True, False])
def test_whatever_arrives_is_answered_in_form(client, liaison, candidacy, is_in):
    if is_in:
        client.force_login(liaison, backend=BACKEND)
        accept_notice_in_force(liaison)
    client.raise_request_exception = True
    for address in strange_addresses(candidacy.pk):
        for asked in ({}, *STRANGE):
            answer = client.get(address, asked)
            assert answer.status_code < 500, (address, asked)
            if answer.status_code in {301, 302}:
                assert answer["Location"].startswith(("/", "?")), address
                assert not answer["Location"].startswith("//"), address
        for form in FORMS:
            data = {**form, "fotografia_archivo": io.BytesIO(b"\x00" * 10)}
            assert client.post(address, data).status_code < 500, (address, form)
        for method in (client.put, client.delete, client.patch, client.options, client.head):
            answer = method(address)
            assert answer.status_code < 500, address


def test_an_address_that_only_takes_forms_leads_to_its_page_when_opened(ready, candidacy):
    answer = ready.get(reverse("capture:autosave", args=[candidacy.pk, "propuestas"]))
    assert answer["Location"] == step(candidacy)
