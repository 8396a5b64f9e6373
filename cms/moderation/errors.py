"""What can go wrong with a decision, named for what happened; each explains itself in Spanish."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _


class NotYourReview(PermissionDenied):
    """The account has no part in this review."""

    explanation = _("Tu cuenta no revisa cuestionarios. No se cambió nada.")

    def __init__(self) -> None:
        super().__init__(str(self.explanation))


class CapturedByYou(NotYourReview):
    """Four eyes: whoever captured, sent or last edited a submission does not decide it."""

    explanation = _(
        "Capturaste o enviaste este cuestionario: lo debe revisar otra persona. No se cambió nada."
    )


class SubmissionMoved(Exception):
    """Something came first; the decision was not taken and nothing changed."""

    explanation = _("Este envío cambió mientras lo revisabas. No se publicó nada; ábrelo otra vez.")

    def __init__(self) -> None:
        super().__init__(str(self.explanation))


class LaterSubmission(SubmissionMoved):
    """The party sent again: an old page decides nothing."""

    explanation = _(
        "Alguien envió una versión más nueva mientras revisabas. No se publicó nada; revisa la"
        " nueva."
    )


class AlreadyDecided(SubmissionMoved):
    """Another validator decided this submission."""

    explanation = _(
        "Otra persona ya decidió este envío. No se cambió nada: aquí está su decisión; sigue con"
        " otro envío."
    )


class AlreadyDecidedByYou(AlreadyDecided):
    """The same validator did, from another tab or before going back."""

    explanation = _(
        "Ya decidiste este envío: aquí está tu decisión. No se cambió nada; sigue con otro envío."
    )


class SealMoved(SubmissionMoved):
    """The seal of the screen is not the seal of the submission."""

    explanation = _(
        "El sello de tu pantalla no es el del envío que está en revisión. No se cambió nada: lo que"
        " ves ahora es lo que está en revisión; léelo y decide otra vez."
    )


class SealBroken(SubmissionMoved):
    """What is stored is not what was sealed: somebody or something altered it."""

    explanation = _(
        "Lo guardado no corresponde a su sello. No se publicó nada; avisa a quien administra el"
        " sistema."
    )


class NotUnderReview(SubmissionMoved):
    """The workflow has no open task for this submission."""

    explanation = _(
        "Este envío no está en revisión: solo se puede leer. No se cambió nada; sigue con otro"
        " envío."
    )


class CandidacyEnded(SubmissionMoved):
    """Nobody competes with these answers any more: they are neither published nor returned."""

    explanation = _("Esta candidatura terminó: su envío ya no se aprueba ni se devuelve.")


class InvalidObservations(Exception):
    """A submission cannot be returned with these observations; nothing changed."""

    def __init__(self, explanation: str) -> None:
        self.explanation = explanation
        super().__init__(explanation)
