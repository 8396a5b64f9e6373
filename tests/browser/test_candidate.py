"""A candidate captures by keyboard alone on a phone, and nothing is lost with the connection or the
session; asks for advice, sends, and keeps the document."""

import io

import pytest
from PIL import Image

from tests import own_database

pytestmark = pytest.mark.browser

PASSWORD = "palabra-larga-de-prueba-7"
NAME = "nube-mesa-42"
ACCOUNT = f"""
from django.db.models import Exists, OuterRef
from django.utils import timezone
from cms.candidacies.models import CandidacyPage, CandidateAccount
from cms.candidacies.own_accounts.models import Receipt
from cms.candidacies.services import give_own_account
from cms.candidacies.terms import StartEvent, begin
from cms.catalogs.current_process import chosen_process
from cms.questionnaires.models import Questionnaire
begun = Questionnaire.objects.filter(candidacy=OuterRef("pk"))
received = Receipt.objects.filter(candidacy=OuterRef("pk"))
free = CandidacyPage.objects.filter(~Exists(begun), ~Exists(received), state="activa")
candidacy = free.filter(process=chosen_process()).order_by("-pk").first()
# Another test may have made the accounts of all.
own = CandidateAccount.objects.filter(candidacy=candidacy, revoked_at=None).first()
account = own.user if own else give_own_account(candidacy=candidacy, username="{NAME}", by=None)
account.username = "{NAME}"
account.set_password("{PASSWORD}")
account.save()
begin([candidacy.pk], event=StartEvent.ACCOUNT_DELIVERED, at=timezone.now(), by=None)
"""
TEXT = "Agua potable segura y diaria en los ejidos del municipio, con metas cada año. " * 6
LAST_WORDS = "Y un zopilote en cada torre."
FOCUSED = """() => {
  const one = document.activeElement;
  return { name: one.name || "", id: one.id || "", type: one.type || one.tagName.toLowerCase(),
           text: (one.innerText || "").trim(), href: one.getAttribute("href") || "",
           value: one.value || "",
           counted: document.querySelector(`[data-counter="${one.id}"]`) !== null };
}"""


def a_picture():
    file = io.BytesIO()
    Image.new("RGB", (480, 600), "#445566").save(file, "JPEG")
    return {"name": "yo.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def tab_to(page, wanted):
    """Press Tab until the element with the focus is the wanted one; returns what it is."""
    for _press in range(120):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if wanted(found):
            return found
    raise AssertionError(f"no Tab leads there on {page.url}")


def named(name):
    return lambda found: found["name"] == name


def saying(words):
    return lambda found: words in found["text"]


def press(page, wanted):
    """Go to a link or button with Tab, and press Enter."""
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(page):
    page.focus("#id_login")
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def answer_step(page):
    """Answer every field of a step in the order in which Tab reaches them, as far as its button."""
    page.focus("#contenido")
    while True:
        found = tab_to(page, lambda one: one["name"] or one["type"] == "submit")
        kind = found["type"]
        if found["name"] == "siguiente":
            return
        if kind == "radio":
            # The second of two choices, «No».
            page.keyboard.press("ArrowDown")
        elif kind == "select-one":
            page.keyboard.press("ArrowDown")
        elif kind == "file":
            # The window in which a file is chosen is the browser's own, not the page's.
            page.locator("input:focus").set_input_files(a_picture())
        elif kind == "textarea" and found["counted"] and not found["value"]:
            page.keyboard.insert_text(TEXT)
        elif kind == "email" and not found["value"]:
            page.keyboard.insert_text("contacto@candidata.example")


def lose_the_connection(person):
    """What is typed without a connection is saved when it comes back."""
    page, context = person.page, person.page.context
    person.failures_are_expected = True
    context.set_offline(True)
    page.keyboard.insert_text(LAST_WORDS)
    page.wait_for_selector("#estado-guardado:has-text('Sin conexión')")
    context.set_offline(False)
    page.wait_for_selector("#estado-guardado:has-text('Guardado a las')")
    person.failures_are_expected = False


def lose_the_session(person):
    """A step that is sent after the session ended comes back, word by word, after signing in."""
    page = person.page
    page.context.clear_cookies()
    page.evaluate("document.querySelector('[data-capture]').removeAttribute('hx-post')")
    page.focus("textarea")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(LAST_WORDS)
    press(page, named("siguiente"))
    page.wait_for_selector("h1:has-text('Tu sesión terminó')")
    sign_in(page)
    page.wait_for_selector("#retomado")
    assert page.input_value("textarea").endswith(LAST_WORDS * 2)


def ask_for_advice(person):
    page = person.page
    press(page, saying("Pedir asesoría"))
    person.audit()
    press(page, saying("Enviar mi pregunta"))
    assert page.title().startswith("Error: ")
    person.audit()
    page.focus("#contenido")
    tab_to(page, named("tema"))
    page.keyboard.press("ArrowDown")
    tab_to(page, named("mensaje"))
    page.keyboard.insert_text("¿Puedo hablar del zopilote?")
    press(page, saying("Enviar mi pregunta"))
    assert page.inner_text(".talk__text") == "¿Puedo hablar del zopilote?"
    person.audit()


def begin(person):
    """From the home of the candidacy, through the notice, to the first step."""
    page = person.page
    assert page.inner_text(".turn h2") == "Te toca a ti"
    assert "Te quedan 15 días" in page.inner_text(".turn .clock")
    person.audit(every_sight=True)
    press(page, saying("Empezar"))
    person.audit()
    tab_to(page, named("acepto"))
    page.keyboard.press("Space")
    press(page, saying("Continuar"))


def answer_all(person):
    """Answer every step; in the third, the connection and the session are lost. Returns it."""
    page, steps = person.page, []
    while "/revisar/" not in page.url:
        steps.append(page.url)
        assert len(steps) < 10, steps
        answer_step(page)
        if len(steps) == 3:
            page.focus("textarea")
            page.keyboard.press("Control+End")
            lose_the_connection(person)
            lose_the_session(person)
            person.audit()
            page.focus("textarea")
        if page.evaluate("document.activeElement.name") != "siguiente":
            tab_to(page, named("siguiente"))
        with page.expect_navigation():
            page.keyboard.press("Enter")
    return steps[2]


def send(person):
    page = person.page
    person.go("/captura/")
    press(page, saying("Continuar"))
    assert "/revisar/" in page.url
    person.audit()
    tab_to(page, named("confirmo"))
    page.keyboard.press("Space")
    press(page, saying("Enviar al Instituto"))
    page.wait_for_selector("h1:has-text('Acuse de envío')")
    person.audit()


def test_a_candidate_sends_by_keyboard_and_loses_nothing(site, visitor):
    own_database.run("shell", "-v", "0", "-c", ACCOUNT, env=site.env)
    person = visitor(390)
    person.expected_statuses |= {401, 403, 422}
    page = person.page
    person.go("/acceso/")
    sign_in(page)
    page.wait_for_url("**/captura/")
    begin(person)
    step = answer_all(person)
    person.go(step.removeprefix(site.base))
    assert page.input_value("textarea").endswith(LAST_WORDS * 2)
    page.focus("#contenido")
    ask_for_advice(person)
    send(person)
    tab_to(page, saying("Descargar el PDF"))
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    assert started.value.path().read_bytes().startswith(b"%PDF")
    person.go("/captura/")
    assert page.inner_text(".turn h2") == "Le toca al Instituto"
    person.audit()
