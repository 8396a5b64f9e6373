"""Fills a database of the first commit, and records the answers of its public API.

`make_dump.sh` runs it with the code of that commit. All the people in it are fictitious.
"""

import io
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.auth.models import Group, Permission  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402
from permissions import permissions_of  # noqa: E402 (in this folder)
from PIL import Image  # noqa: E402
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page  # noqa: E402

from cms.accounts.models import Role, User  # noqa: E402
from cms.accounts.services import create_liaison, create_staff  # noqa: E402
from cms.candidacies.models import CandidacyPage  # noqa: E402
from cms.candidacies.sealed import writing_as_service  # noqa: E402
from cms.candidacies.services import ensure_process, register_candidacy  # noqa: E402
from cms.catalogs import services as catalogs  # noqa: E402
from cms.catalogs.models import (  # noqa: E402
    ActorKind,
    CandidacyState,
    EndCause,
    Office,
    PoliticalActor,
    PortalSettings,
    Process,
    ProcessOffice,
    Territory,
)
from cms.moderation.services import (  # noqa: E402
    ObservationInput,
    approve_submission,
    return_submission,
    start_review,
)
from cms.portal.models import FaqPage, NewsIndexPage, NewsPage  # noqa: E402
from cms.privacy.selectors import notice_hash, notice_in_force  # noqa: E402
from cms.privacy.services import accept_notice  # noqa: E402
from cms.publication.services import write_published  # noqa: E402
from cms.questionnaires.imports import (  # noqa: E402
    AnswerWriter,
    Arriving,
    ensure_capture_version,
    imported_definition,
)
from cms.questionnaires.models import QuestionnaireDefinition, Submission  # noqa: E402
from cms.questionnaires.services import (  # noqa: E402
    attach_photograph,
    save_draft,
    submit_questionnaire,
)

OPENED = datetime(2024, 4, 2, 15, tzinfo=UTC)
LONG_AGO = datetime(2024, 4, 20, 15, tzinfo=UTC)
FAR_AWAY = datetime(2099, 1, 1, tzinfo=UTC)
# What happens to a candidacy → (name, municipality, office, actor, sex, age)
CANDIDACIES = {
    "approved": ("Graciela Cenizo Tepozán", "05033", "presidencia_municipal", "pd", "mujer", 39),
    "observed": (
        "Tomás Huizache Lechuguilla",
        "05033",
        "presidencia_municipal",
        "ps",
        "hombre",
        51,
    ),
    "corrected": (
        "Itzel Candelilla Gobernadora",
        "05018",
        "presidencia_municipal",
        "pd",
        "mujer",
        28,
    ),
    "correcting": ("Leandro Ocotillo Sotol", "05018", "presidencia_municipal", "ps", "hombre", 44),
    "sent": ("Amaranta Nopal Biznaga", "05035", "presidencia_municipal", "pd", "no_binario", 33),
    "drafted": ("Ulises Mezquite Ébano", "05030", "presidencia_municipal", "pd", "hombre", 62),
    "imported": ("Renata Palma Ñandú", "05030", "presidencia_municipal", "ps", "mujer", 47),
    "waiting": ("Octavio Yuca Retama", "05033", "sindicatura", "pd", "hombre", 58),
    "ended": ("Belén Tasajillo Cardenche", "05033", "regiduria", "pd", "mujer", 36),
    "registered": ("Saúl Granjeno Anacahuita", "05033", "regiduria", "ps", "hombre", 24),
}


def _long(text: str) -> str:
    return " ".join([text] * 14)


def _answers(number: int) -> dict[str, Any]:
    """A complete and valid questionnaire, different for each number."""
    return {
        "facebook_tiene": "si",
        "facebook": f"https://facebook.com/candidatura{number}",
        "x_tiene": "no",
        "youtube_tiene": "no",
        "instagram_tiene": "no",
        "tiktok_tiene": "no",
        "otra_red_tiene": "no",
        "correo_publico": [f"contacto{number}@candidaturas.example"],
        "correo_aclaraciones": f"aclaraciones{number}@candidaturas.example",
        "grado_estudios": ("licenciatura", "maestria", "preparatoria")[number % 3],
        "estatus_estudios": "titulo",
        "cursos": [
            f"Diplomado {number} en gestión comunitaria del agua",
            "Taller de cuentas claras",
        ],
        "historia_profesional": _long(f"He trabajado {number + 5} años en los ejidos."),
        "trayectoria_politica": _long("Fundé el comité de agua de mi comunidad y lo presidí."),
        "motivo_cargo": _long("Quiero que nadie tenga que acarrear agua por las tardes."),
        "propuesta_1": _long(
            f"Agua potable segura y diaria en {number + 40} ejidos del municipio."
        ),
        "propuesta_2": _long("Un mercado de productoras con cámara fría compartida, en dos años."),
        "propuesta_genero": _long("Una casa de atención a mujeres abierta las 24 horas del día."),
    }


def _process() -> Process:
    page = ensure_process(
        slug="pel-2024",
        name="Proceso Electoral Local 2024",
        election_date=date(2024, 6, 2),
        entity_code="05",
    )
    process: Process = page.process
    ensure_capture_version(process)
    for code in ("presidencia_municipal", "sindicatura", "regiduria"):
        catalogs.ensure_process_office(
            process=process, office=Office.objects.get(code=code), visible_from=OPENED
        )
    for order, (key, name) in enumerate(
        (("pd", "Partido del Desierto"), ("ps", "Partido de la Sierra")), start=1
    ):
        catalogs.ensure_actor(
            process=process,
            new=catalogs.NewActor(
                key=key,
                name=name,
                kind=ActorKind.PARTY,
                acronym=key.upper(),
                members=(),
                ballot_order=order * 10,
                color="#446688",
            ),
        )
    portal = PortalSettings.load()
    portal.current_process = process
    portal.save()
    return process


def _register(process: Process) -> dict[str, CandidacyPage]:
    found = {}
    for place, (what, row) in enumerate(CANDIDACIES.items(), start=1):
        name, cvegeo, office, actor, sex, age = row
        found[what] = register_candidacy(
            process=process,
            territory=Territory.objects.get(cvegeo=cvegeo),
            office=Office.objects.get(code=office),
            actor=PoliticalActor.objects.get(process=process, key=actor),
            name=name,
            seat_kind="propietaria",
            sex=sex,
            age=age,
            list_number=place if office == "regiduria" else None,
            principle="mr",
            email=f"persona{place}@candidaturas.example",
        )
    write_published(candidacy_ids=[page.pk for page in found.values()], at=OPENED)
    return found


def _people(process: Process) -> dict[str, User]:
    """An account of each role, without a password."""
    people = {
        key: create_liaison(
            username=f"enlace.{key}", actors=[PoliticalActor.objects.get(process=process, key=key)]
        )
        for key in ("pd", "ps")
    }
    for role in Role:
        if role != Role.LIAISON:
            people[role.value] = create_staff(username=f"cuenta.{role.value}", role=role)
    notice = notice_in_force()
    assert notice is not None
    for key in ("pd", "ps"):
        accept_notice(user=people[key], notice_hash=notice_hash(notice))
    return people


class Desk:
    """What liaisons and a reviewer do with the candidacies."""

    def __init__(self, candidacies: dict[str, CandidacyPage], people: dict[str, User]) -> None:
        self.candidacies, self.people = candidacies, people
        self.reviewer = people[Role.CURRICULAR_REVIEWER.value]

    def capture(self, what: str, **changes: Any) -> None:
        candidacy = self.candidacies[what]
        save_draft(
            candidacy=candidacy, changes=changes, version=None, user=self._liaison(candidacy)
        )

    def send(self, what: str, **changes: Any) -> Submission:
        candidacy = self.candidacies[what]
        liaison = self._liaison(candidacy)
        self.capture(what, **changes)
        if len(changes) > 1:
            picture = io.BytesIO()
            Image.new("RGB", (480, 600), "#445566").save(picture, "JPEG")
            picture.seek(0)
            attach_photograph(candidacy=candidacy, user=liaison, file=picture)
        submission = submit_questionnaire(candidacy=candidacy, user=liaison, version=None)
        start_review(submission=submission, by=liaison)
        return submission

    def approve(self, submission: Submission) -> None:
        approve_submission(
            submission_id=submission.pk, seal=submission.seal, validator=self.reviewer
        )

    def observe(self, submission: Submission) -> None:
        observation = ObservationInput(
            question="propuesta_1",
            reason="lema",
            passage="segura y diaria",
            text="Quita el lema de campaña de la primera frase.",
        )
        return_submission(
            submission_id=submission.pk,
            seal=submission.seal,
            validator=self.reviewer,
            observations=[observation],
        )

    def _liaison(self, candidacy: CandidacyPage) -> User:
        return self.people[candidacy.actor.key]


def _walk(desk: Desk) -> None:
    """Bring the questionnaires into every state that they can have."""
    desk.approve(desk.send("approved", **_answers(1)))
    desk.observe(desk.send("observed", **_answers(2)))
    desk.observe(desk.send("corrected", **_answers(3)))
    desk.approve(desk.send("corrected", propuesta_1=_long("Agua potable en 43 ejidos.")))
    desk.observe(desk.send("correcting", **_answers(4)))
    desk.capture("correcting", propuesta_1=_long("Agua potable en 44 ejidos."))
    desk.send("sent", **_answers(5))
    desk.capture("drafted", **dict(list(_answers(6).items())[:12]))
    desk.approve(desk.send("ended", **_answers(8)))
    waiting = desk.candidacies["waiting"]
    ProcessOffice.objects.filter(process=waiting.process, office=waiting.office).update(
        frozen_from=LONG_AGO, frozen_until=FAR_AWAY
    )
    desk.approve(desk.send("waiting", **_answers(7)))


@transaction.atomic
def _import(candidacy: CandidacyPage) -> None:
    """Import and publish the answers of an official file."""
    stored, definition = imported_definition()
    assert isinstance(stored, QuestionnaireDefinition)
    brought = {key: value for key, value in _answers(9).items() if definition.has(key)}
    brought = {
        key: brought[key]
        for key in ("grado_estudios", "propuesta_1", "propuesta_2", "motivo_cargo")
    }
    AnswerWriter(definition=stored, at=LONG_AGO, publish=True, dry_run=False).take(
        [Arriving(0, candidacy.name, candidacy.pk, brought)], known=frozenset([candidacy.pk])
    )
    write_published(candidacy_ids=[candidacy.pk])


def _end(candidacy: CandidacyPage) -> None:
    candidacy.state = CandidacyState.ENDED
    candidacy.end_cause = EndCause.RESIGNATION
    candidacy.ended_on = date(2024, 5, 3)
    with writing_as_service():
        candidacy.save()
    write_published(candidacy_ids=[candidacy.pk])


def _write_editorial(author: User) -> None:
    """Write a live news page, a draft, and new texts for a page of the portal."""
    index = NewsIndexPage.objects.get()
    for slug, live in (("registro-abierto", True), ("debate", False)):
        news = index.add_child(
            instance=NewsPage(
                title=f"Noticia {slug}",
                slug=slug,
                live=live,
                date=date(2024, 4, 3),
                summary=f"Resumen de {slug}",
                body=f"<p>Texto de {slug}, con <b>énfasis</b>.</p>",
            )
        )
        revision = news.save_revision(user=author)
        if live:
            revision.publish()
    questions = FaqPage.objects.get()
    questions.summary = "Lo que escribió el Instituto."
    questions.body = "<h2>¿Quién contesta?</h2><p>El Instituto, en el 800 000 0000.</p>"
    questions.save_revision(user=author).publish()


def _change_permissions() -> dict[str, list[str]]:
    """Take permissions from groups and give others, as staff may; return the result."""
    administrators = Group.objects.get(name="Administración")
    administrators.permissions.remove(
        Permission.objects.get(content_type__app_label="catalogs", codename="change_office")
    )
    press = Group.objects.get(name="Comunicación Social")
    GroupPagePermission.objects.filter(group=press, permission__codename="publish_page").delete()
    GroupCollectionPermission.objects.filter(
        group=press, permission__codename="add_document"
    ).delete()
    observers = Group.objects.get(name="Consulta")
    observers.permissions.add(
        Permission.objects.get(content_type__app_label="catalogs", codename="view_process")
    )
    other = Group.objects.create(name="Archivo de concentración")
    other.permissions.add(
        Permission.objects.get(content_type__app_label="publication", codename="view_importrecord")
    )
    GroupPagePermission.objects.create(
        group=other,
        page=Page.get_first_root_node(),
        permission=Permission.objects.get(
            content_type__app_label="wagtailcore", codename="lock_page"
        ),
    )
    return {group.name: permissions_of(group) for group in Group.objects.order_by("name")}


def _public_side() -> dict[str, Any]:
    """Address of the public API → its answer."""
    client = Client(SERVER_NAME="localhost")
    addresses = [
        "/api/v1/candidaturas/?por_pagina=50",
        "/api/v1/candidaturas/?q=agua&por_pagina=50",
        "/api/v1/candidaturas/?grado=licenciatura",
        "/api/v1/municipios/",
        "/api/v1/actores/",
        "/api/v1/procesos/",
        "/api/v1/noticias/",
        "/api/v1/paginas/",
        "/api/v1/noticias/registro-abierto/",
        "/api/v1/paginas/preguntas/",
        *(f"/api/v1/candidaturas/{page.pk}/" for page in CandidacyPage.objects.order_by("pk")),
    ]
    return {address: client.get(address).json() for address in addresses}


def main(folder: Path) -> None:
    """Fill the database, and write `expected.json` beside the dump."""
    process = _process()
    candidacies, people = _register(process), _people(process)
    _walk(Desk(candidacies, people))
    _import(candidacies["imported"])
    _end(candidacies["ended"])
    _write_editorial(people[Role.COMMUNICATION.value])
    expected = {
        "permissions": _change_permissions(),
        "candidacies": {what: page.pk for what, page in candidacies.items()},
        "public": _public_side(),
    }
    text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
