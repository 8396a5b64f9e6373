"""The states of a questionnaire, and the only function that moves it from one to another."""

from django.utils import timezone

from cms.questionnaires.models import Questionnaire, QuestionnaireState

S = QuestionnaireState
_AFTER: dict[str, frozenset[str]] = {
    S.EMPTY: frozenset({S.CAPTURE, S.IMPORTED, S.PUBLISHED}),
    S.CAPTURE: frozenset({S.CAPTURE, S.SUBMITTED}),
    S.SUBMITTED: frozenset({S.OBSERVED, S.VALIDATED, S.PUBLISHED}),
    S.OBSERVED: frozenset({S.CORRECTION, S.SUBMITTED}),
    S.CORRECTION: frozenset({S.CORRECTION, S.SUBMITTED}),
    S.VALIDATED: frozenset({S.PUBLISHED}),
    S.PUBLISHED: frozenset({S.CAPTURE, S.SUBMITTED, S.PUBLISHED, S.IMPORTED}),
    S.IMPORTED: frozenset({S.CAPTURE, S.SUBMITTED, S.PUBLISHED, S.IMPORTED}),
}


class ImpossibleTransition(Exception):
    """The questionnaire cannot pass from its state to the one that was asked for."""

    def __init__(self, questionnaire: Questionnaire, state: str) -> None:
        now = QuestionnaireState(questionnaire.state).label
        then = QuestionnaireState(state).label
        self.explanation = f"El cuestionario está en «{now}» y no puede pasar a «{then}»."
        super().__init__(self.explanation)


def move_to(*, questionnaire: Questionnaire, state: str) -> None:
    """Change the state of a questionnaire whose row the caller has locked.

    Raises: ImpossibleTransition; nothing changed.
    """
    if state not in _AFTER[questionnaire.state]:
        raise ImpossibleTransition(questionnaire, state)
    if state != questionnaire.state:
        questionnaire.state = state
        questionnaire.state_since = timezone.now()
        questionnaire.save(update_fields=["state", "state_since"])
