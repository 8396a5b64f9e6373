"""Who may enter: people of the institute and liaisons of political actors."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.catalogs.models import PoliticalActor


class Role(models.TextChoices):
    ADMINISTRATOR = "administracion", _("Administración (Innovación Electoral)")
    INTERNAL_BODY = "instancia_interna", _("Instancia interna (Transparencia)")
    CURRICULAR_REVIEWER = "revision_curricular", _("Revisión curricular")
    COMMUNICATION = "comunicacion", _("Comunicación Social")
    OBSERVER = "consulta", _("Consulta (Comisión y Consejo)")
    LIAISON = "enlace", _("Enlace de actor político")


STAFF_ROLES = frozenset(set(Role) - {Role.LIAISON})
REVIEW_ROLES = frozenset({Role.INTERNAL_BODY, Role.CURRICULAR_REVIEWER})


class User(AbstractUser):
    """An account. A role says what it does; a scope says for which actors."""

    role = models.CharField(_("función"), max_length=24, choices=Role.choices, blank=True)

    class Meta(AbstractUser.Meta):
        verbose_name = _("cuenta")  # type: ignore[assignment]
        verbose_name_plural = _("cuentas")  # type: ignore[assignment]

    @property
    def is_liaison(self) -> bool:
        return self.role == Role.LIAISON

    @property
    def is_institute_staff(self) -> bool:
        return self.is_superuser or self.role in STAFF_ROLES


class ActorScope(models.Model):
    """A liaison captures for this actor, in this actor's process, and for no other."""

    user = models.ForeignKey(User, models.CASCADE, related_name="scopes")
    actor = models.ForeignKey(PoliticalActor, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("alcance")
        verbose_name_plural = _("alcances")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "actor"], name="one_scope_per_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.actor}"
