"""What this room stores of its own: the advice that people who capture ask the institute for."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.candidacies.models import CandidacyPage


class Topic(models.TextChoices):
    ANSWERS = "respuestas", _("Cómo responder una pregunta")
    PHOTOGRAPH = "foto", _("La fotografía")
    OBSERVATION = "observacion", _("Una observación del Instituto")
    TERM = "plazo", _("Mi plazo")
    ACCOUNT = "cuenta", _("Mi cuenta o mi contraseña")
    PRIVACY = "privacidad", _("Mis datos personales")
    OTHER = "otro", _("Otro tema")


class AdviceRequest(models.Model):
    """A conversation in which an account that captures asks the institute for help.

    Only the account that asked and the institute read it. `waits_since` is the moment of the first
    message that the institute has not answered; None: nothing waits. `step` is the title of the
    step from which it was asked, as it read then. `asker_snapshot` outlives the account.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="advice_requests",
        verbose_name=_("cuenta"),
    )
    asker_snapshot = models.JSONField(_("quién pregunta"))
    candidacy = models.ForeignKey(
        CandidacyPage,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("candidatura"),
    )
    topic = models.CharField(_("tema"), max_length=16, choices=Topic.choices)
    step = models.CharField(_("paso"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("preguntó"), default=timezone.now)
    waits_since = models.DateTimeField(_("espera desde"), null=True, blank=True)
    closed_at = models.DateTimeField(_("se cerró"), null=True, blank=True)
    closer_snapshot = models.JSONField(_("quién la cerró"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("asesoría")
        verbose_name_plural = _("asesorías")
        ordering: ClassVar = ["-asked_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["waits_since"], name="advice_waits", condition=Q(waits_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_topic_display()}"

    @property
    def is_closed(self) -> bool:
        """Whether the institute closed it; a new message of the asker opens it again."""
        return self.closed_at is not None

    @property
    def state(self) -> str:
        """The state in words."""
        if self.is_closed:
            return str(_("Cerrada"))
        return str(_("Espera respuesta") if self.waits_since else _("Respondida"))


class AdviceMessage(models.Model):
    """A message of a conversation; it is never changed. `author_snapshot` outlives the account."""

    request = models.ForeignKey(AdviceRequest, models.CASCADE, related_name="messages")
    is_of_institute = models.BooleanField(_("del Instituto"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    author_snapshot = models.JSONField(_("quién lo escribió"))
    text = models.TextField(_("mensaje"))
    written_at = models.DateTimeField(_("escrito"), default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("mensaje de asesoría")
        verbose_name_plural = _("mensajes de asesoría")
        ordering: ClassVar = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to save it again."""
        if self.pk is not None:
            raise TypeError("Un mensaje no se modifica.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: it only goes with its conversation."""
        raise TypeError("Un mensaje no se elimina.")
