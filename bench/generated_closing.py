"""What the closing hour is measured over, and what became of it, in a process with Django.

`python -m bench.generated_closing make NUMBER` registers so many candidacies, each with its own
account, and prints what the editors need. `python -m bench.generated_closing compare` reads on
standard input what the server acknowledged, and prints what of it the database does not have.
"""

import json
import sys
from typing import Any

PROCESS, ACTORS = "cierre-2024", 20
# The question whose text each editor changes, and the section in which it is asked.
QUESTION, SECTION, PHOTOGRAPH_SECTION = "propuesta_1", "propuestas", "foto_contacto"


def _process() -> Any:
    from datetime import date

    from cms.candidacies.services import ensure_process
    from cms.catalogs.models import PortalSettings
    from cms.questionnaires.services import ensure_capture_version

    process = ensure_process(
        slug=PROCESS, name="Cierre de captura", election_date=date(2024, 6, 2)
    ).process
    ensure_capture_version(process)
    portal = PortalSettings.load()
    portal.current_process = process
    portal.save()
    return process


def _actor(process: Any, number: int) -> Any:
    from cms.catalogs.models import ActorKind, PoliticalActor

    return PoliticalActor.objects.create(
        process=process,
        key=f"cierre-{number}",
        acronym=f"PC{number}",
        name=f"Partido del Cierre {number}",
        kind=ActorKind.PARTY,
        ballot_order=number + 1,
        color="#446688",
    )


def _editor(process: Any, actor: Any, territory: Any, number: int) -> dict[str, Any]:
    """A candidacy with a draft that lacks its photograph, and a session of whoever captures it."""
    from django.test import Client

    from cms.accounts.services import create_liaison
    from cms.candidacies.services import register_candidacy
    from cms.catalogs.models import Office
    from cms.publication.services import write_published
    from cms.questionnaires.kinds import CURRICULAR
    from cms.questionnaires.services import save_draft
    from tests.faults.scene import ANSWERS
    from tests.moderation.samples import accept_notice_in_force

    candidacy = register_candidacy(
        process=process,
        territory=territory,
        office=Office.objects.get(code="presidencia_municipal"),
        actor=actor,
        name=f"Persona del Cierre {number}",
        seat_kind="propietaria",
        principle="mr",
        sex="mujer",
        age=40,
        list_number=None,
    )
    write_published(candidacy_ids=[candidacy.pk])
    account = create_liaison(username=f"cierre.{number}", actors=[actor])
    accept_notice_in_force(account)
    draft = save_draft(
        candidacy=candidacy, kind=CURRICULAR, changes=ANSWERS, version=None, user=account
    )
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies["sessionid"].value
    answers = {key: ANSWERS[key] for key in ("propuesta_1", "propuesta_2", "propuesta_genero")}
    return {
        "candidacy": candidacy.pk,
        "session": session,
        "version": draft.version,
        "answers": answers,
        "questionnaire": draft.given_under,
    }


def make(number: int) -> list[dict[str, Any]]:
    """Register `number` candidacies, and say who edits them."""
    from django.db import connection

    from cms.catalogs.models import Territory, TerritoryKind

    process = _process()
    actors = [_actor(process, place) for place in range(min(ACTORS, number))]
    places = list(
        Territory.objects.filter(kind=TerritoryKind.MUNICIPALITY, entity_code="05").order_by("pk")
    )
    made = []
    for one in range(number):
        place = places[one // len(actors) % len(places)]
        made.append(_editor(process, actors[one % len(actors)], place, one))
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    return made


def _stored(candidacy_id: int) -> tuple[dict[str, Any], bool, int]:
    """The answers of a candidacy, whether they were sent, and the version of the draft."""
    from cms.questionnaires import selectors
    from cms.questionnaires.models import Questionnaire

    dossier = Questionnaire.objects.get(candidacy_id=candidacy_id, kind="curricular")
    draft = selectors.draft_of(dossier)
    if draft is not None:
        return selectors.draft_answers(draft), False, draft.version
    submission = selectors.latest_submission(dossier)
    return (selectors.submission_answers(submission) if submission else {}), True, sys.maxsize


def _problems(said: dict[str, Any]) -> list[str]:
    from django.core.files.storage import storages

    from cms.catalogs.spanish import clean_text
    from cms.questionnaires.models import Photograph

    answers, is_sent, version = _stored(said["candidacy"])
    found = []
    possible = {clean_text(text) for text in said["texts"]}
    if answers.get(QUESTION) not in possible:
        found.append(f"{said['candidacy']}: se perdió lo guardado: {answers.get(QUESTION)!r:.60}")
    if version < said["version"]:
        found.append(f"{said['candidacy']}: la versión es {version} y se dijo {said['version']}")
    if said["sent"] and not is_sent:
        found.append(f"{said['candidacy']}: se perdió el envío")
    if said["photograph"]:
        key = str(answers.get("fotografia") or "")
        is_known = bool(key) and Photograph.objects.filter(pk=key).exists()
        if not is_known or not storages["photographs"].exists(f"{key}.jpg"):
            found.append(f"{said['candidacy']}: se perdió la fotografía")
    return found


def compare(acknowledged: list[dict[str, Any]]) -> list[str]:
    """Candidacy by candidacy, what was acknowledged and the database does not have."""
    return [problem for said in acknowledged for problem in _problems(said)]


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "make":
        print(json.dumps(make(int(sys.argv[2]))))
    else:
        print(json.dumps(compare(json.load(sys.stdin))))
