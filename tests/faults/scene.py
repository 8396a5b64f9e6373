"""`python -m tests.faults.scene N`: makes N candidacies whose questionnaires are under review.

It prints a JSON object: the submissions with their seals, and the usernames of two validators.
"""

import json
import sys
from datetime import date
from typing import Any

import django

TEXT = " ".join(["Agua potable segura y diaria en los ejidos del municipio."] * 8)
ANSWERS: dict[str, Any] = {
    **{
        f"{network}_tiene": "no"
        for network in ("facebook", "x", "youtube", "instagram", "tiktok", "otra_red")
    },
    "correo_publico": ["contacto@ejemplo.example"],
    "correo_aclaraciones": "aclaraciones@ejemplo.example",
    "grado_estudios": "licenciatura",
    "estatus_estudios": "titulo",
    **dict.fromkeys(
        (
            "historia_profesional",
            "trayectoria_politica",
            "motivo_cargo",
            "propuesta_1",
            "propuesta_2",
            "propuesta_genero",
        ),
        TEXT,
    ),
}
VALIDATORS = ("revision.uno", "revision.dos")


def process_and_actor() -> tuple[Any, Any]:
    """A process that asks the curricular questionnaire, and a party that postulates in it."""
    from cms.candidacies.services import ensure_process
    from cms.catalogs.models import ActorKind, PoliticalActor
    from cms.questionnaires.models import ProcessQuestionnaire, QuestionnaireDefinition

    process = ensure_process(slug="pel-2024", election_date=date(2024, 6, 2)).process
    ProcessQuestionnaire.objects.update_or_create(
        process=process,
        kind="curricular",
        defaults={"definition": QuestionnaireDefinition.objects.get(version="curricular-2024")},
    )
    actor = PoliticalActor.objects.create(
        process=process, key="pd", acronym="PD", name="Partido del Desierto", kind=ActorKind.PARTY
    )
    return process, actor


def set_scene(count: int) -> dict[str, Any]:
    """Register `count` candidacies, and send their questionnaires through the services."""
    from cms.accounts.services import create_liaison, create_staff
    from cms.candidacies.services import register_candidacy
    from cms.catalogs.models import Office, Territory
    from cms.publication.services import write_published
    from tests.moderation.samples import accept_notice_in_force, send

    process, actor = process_and_actor()
    party = create_liaison(username="enlace.pd", actors=[actor])
    accept_notice_in_force(party)
    for username in VALIDATORS:
        create_staff(username=username, role="revision_curricular")
    submissions = []
    for number in range(count):
        candidacy = register_candidacy(
            process=process,
            territory=Territory.objects.get(cvegeo="05033"),
            office=Office.objects.get(code="regiduria"),
            actor=actor,
            name=f"Persona Ficticia {number}",
            seat_kind="propietaria",
            list_number=number + 1,
        )
        write_published(candidacy_ids=[candidacy.pk])
        submission = send(candidacy, ANSWERS, party)
        submissions.append({"id": submission.pk, "seal": submission.seal})
    return {"submissions": submissions, "validators": VALIDATORS}


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(set_scene(int(sys.argv[1]))))
