"""The work of making and removing rehearsals: how far each of them is."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.catalogs.models import Process


class RehearsalState(models.TextChoices):
    MAKING = "haciendo", _("Se está haciendo")
    MADE = "hecho", _("Listo")
    REMOVING = "quitando", _("Se está quitando")


class RehearsalWork(models.Model):
    """How far a job is with a rehearsal. It goes with the process.

    Attributes:
        people: those who stand in each contest, at most.
        total: people in all. done: those made, or, while it is being removed, those removed.
    """

    process = models.OneToOneField(
        Process, models.CASCADE, primary_key=True, related_name="rehearsal_work"
    )
    people = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=10, choices=RehearsalState.choices, default=RehearsalState.MAKING
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("ensayo")
        verbose_name_plural = _("ensayos")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(people__gte=1), name="rehearsal_has_people")
        ]

    def __str__(self) -> str:
        return str(self.process)

    @property
    def is_at_work(self) -> bool:
        """Whether a job has it."""
        return self.state != RehearsalState.MADE
