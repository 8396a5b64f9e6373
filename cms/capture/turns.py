"""Whose turn it is in a questionnaire, and what happens next, in a sentence for who captures."""

from enum import StrEnum

from django.utils.translation import gettext as _

from cms.questionnaires.models import QuestionnaireState

S = QuestionnaireState


class Turn(StrEnum):
    """Who has to do something now."""

    YOU = "tu"
    INSTITUTE = "instituto"
    NOBODY = "nadie"


OF_STATE = {
    S.EMPTY: Turn.YOU,
    S.CAPTURE: Turn.YOU,
    S.SUBMITTED: Turn.INSTITUTE,
    S.OBSERVED: Turn.YOU,
    S.CORRECTION: Turn.YOU,
    S.VALIDATED: Turn.INSTITUTE,
    S.PUBLISHED: Turn.NOBODY,
    S.IMPORTED: Turn.YOU,
}


def said(turn: Turn) -> str:
    """Whose turn it is, in words."""
    return {
        Turn.YOU: _("Te toca a ti"),
        Turn.INSTITUTE: _("Le toca al Instituto"),
        Turn.NOBODY: _("No hay nada pendiente"),
    }[turn]


def what_follows(state: str, *, is_complete: bool, is_published: bool) -> str:
    """What happens next, in one sentence.

    Args:
        is_complete: whether every section is. is_published: whether an earlier submission is.
    """
    if state == S.CAPTURE and is_complete:
        return _("Ya está completo: revísalo y envíalo al Instituto.")
    if state == S.CAPTURE and is_published:
        return _("Termina tus cambios y envíalos para que el Instituto los revise.")
    return {
        S.EMPTY: _("Empieza cuando quieras: se guarda solo y puedes hacerlo en partes."),
        S.CAPTURE: _("Completa lo que falta y envíalo; el Instituto lo revisa y lo publica."),
        S.SUBMITTED: _("El Instituto lo revisa: lo publica, o te dice qué corregir."),
        S.OBSERVED: _("Lee lo que observó el Instituto, corrige y envía otra vez."),
        S.CORRECTION: _("Termina de corregir y envía otra vez."),
        S.VALIDATED: _("Está aprobado: se publica cuando termine la veda electoral."),
        S.PUBLISHED: _("Si quieres cambiar algo, actualízalo y el Instituto lo revisa."),
        S.IMPORTED: _("El Instituto cargó información de un archivo: revísala y complétala."),
    }[S(state)]


def meanwhile(state: str) -> str:
    """What goes on while an earlier submission stays public; empty: nothing newer is in hand."""
    return {
        S.CAPTURE: _("mientras preparas tus cambios"),
        S.SUBMITTED: _("mientras revisamos tu nuevo envío"),
        S.OBSERVED: _("mientras corriges tu nuevo envío"),
        S.CORRECTION: _("mientras corriges tu nuevo envío"),
        S.VALIDATED: _("hasta que se publique tu nuevo envío"),
    }.get(S(state), "")
