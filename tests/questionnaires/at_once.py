"""`python -m tests.questionnaires.at_once ROUNDS`: two windows save or submit together.

Each window is a thread with its own connection. Prints a JSON object: for each case, a list of
{"outcomes": [...], "stored": ...} with an item for each round.
"""

import json
import sys
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import django


def both(*windows: Callable[[], str]) -> list[str]:
    """Run the windows at the same moment; return what each saw, in the order of the arguments."""
    from django.db import connection

    barrier = Barrier(len(windows))
    outcomes = [""] * len(windows)

    def open_window(place: int) -> None:
        try:
            barrier.wait(timeout=20)
            outcomes[place] = windows[place]()
        except Exception as refusal:  # noqa: BLE001 (the test judges it by its name)
            outcomes[place] = type(refusal).__name__
        finally:
            connection.close()

    threads = [Thread(target=open_window, args=[place]) for place in range(len(windows))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


def _same_answer(candidacy: Any, party: Any) -> dict[str, Any]:
    """Both windows change the same answer of the same version of the draft."""
    from cms.questionnaires.kinds import CURRICULAR
    from cms.questionnaires.models import Draft
    from cms.questionnaires.services import save_draft

    def save(text: str, version: int | None) -> str:
        changes = {"propuesta_1": text}
        save_draft(
            candidacy=candidacy, kind=CURRICULAR, changes=changes, version=version, user=party
        )
        return text

    save("Agua", None)
    outcomes = both(lambda: save("Agua diaria", 1), lambda: save("Agua segura", 1))
    draft = Draft.objects.get(questionnaire__candidacy=candidacy)
    return {"outcomes": outcomes, "stored": draft.answers["propuesta_1"], "version": draft.version}


def _first_saves(candidacy: Any, party: Any) -> dict[str, Any]:
    """Both windows begin a questionnaire that has no dossier yet, each in a different section."""
    from cms.questionnaires.kinds import CURRICULAR
    from cms.questionnaires.models import Draft
    from cms.questionnaires.services import save_draft

    def save(key: str) -> str:
        save_draft(
            candidacy=candidacy, kind=CURRICULAR, changes={key: "Agua"}, version=0, user=party
        )
        return "saved"

    outcomes = both(lambda: save("propuesta_1"), lambda: save("motivo_cargo"))
    drafts = Draft.objects.filter(questionnaire__candidacy=candidacy)
    return {"outcomes": outcomes, "stored": [sorted(draft.answers) for draft in drafts]}


def _sendings(candidacy: Any, party: Any) -> dict[str, Any]:
    """Both windows submit the same draft."""
    from cms.questionnaires.kinds import CURRICULAR
    from cms.questionnaires.models import Questionnaire, Submission
    from cms.questionnaires.services import attach_photograph, save_draft, submit_questionnaire
    from tests.faults.scene import ANSWERS
    from tests.moderation.samples import a_portrait

    save_draft(candidacy=candidacy, kind=CURRICULAR, changes=ANSWERS, version=0, user=party)
    attach_photograph(candidacy=candidacy, kind=CURRICULAR, user=party, file=a_portrait())

    def send() -> str:
        submit_questionnaire(candidacy=candidacy, kind=CURRICULAR, version=None, user=party)
        return "sent"

    outcomes = both(send, send)
    sent = Submission.objects.filter(questionnaire__candidacy=candidacy)
    page = Questionnaire.objects.get(candidacy=candidacy).page
    revisions = page.revisions.count() if page is not None else 0
    return {"outcomes": outcomes, "stored": sent.count(), "revisions": revisions}


def run(rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Run every case; each round has its own candidacy."""
    from cms.accounts.services import create_liaison
    from cms.candidacies.services import register_candidacy
    from cms.catalogs.models import Office, Territory
    from tests.faults.scene import process_and_actor
    from tests.moderation.samples import accept_notice_in_force

    process, actor = process_and_actor()
    party = create_liaison(username="enlace.pd", actors=[actor])
    accept_notice_in_force(party)
    cases = {"same_answer": _same_answer, "first_saves": _first_saves, "sendings": _sendings}
    found: dict[str, list[dict[str, Any]]] = {}
    for place, (name, case) in enumerate(cases.items()):
        found[name] = []
        for number in range(rounds):
            candidacy = register_candidacy(
                process=process,
                territory=Territory.objects.get(cvegeo="05033"),
                office=Office.objects.get(code="regiduria"),
                actor=actor,
                name=f"Persona Ficticia {name} {number}",
                seat_kind="propietaria",
                list_number=place * rounds + number + 1,
            )
            found[name].append(case(candidacy, party))
    return found


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(run(int(sys.argv[1]))))
