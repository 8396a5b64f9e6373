"""An institute writes its own format of files, and chooses it when it sends one."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cms.accounts.services import create_staff
from cms.candidacies.models import CandidacyPage
from cms.catalogs.models import Process
from cms.imports import upload_jobs, uploads
from cms.imports.models import ImportRecord, OwnProfile, State, Upload

pytestmark = pytest.mark.django_db

CONTENT: dict[str, Any] = {
    "needs": ["Nombre", "Puesto", "Postulante", "Calidad"],
    "entity": "05",
    "register": {
        "Nombre": "name",
        "Puesto": "office",
        "Calidad": "seat_kind",
        "Postulante": "actor",
        "Municipio": "municipality",
    },
    "answers": {"Escolaridad": "grado_estudios"},
    "offices": {"Alcaldía": {"office": "presidencia_municipal", "principle": "mr"}},
    "seat_kinds": {"Titular": "propietaria", "Suplente": "suplente"},
}
TABLE = (
    "Nombre,Puesto,Postulante,Calidad,Municipio,Escolaridad\n"
    "Hortensia Mezquite Llano,Alcaldía,Partido del Trabajo,Titular,San Pedro,Licenciatura\n"
)


@pytest.fixture
def ana(client: Client) -> Client:
    client.force_login(create_staff(username="ana", role="administracion"))
    return client


def add(client: Client, **changes: Any) -> Any:
    values = {"name": "mi-instituto", "title": "Mi instituto", "content": json.dumps(CONTENT)}
    return client.post(reverse("ownprofile:add"), values | changes)


def send(client: Client, process: Process) -> Upload:
    page = client.get(reverse("uploads:new"))
    assert ("propio:mi-instituto", "Mi instituto (propio)") in page.context["form"].fields[
        "profile"
    ].choices
    values = {
        "process": process.pk,
        "kind": "oficial",
        "profile": "propio:mi-instituto",
        "publish": "on",
        "file": SimpleUploadedFile("candidaturas.csv", TABLE.encode()),
    }
    sent = client.post(reverse("uploads:new"), values)
    assert sent.status_code == 302, sent.context["form"].errors
    return Upload.objects.get()


def test_a_file_is_read_with_the_format_that_was_chosen(ana: Client, process: Process) -> None:
    assert add(ana).status_code == 302
    upload = send(ana, process)

    assert upload_jobs.review(upload.pk) == State.READY, Upload.objects.get().report
    user = Upload.objects.get().uploaded_by
    assert user is not None
    uploads.apply_upload(user=user, upload_id=upload.pk)
    assert upload_jobs.apply(upload.pk) == State.APPLIED

    assert CandidacyPage.objects.get().name == "Hortensia Mezquite Llano"
    assert ImportRecord.objects.get().profile == "mi-instituto"


def test_a_file_keeps_the_format_it_was_sent_with_though_it_changes_or_goes(
    ana: Client, process: Process
) -> None:
    add(ana)
    upload = send(ana, process)
    own = OwnProfile.objects.get()
    gone = ana.post(reverse("ownprofile:delete", args=[own.pk]))

    assert gone.status_code == 302
    assert not OwnProfile.objects.exists()
    assert upload_jobs.review(upload.pk) == State.READY, Upload.objects.get().report


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": "ine-2022"}, "name", "Ya hay un formato del sistema"),
        ({"content": "{"}, "content", "no se entiende en la línea 1, columna 2"),
        ({"content": "[1]"}, "content", "debe ser un objeto JSON"),
        ({"content": "[" * 100_000}, "content", "demasiados corchetes"),
        ({"content": '{"a": "\\u0000"}'}, "content", "no se pueden guardar"),
        ({"content": '{"a": "\\ud800"}'}, "content", "no se pueden guardar"),
        ({"content": "{}"}, "content", "obligatorio"),
        ({"content": '{"a": 1}'}, "content", "«register»: debe ser un objeto de textos"),
    ],
)
def test_a_format_that_reads_no_file_is_refused_in_words(
    ana: Client, db: None, changes: dict[str, str], field: str, said: str
) -> None:
    answer = add(ana, **changes)

    assert answer.status_code == 200
    assert said in " ".join(answer.context["form"].errors[field])
    assert answer.context["form"]["content"].value() == changes.get("content", json.dumps(CONTENT))
    assert not OwnProfile.objects.exists()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("offices", {"Alcaldía": {"office": "gubernatura-x"}}, "no es un cargo del catálogo"),
        ("offices", {"Alcaldía": {"office": 5}}, "no es un cargo del catálogo"),
        ("offices", {"Alcaldía": 5}, ""),
        ("offices", {"Alcaldía": {"office": ["a"]}}, ""),
        ("answers", {"Escolaridad": "color_favorito"}, "no es una pregunta"),
        ("definition", "no-hay", "No hay una versión «no-hay»"),
        ("definition", ["a"], ""),
        ("words", {"grado_estudios": {"Doctor": "brujo"}}, "no es una opción"),
        ("words", {"grado_estudios": 5}, "debe ser un objeto de textos"),
        ("actor_patterns", {"coalicion": ["("]}, "una expresión que no se entiende"),
        ("actor_patterns", {"coalicion": ["(a+)+$"]}, "podría no terminar nunca"),
        ("actor_patterns", {"coalicion": 5}, "una expresión que no se entiende"),
        ("municipalities", {"05": {"Parras": 5}}, ""),
        ("details", {"grado_estudios": 5}, "cada pregunta lleva"),
        ("needs", "Nombre", "debe ser una lista de textos"),
        ("entity", {"a": 1}, "escribe la clave del INEGI"),
    ],
)
def test_each_part_of_a_format_says_what_is_wrong_with_it(
    ana: Client, db: None, name: str, value: Any, said: str
) -> None:
    answer = add(ana, content=json.dumps({**CONTENT, name: value}))

    assert answer.status_code == 200
    assert said in " ".join(answer.context["form"].errors["content"])


def test_only_administrators_write_formats(client: Client, db: None) -> None:
    client.force_login(create_staff(username="beto", role="instancia_interna"))

    assert client.get(reverse("ownprofile:index")).status_code == 302
    assert add(client).status_code == 403
    assert not OwnProfile.objects.exists()
