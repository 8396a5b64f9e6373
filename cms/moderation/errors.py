"""What can go wrong with a decision. Each error carries its explanation in Spanish."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _


class NotYourReview(PermissionDenied):
    """The account has no part in this review."""

    explanation = _("Tu cuenta no revisa cuestionarios. No se cambió nada.")

    def __init__(self) -> None:
        super().__init__(str(self.explanation))


class CapturedByYou(NotYourReview):
    """Four eyes: an account that captured, sent or edited a submission cannot decide it."""

    explanation = _(
        "Capturaste o enviaste este cuestionario: lo debe revisar otra persona. No se cambió nada."
    )


class SubmissionMoved(Exception):
    """Something else happened first; the decision was not taken and nothing changed."""

    explanation = _("Este envío cambió mientras lo revisabas. No se publicó nada; ábrelo otra vez.")

    def __init__(self) -> None:
        super().__init__(str(self.explanation))


class LaterSubmission(SubmissionMoved):
    """The party sent a newer submission: this one can no longer be decided."""

    explanation = _(
        "Alguien envió una versión más nueva mientras revisabas. No se publicó nada; revisa la"
        " nueva."
    )


class AlreadyDecided(SubmissionMoved):
    """Another validator has already decided this submission."""

    explanation = _(
        "Otra persona ya decidió este envío. No se cambió nada: aquí está su decisión; sigue con"
        " otro envío."
    )


class AlreadyDecidedByYou(AlreadyDecided):
    """The same validator has already decided it, from another tab or before going back."""

    explanation = _(
        "Ya decidiste este envío: aquí está tu decisión. No se cambió nada; sigue con otro envío."
    )


class SealMoved(SubmissionMoved):
    """The seal that the screen showed is not the seal of the submission."""

    explanation = _(
        "El sello de tu pantalla no es el del envío que está en revisión. No se cambió nada: lo que"
        " ves ahora es lo que está en revisión; léelo y decide otra vez."
    )


class SealBroken(SubmissionMoved):
    """The stored bytes are not the ones that were sealed: they were altered."""

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
    """The candidacy ended, so its answers are neither published nor returned."""

    explanation = _("Esta candidatura terminó: su envío ya no se aprueba ni se devuelve.")


class InvalidObservations(Exception):
    """A submission cannot be returned with these observations; nothing changed."""

    def __init__(self, explanation: str) -> None:
        self.explanation = explanation
        super().__init__(explanation)
