"""The work of handing out accounts, and the receipts of those that arrived."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RunKind(models.TextChoices):
    """What a run does."""

    GENERATE = "generar", _("Hacer las cuentas")
    MAIL = "correo", _("Enviar por correo")
    SHEETS = "hojas", _("Hacer las hojas")


class RunState(models.TextChoices):
    """How far a run is."""

    WORKING = "en_curso", _("En curso")
    DONE = "hecho", _("Terminado")
    FAILED = "fallo", _("Falló")


class AccountRun(models.Model):
    """Work with many accounts of a process, done by a job in batches that go on where they were.

    Attributes:
        once: what the form carried, so that a button that is pressed twice begins one run.
        total, done: accounts to work on, and accounts worked on. skipped: of those, left as they
            were (activated or closed meanwhile, or without an e-mail).
    """

    process = models.ForeignKey("catalogs.Process", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=RunKind.choices)
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.WORKING)
    once = models.UUIDField(unique=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "candidacies"
        verbose_name = _("trabajo con cuentas")
        verbose_name_plural = _("trabajos con cuentas")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_at_work(self) -> bool:
        """Whether a job has it."""
        return self.state == RunState.WORKING


class AccountRunItem(models.Model):
    """An account of a run, in its place, with the link that the run made for it."""

    run = models.ForeignKey(AccountRun, models.CASCADE, related_name="items")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    place = models.PositiveIntegerField()
    link = models.ForeignKey("accounts.ActivationLink", models.SET_NULL, null=True)
    done_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "candidacies"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "user"], name="each_account_once_in_a_run"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.user_id}"


class SheetsFile(models.Model):
    """The sheets of a run as PDF, sealed with the installation's key, for a day."""

    run = models.OneToOneField(AccountRun, models.CASCADE, related_name="sheets")
    sealed = models.TextField()
    pages = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "candidacies"

    def __str__(self) -> str:
        return f"{self.run_id}"


class Arrival(models.TextChoices):
    """How it is known that an account arrived."""

    OPENED = "enlace", _("quien la recibió lo dijo al abrir su enlace")
    HANDED_OVER = "papel", _("el personal entregó la hoja")
    SAID = "dicho", _("el personal comprobó que llegó")


class Receipt(models.Model):
    """The receipt (acuse) of an account that arrived. Rows are never altered nor deleted.

    Process, candidacy and account are keys and not references: the receipt outlives them. It is
    evidence of when the term of the candidacy began.

    Attributes:
        at: when it arrived. recorded_at: when that was written down here.
        received_by: who took the sheet, in the words of who handed it over.
        link: the link that arrived; each has one receipt.
        digest: SHA-256 of `receipts.canonical`, 64 hexadecimal digits.
    """

    folio = models.CharField(max_length=20, unique=True)
    process = models.BigIntegerField(db_index=True)
    candidacy = models.BigIntegerField(null=True, db_index=True)
    account = models.BigIntegerField(db_index=True)
    account_name = models.CharField(max_length=150)
    how = models.CharField(max_length=8, choices=Arrival.choices)
    at = models.DateTimeField()
    received_by = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)
    recorded_by_name = models.CharField(max_length=150, blank=True)
    link = models.BigIntegerField(unique=True, null=True)
    digest = models.CharField(max_length=64)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "candidacies"
        verbose_name = _("acuse de una cuenta")
        verbose_name_plural = _("acuses de cuentas")

    def __str__(self) -> str:
        return self.folio
