"""When the desk refuses a decision, it says which field is wrong, and no text is lost."""

import html as markup
import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.catalogs.models import ProcessOffice
from cms.moderation.errors import InvalidObservations
from cms.moderation.models import Decision, Observation
from cms.moderation.services import approve_submission, return_submission
from tests.moderation.test_desk import decide, names_in, observing

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    return markup.unescape(response.content.decode())


def control(html: str, name: str) -> str:
    """The tag of the control with this name."""
    found = re.search(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', html)
    assert found, name
    return found[0]


def invalid_controls(html: str) -> set[str]:
    tags = re.findall(r"<(?:input|select|textarea)[^>]*aria-invalid[^>]*>", html)
    return {re.search(r'name="([^"]+)"', tag)[1] for tag in tags}


def test_a_refused_return_links_to_each_wrong_field_and_to_no_other(desk, submission):
    response = decide(
        desk,
        "return",
        submission,
        **observing("propuesta_1", reason=""),
        **observing("cursos", text=" ", passage="nada"),
        **observing("propuesta_2"),
    )

    html = text_of(response)
    assert response.status_code == 422
    assert re.search(r"<title>\s*Error: ", html)
    summary = re.search(r'<section[^>]*id="resumen".*?</section>', html, re.S)[0]
    assert "autofocus" in summary
    assert re.findall(r'<a href="#([^"]+)"', summary) == ["id_cursos-text", "id_propuesta_1-reason"]
    assert invalid_controls(html) == {"cursos-text", "propuesta_1-reason"}
    for name in ("cursos-text", "propuesta_1-reason"):
        described = re.search(r'aria-describedby="([^"]+)"', control(html, name))[1].split()
        assert f"id_{name}_error" in described
        for element_id in described:
            assert f'id="{element_id}"' in html
    assert ">nada</textarea>" in re.sub(r"\n", "", html)


def test_a_refused_approval_names_the_marked_answer_and_checks_nothing_else(desk, submission):
    html = text_of(decide(desk, "approve", submission, **observing(reason="", text="")))

    assert "<title>Error: " in re.sub(r">\s+", ">", html)
    assert 'href="#id_propuesta_1-verdict_1"' in html
    assert invalid_controls(html) == {"propuesta_1-verdict"}


def test_an_observation_that_was_withdrawn_is_not_checked(desk, submission):
    agreed = observing("cursos", verdict="conforme", reason="", text="x" * 5000)

    html = text_of(decide(desk, "return", submission, **observing(reason=""), **agreed))

    assert invalid_controls(html) == {"propuesta_1-reason"}
    assert "x" * 5000 in html


def test_the_length_of_an_observation_is_counted_as_it_is_stored(desk, submission):
    for text in ("á" * 2001, "línea\r\n" * 333 + "dos"):
        said = text_of(decide(desk, "return", submission, **observing(text=text, passage="")))
        assert "Escribe a lo más 2,000 caracteres; sobra 1." in said
        assert text.replace("\r\n", "\n") in said.replace("\r\n", "\n")
    assert not Decision.objects.exists()
    longest = " línea\r\n" + "línea\r\n" * 332 + "d\u00ado\u200d\r\n "
    decide(desk, "return", submission, **observing(text=longest, passage=""))
    assert len(Observation.objects.get().text) == 2000


def test_the_service_also_limits_the_length_of_an_observation(submission, validator, observe):
    with pytest.raises(InvalidObservations, match="sobran 2"):
        return_submission(
            submission_id=submission.pk,
            seal=submission.seal,
            validator=validator,
            observations=[observe(text="á" * 2002)],
        )
    assert not Decision.objects.exists()


def test_observations_on_an_outdated_screen_are_kept_for_the_newer_submission(
    desk, returned, resent
):
    html = text_of(response := decide(desk, "return", returned, **observing(text="Sin lema.")))

    assert response.status_code == 409
    assert "<title>Error: " in re.sub(r">\s+", ">", html)
    assert "versión más nueva" in html
    assert f'action="/admin/revision/{resent.pk}/devolver/"' in html
    assert resent.seal in control(html, "seal")
    assert "checked" in re.search(r"<input[^>]*propuesta_1-verdict_1[^>]*>", html)[0]
    assert "Sin lema.</textarea>" in html
    assert invalid_controls(html) == set()
    assert Observation.objects.filter(text="Sin lema.").count() == 0


@pytest.mark.parametrize("what", ["approved", "ended", "yours"])
def test_observations_can_be_copied_when_the_submission_can_no_longer_be_decided(
    desk, submission, validator, colleague, end, what
):
    if what == "approved":
        approve_submission(submission_id=submission.pk, seal=submission.seal, validator=colleague)
    elif what == "ended":
        end(submission)
    else:
        questionnaire = submission.questionnaire
        questionnaire.photographs.update(uploaded_by=validator)
    response = decide(desk, "return", submission, **observing(text="Sin lema.", reason=""))

    html = text_of(response)
    assert response.status_code == 409
    why = {
        "approved": "Otra persona ya decidió este envío",
        "ended": "ya no se aprueba ni se devuelve",
        "yours": "lo debe revisar otra persona",
    }[what]
    assert why in html
    written = re.search(r'<section[^>]*id="escrito".*?</section>', html, re.S)[0]
    assert "Sin lema." in written
    assert "«segura»" in written
    assert "Seguir con el siguiente envío" in html
    assert "data-review-return" not in html


def test_a_return_with_a_wrong_seal_is_explained_and_the_page_has_the_right_seal(desk, submission):
    for seal in ("", "0" * 64, "x"):
        response = decide(desk, "return", submission, **observing(), seal=seal)
        html = text_of(response)
        assert response.status_code == 409
        assert "El sello de tu pantalla no es el del envío" in html
        assert submission.seal in control(html, "seal")
        assert "Quita el lema de la primera frase." in html
    assert not Decision.objects.exists()
    assert decide(desk, "return", submission, **observing()).redirect_chain


def test_pressing_the_same_button_twice_is_not_an_error(desk, submission, sent_by):
    following = sent_by(name="Beatriz Nopal Luna")
    decide(desk, "return", submission, **observing())

    again = decide(desk, "return", submission, **observing())

    assert again.redirect_chain[-1][0] == reverse("moderation:review", args=[following.pk])
    assert "Otra persona" not in text_of(again)
    assert Decision.objects.count() == 1


def test_different_observations_after_the_same_validators_return_are_not_lost(desk, submission):
    decide(desk, "return", submission, **observing())

    again = decide(desk, "return", submission, **observing(text="Y también el nombre."))

    assert again.status_code == 409
    assert "Y también el nombre." in text_of(again)
    assert "Ya decidiste este envío" in text_of(decide(desk, "approve", submission))


def test_the_address_of_a_form_opens_the_record(desk, submission):
    for name in ("approve", "return"):
        response = desk.get(reverse(f"moderation:{name}", args=[submission.pk]))
        assert response["Location"] == reverse("moderation:review", args=[submission.pk])


def test_an_approval_during_the_silence_says_when_it_is_published(desk, submission):
    now = timezone.now()
    ProcessOffice.objects.update(
        frozen_from=now - timedelta(hours=1), frozen_until=now + timedelta(hours=1)
    )
    assert "Se publicará al terminar la veda" in text_of(decide(desk, "approve", submission))


def test_the_filters_of_the_queue_are_kept_from_record_to_record(desk, sent_by):
    here = sent_by(name="Beatriz Nopal Luna", cvegeo="05033")
    sent_by(name="Aurelio Zacate Ríos", cvegeo="05030")
    last = sent_by(name="Óscar Verdolaga Peña", cvegeo="05033")
    queue = reverse("moderation:queue")
    kept = f"municipality={here.questionnaire.candidacy.territory_id}"
    html = desk.get(f"{queue}?{kept}").content.decode()
    assert f"/admin/revision/{here.pk}/?{kept}" in html

    page = desk.get(f"/admin/revision/{here.pk}/?{kept}").content.decode()
    assert f'action="/admin/revision/{here.pk}/devolver/?{kept}"' in page
    response = desk.post(
        f"/admin/revision/{here.pk}/devolver/?{kept}",
        {"seal": here.seal, **observing()},
        follow=True,
    )
    assert response.redirect_chain[-1][0] == f"/admin/revision/{last.pk}/?{kept}"
    response = desk.post(
        f"/admin/revision/{last.pk}/aprobar/?{kept}", {"seal": last.seal}, follow=True
    )
    assert response.redirect_chain[-1][0] == f"{queue}?{kept}"
    assert "No queda ningún envío por revisar con estos filtros" in text_of(response)


def test_the_queue_finds_a_name_however_it_is_typed(desk, sent_by):
    sent_by(name="Óscar Verdolaga Peña")
    sent_by(name="Ma. Guadalupe Hdez. Zacatón", cvegeo="05030")
    for typed, name in (
        ("Oscar Verdolaga", "Óscar Verdolaga Peña"),
        ("ÓSCAR PENA", "Óscar Verdolaga Peña"),
        ("verdo", "Óscar Verdolaga Peña"),
        ("  peña   óscar ", "Óscar Verdolaga Peña"),
        ("Oscar\u200b Verdolaga", "Óscar Verdolaga Peña"),
        ("María Guadalupe", "Ma. Guadalupe Hdez. Zacatón"),
        ("ma guadalupe hernandez", "Ma. Guadalupe Hdez. Zacatón"),
        ("Zacaton", "Ma. Guadalupe Hdez. Zacatón"),
    ):
        found = desk.get(reverse("moderation:queue"), {"q": typed}).content.decode()
        assert names_in(found) == [name], typed


BROKEN_QUERIES = (
    *("p=abc", "p=-1", "p=99999999999999999999", "p=%00", "q=%00", "q=%25_%5C"),
    *("municipality=abc", "municipality=99999999999999999999", "municipality=%00"),
    *("actor=%F0%9F%98%80", "state=nada", "ordering=password", "ordering=%00"),
    *("municipality=1&municipality=2", "_w_filter_fragment=1&p=x", "retomar=%00", "next=//x"),
)


def test_broken_parameters_of_the_desk_are_answered(desk, submission):
    """The page answers them; the site refuses those with a null character."""
    for query in BROKEN_QUERIES:
        expected = 400 if "%00" in query else 200
        for name in ("queue", "queue_results", "next"):
            address = f"{reverse(f'moderation:{name}')}?{query}"
            assert desk.get(address, follow=True).status_code == expected, address
        address = f"/admin/revision/{submission.pk}/?{query}"
        assert desk.get(address).status_code == expected, address


def test_an_invalid_filter_is_ignored(desk, returned, sent_by):
    sent_by(name="Beatriz Nopal Luna")
    html = desk.get(reverse("moderation:queue"), {"municipality": "abc"}).content.decode()
    assert names_in(html) == ["Beatriz Nopal Luna"]


def test_records_that_do_not_exist_are_not_found(desk, submission):
    for number in (0, 999_999_999, 10**25):
        assert desk.get(f"/admin/revision/{number}/").status_code == 404
        for what in ("aprobar", "devolver"):
            assert desk.post(f"/admin/revision/{number}/{what}/").status_code == 404


@pytest.mark.parametrize("field", ["verdict", "reason", "passage", "text"])
@pytest.mark.parametrize("what", ["return", "approve"])
def test_a_broken_field_of_an_observation_is_refused_and_nothing_is_decided(
    desk, submission, field, what
):
    """A null character is a broken request; a value that a person may send gets an answer."""
    address = reverse(f"moderation:{what}", args=[submission.pk])
    for value in ("\x00", "😀" * 3000, "quizas"):
        sent = observing(**{field: value}) | {"seal": submission.seal}
        expected = 400 if value == "\x00" else 422
        if field in {"passage", "text"} and value == "quizas":
            # A text like any other: only the button decides.
            expected = 422 if what == "approve" else 302
        assert desk.post(address, sent).status_code == expected, (field, value[:9])
        submission.questionnaire.refresh_from_db()
        if expected != 302:
            assert submission.questionnaire.state == "enviado"
