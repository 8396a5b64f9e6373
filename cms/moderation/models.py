"""The decisions of validators, and the Wagtail tasks of the reviews."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState

from cms.candidacies.sealed import require_service
from cms.questionnaires.models import Submission


class ReviewTask(Task):
    """Base of the review tasks: each kind of questionnaire has a task type of its own.

    A review is decided on the desk only: the buttons of the editor do not act on it.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Staff cannot rename or disable the task: a review without its task would just end."""
        require_service()
        super().save(*args, **kwargs)

    def get_actions(self, page: Any, user: Any) -> list[Any]:
        return []

    def user_can_access_editor(self, page: Any, user: Any) -> bool:
        return False

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        """Refuse: Wagtail acts on the state named in the address, whichever page it belongs to."""
        require_service()

    @classmethod
    def get_description(cls) -> str:
        return str(_("El Instituto revisa cada envío en el escritorio de revisión."))


class CurricularReviewTask(ReviewTask):
    """The review of curricular questionnaires."""

    class Meta:
        verbose_name = _("revisión curricular")
        verbose_name_plural = _("revisiones curriculares")


class ReviewTaskState(TaskState):
    """The state of a review task, without the log entry that Wagtail would write.

    Each decision writes an entry in our own words.
    """

    class Meta:
        proxy = True
        verbose_name = _("turno de revisión")
        verbose_name_plural = _("turnos de revisión")

    def log_state_change_action(self, user: Any, action: str) -> None:
        """`moderation.services` writes the entry of the decision."""


class Outcome(models.TextChoices):
    APPROVED = "aprobado", _("Aprobado")
    RETURNED = "devuelto", _("Devuelto con observaciones")


class Decision(models.Model):
    """How a submission was decided. Each is decided once, by someone who did not capture it."""

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    actor_snapshot = models.JSONField()
    decided_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("decisión")
        verbose_name_plural = _("decisiones")

    def __str__(self) -> str:
        return f"{self.submission} · {self.outcome}"


class Reason(models.TextChoices):
    """The reasons for an observation. Source: Lineamientos, art. 18."""

    COPY = "copia", _("Copia íntegra de otra candidatura")
    OFFENSIVE = (
        "ofensivo",
        _("Contenido ofensivo o discriminatorio hacia otras personas o partidos"),
    )
    SEXIST = "sexista", _("Lenguaje sexista, ofensivo o discriminatorio")
    OTHERS_DATA = "ajeno", _("Información o imágenes de otra candidatura")
    ALLUSION = "alusion", _("Alusión a otro partido o candidatura")
    RESTRICTED = "restringido", _("Contenido restringido por la ley electoral")
    SLOGAN = "lema", _("Lemas o imágenes de campaña")
    PHOTO = "fotografia", _("La fotografía no cumple las reglas")
    INCOMPLETE = "incompleto", _("Respuesta incompleta o que no responde lo que se pregunta")
    OTHER = "otro", _("Otro motivo")


class Observation(models.Model):
    """What has to be corrected in an answer of a submission, and why."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="observations")
    question = models.CharField(_("pregunta"), max_length=60)
    reason = models.CharField(_("motivo"), max_length=12, choices=Reason.choices)
    passage = models.TextField(_("pasaje"), blank=True)
    text = models.TextField(_("observación"))

    class Meta:
        verbose_name = _("observación")
        verbose_name_plural = _("observaciones")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.question}: {self.get_reason_display()}"
