"""Who may enter: people of the institute and liaisons of political actors."""

from hashlib import sha256
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, Group, UserManager
from django.db import models, transaction
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from cms.catalogs.models import PoliticalActor


class Role(models.TextChoices):
    ADMINISTRATOR = "administracion", _("Administración (Innovación Electoral)")
    INTERNAL_BODY = "instancia_interna", _("Instancia interna (Transparencia)")
    CURRICULAR_REVIEWER = "revision_curricular", _("Revisión curricular")
    IDENTITY_REVIEWER = "revision_identidad", _("Revisión de identidad (Paridad e Inclusión)")
    COMMUNICATION = "comunicacion", _("Comunicación Social")
    OBSERVER = "consulta", _("Consulta (Comisión y Consejo)")
    LIAISON = "enlace", _("Enlace de actor político")
    CANDIDATE = "candidatura", _("Candidatura")


# People who are not of the institute: they capture, and never enter the admin.
CAPTURE_ROLES = frozenset({Role.LIAISON, Role.CANDIDATE})
STAFF_ROLES = frozenset(set(Role) - CAPTURE_ROLES)
REVIEW_ROLES = frozenset({Role.INTERNAL_BODY, Role.CURRICULAR_REVIEWER})


# What django-allauth calls the kinds of second factors.
SECOND_FACTORS = ("totp", "webauthn")


class AccountManager(UserManager["User"]):
    """Finds an account by its name, in capitals or not."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username or "")

    @transaction.atomic
    def create_superuser(self, *args: Any, **fields: Any) -> "User":
        """Make an account that may do everything. The audit knows it, whatever command made it."""
        from cms.accounts import audit

        user = super().create_superuser(*args, **fields)
        audit.record(audit.Event.MADE, account=user, by=None, way=audit.SERVER)
        return user


class User(AbstractUser):
    """An account. A role says what it does; a scope says for which actors."""

    role = models.CharField(_("función"), max_length=24, choices=Role.choices, blank=True)
    # Raised to end all sessions of the account at once.
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("cuenta")  # type: ignore[assignment]
        verbose_name_plural = _("cuentas")  # type: ignore[assignment]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Upper("username"),
                name="one_account_per_name",
                violation_error_message=_("Ya hay una cuenta con ese nombre."),
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=["candidatura", "enlace"], is_superuser=True),
                name="who_captures_is_no_superuser",
                violation_error_message=_("Quien captura no puede ser superusuario."),
            ),
        ]

    @property
    def captures(self) -> bool:
        """Whether the account has a part in capture; `capturable_by` says for which candidacies."""
        return self.role in CAPTURE_ROLES

    @property
    def is_institute_staff(self) -> bool:
        """Whether the account is of the institute; an account that captures never is."""
        return not self.captures and (self.is_superuser or self.role in STAFF_ROLES)

    @property
    def password_mark(self) -> str:
        """A mark that changes with the password. It is only kept inside sealed values."""
        return sha256(self.password.encode()).hexdigest()

    @property
    def has_second_factor(self) -> bool:
        """Whether the account has a second factor; recovery codes alone are none. A query."""
        own = self.authenticator_set.filter(type__in=SECOND_FACTORS)  # type: ignore[attr-defined]
        return bool(own.exists())

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """An account that captures has no permission of the admin, whatever group it was put in."""
        return not self.captures and super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        """An account that captures has no permission over an application either."""
        return not self.captures and super().has_module_perms(app_label)

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """Django ends a session when this changes: with another password, or another role."""
        opened_with = f"{self.password}|{self.role}|{self.is_superuser}"
        if self.sessions_ended:
            opened_with += f"|{self.sessions_ended}"
        return salted_hmac(
            "cms.accounts.models.User.session", opened_with, secret=secret, algorithm="sha256"
        ).hexdigest()


class RoleGroup(models.Model):
    """The group of the CMS that a role has. It is found by this row: staff may rename it."""

    role = models.CharField(primary_key=True, max_length=24, choices=Role.choices)
    group = models.OneToOneField(Group, models.CASCADE, related_name="role_group")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("grupo de una función")
        verbose_name_plural = _("grupos de las funciones")

    def __str__(self) -> str:
        return self.role


class GrantMade(models.Model):
    """A permission that a role was given once, and is never given again (ADR 0034).

    It names the permission instead of referring to it: it outlives rooms that are taken out.
    """

    role = models.CharField(max_length=24, choices=Role.choices)
    permission = models.CharField(max_length=200)
    where = models.CharField(max_length=12, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("permiso otorgado")
        verbose_name_plural = _("permisos otorgados")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["role", "permission", "where"], name="each_grant_is_made_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.permission}"


class ActorScope(models.Model):
    """A liaison captures for this actor, in the process of the actor."""

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


class AccountEvent(models.Model):
    """Something that was done to an account, or by it. Rows are never altered nor deleted.

    Accounts are named, not referred to: the record outlives them. Nothing else of a person is kept.

    Attributes:
        event: a member of `cms.accounts.audit.Event`.
        detail: keys and words of the program, never a personal datum.
    """

    event = models.CharField(_("qué pasó"), max_length=40)
    account = models.BigIntegerField(db_index=True)
    account_name = models.CharField(_("cuenta"), max_length=150)
    by = models.BigIntegerField(null=True)
    by_name = models.CharField(_("quién"), max_length=150, blank=True)
    at = models.DateTimeField(_("cuándo"), default=timezone.now, db_index=True)
    detail = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("movimiento de una cuenta")
        verbose_name_plural = _("movimientos de las cuentas")

    def __str__(self) -> str:
        return f"{self.account_name}: {self.event}"


class SignInBudget(models.Model):
    """How much is left of an allowance of attempts, as the next instant at which it is free.

    The key is a fingerprint: neither the address nor the typed name is kept.
    """

    key = models.CharField(primary_key=True, max_length=64)
    free_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("margen de intentos")
        verbose_name_plural = _("márgenes de intentos")

    def __str__(self) -> str:
        return self.key


class FailedSignIns(models.Model):
    """Failed attempts to sign in to an account, for administrators. No address, nothing typed."""

    user = models.OneToOneField(User, models.CASCADE, related_name="failed_sign_ins")
    since = models.DateTimeField(_("desde"))
    last = models.DateTimeField(_("último"), db_index=True)
    wrong = models.PositiveIntegerField(_("contraseñas equivocadas"), default=0)
    refused = models.PositiveIntegerField(_("intentos detenidos"), default=0)

    class Meta:
        verbose_name = _("intentos de acceso")
        verbose_name_plural = _("intentos de acceso")

    def __str__(self) -> str:
        return f"{self.user}: {self.wrong} + {self.refused}"


class SignInLink(models.Model):
    """A link that somebody asked for. It has no user where no account has the name they typed."""

    class Purpose(models.TextChoices):
        SIGN_IN = "entrar", _("entrar")
        PASSWORD = "contrasena", _("otra contraseña")

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sign_in_links")
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.SIGN_IN)
    # Somebody typed the address, which several accounts may share: each gets its own link.
    by_email = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("enlace de acceso")
        verbose_name_plural = _("enlaces de acceso")

    def __str__(self) -> str:
        return f"{self.pk}"


class OpenSession(models.Model):
    """Where an account is signed in, for its owner: neither an address nor what the browser says.

    Attributes:
        key: of the session of Django.
        device: browser and system in words, as "Chrome en Windows".
        used_at: within some minutes; it is written when the session is renewed.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="open_sessions")
    key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60)
    began_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(default=timezone.now, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("sesión abierta")
        verbose_name_plural = _("sesiones abiertas")

    def __str__(self) -> str:
        return f"{self.user}: {self.device}"


class FormerEmail(models.Model):
    """An address that goes with an event, sealed: the one before a change, to be told of it there.

    Of an e-mail that was asked for, the one that its owner has to confirm: confirming deletes the
    row, and so does asking for another. Rows are deleted after a day.
    """

    event = models.OneToOneField(AccountEvent, models.PROTECT, primary_key=True, related_name="+")
    sealed = models.TextField()
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("correo anterior")
        verbose_name_plural = _("correos anteriores")

    def __str__(self) -> str:
        return f"{self.pk}"


# The models of another file of this room.
from cms.accounts import activation_models  # noqa: E402, F401
