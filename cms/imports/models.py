"""The record of each import, and the files that are sent through the admin."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.catalogs.models import Process

COUNTED = {
    "created": _("nuevas"),
    "updated": _("actualizadas"),
    "unchanged": _("sin cambio"),
    "not_applied": _("no aplicadas"),
    "left_alone": _("capturadas aquí, intactas"),
}


class ImportRecord(models.Model):
    """A file that changed something: who brought it, its hash, its source and the counts."""

    process = models.ForeignKey(
        Process, models.CASCADE, related_name="+", verbose_name=_("proceso")
    )
    command = models.CharField(_("comando"), max_length=40)
    profile = models.CharField(_("perfil"), max_length=40)
    source = models.CharField(_("archivo"), max_length=255)
    sha256 = models.CharField(_("SHA-256 del archivo"), max_length=64)
    published = models.BooleanField(_("publicado"), default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("cuenta"),
    )
    operator = models.CharField(_("quién lo ejecutó"), max_length=150)
    counts = models.JSONField(_("cuentas"))
    imported_at = models.DateTimeField(_("fecha"), auto_now_add=True)

    class Meta:
        verbose_name = _("importación")
        verbose_name_plural = _("importaciones")
        ordering: ClassVar = ["-imported_at"]

    def __str__(self) -> str:
        return f"{self.command} · {self.source}"

    def counts_in_words(self) -> str:
        """What the file changed, in one line."""
        return ", ".join(
            f"{self.counts[name]:,} {word}"
            for name, word in COUNTED.items()
            if self.counts.get(name)
        )

    counts_in_words.short_description = _("qué cambió")  # type: ignore[attr-defined]


class Kind(models.TextChoices):
    """What a file that is sent brings."""

    REGISTER = "registro", _("Registro de candidaturas del instituto")
    OFFICIAL = "oficial", _("Archivo oficial de Conóceles, con respuestas")


class State(models.TextChoices):
    """Where a file that was sent stands."""

    RECEIVED = "recibido", _("Recibido")
    CHECKING = "revisando", _("Revisando")
    WRONG = "con_errores", _("Con errores")
    READY = "listo", _("Listo para aplicar")
    APPLYING = "aplicando", _("Aplicando")
    APPLIED = "aplicado", _("Aplicado")
    FAILED = "fallo", _("Falló")


# While a file is in one of these, a job of the queue has it.
AT_WORK = (State.RECEIVED, State.CHECKING, State.APPLYING)


class ImportPolicy(models.Model):
    """How files are applied in a process. Without a policy, whoever sent a file may apply it."""

    process = models.OneToOneField(
        Process, models.CASCADE, related_name="+", verbose_name=_("proceso")
    )
    two_people = models.BooleanField(
        _("aplica otra persona"),
        default=False,
        help_text=_(
            "Con esto, quien sube un archivo no puede aplicarlo: lo aplica otra persona con la"
            " función de administración, después de leer el informe. Vale también para los archivos"
            " que ya esperan. En público nada cambia hasta que se aplica."
        ),
    )

    class Meta:
        verbose_name = _("regla de carga")
        verbose_name_plural = _("reglas de carga")
        ordering: ClassVar = ["process"]

    def __str__(self) -> str:
        return str(self.process)


class OwnProfile(models.Model):
    """A format of official files that the institute wrote: which column is what (profiles.py).

    A file that was sent keeps the content it was sent with: a later change is for later files.
    """

    name = models.SlugField(
        _("clave"),
        max_length=40,
        unique=True,
        help_text=_("Corta y sin espacios, como «mi-instituto». El historial la dice."),
    )
    title = models.CharField(
        _("nombre"),
        max_length=120,
        help_text=_("Como se elige en «Formato» al subir un archivo. En público no se ve."),
    )
    content = models.JSONField(
        _("contenido"),
        help_text=_(
            "Un objeto JSON que dice qué columna es qué y cómo llama el archivo a cada cosa; lo"
            " que no diga es un error de la fila. Un cambio vale para los archivos que se suban"
            " después; en público nada cambia hasta que se aplique uno."
        ),
    )

    class Meta:
        verbose_name = _("formato propio")
        verbose_name_plural = _("formatos propios")
        ordering: ClassVar = ["title", "name"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a content with which no file could be read."""
        from cms.imports.own_profiles import check_content

        super().clean()
        if self.name and self.content is not None:
            check_content(self.content, self.name)
            self.content = {**self.content, "name": self.name, "title": self.title}


class Upload(models.Model):
    """A file that somebody sent through the admin: what it is, where it stands, what was found.

    The file is private: it is stored under a random name, and deleted after some days together with
    the rows of its report, which may quote personal data. Its hash and its counts stay.
    """

    process = models.ForeignKey(
        Process, models.CASCADE, related_name="+", verbose_name=_("proceso")
    )
    kind = models.CharField(_("qué trae"), max_length=10, choices=Kind.choices)
    profile = models.CharField(_("formato"), max_length=40, blank=True)
    own_profile = models.JSONField(_("contenido del formato propio"), null=True, editable=False)
    publish = models.BooleanField(_("publicar las respuestas"), default=False)
    repair_encoding = models.BooleanField(_("reparar celdas mal codificadas"), default=False)
    sheet = models.CharField(_("hoja"), max_length=255, blank=True)
    stored = models.UUIDField(_("archivo guardado"), null=True, editable=False)
    name = models.CharField(_("archivo"), max_length=255)
    sha256 = models.CharField(_("SHA-256 del archivo"), max_length=64)
    size = models.PositiveBigIntegerField(_("tamaño en bytes"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("quién lo subió"),
    )
    uploaded_at = models.DateTimeField(_("subido"), auto_now_add=True)
    state = models.CharField(
        _("estado"), max_length=12, choices=State.choices, default=State.RECEIVED
    )
    state_since = models.DateTimeField(_("desde"), auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(_("intentos"), default=0)
    report = models.JSONField(_("informe"), default=dict)
    reviewed_at = models.DateTimeField(_("revisado"), null=True)
    last_record = models.BigIntegerField(_("última importación al revisarlo"), null=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("quién lo aplicó"),
    )
    applied_at = models.DateTimeField(_("aplicado"), null=True)
    record = models.OneToOneField(
        ImportRecord, models.SET_NULL, null=True, related_name="upload", verbose_name=_("registro")
    )

    class Meta:
        verbose_name = _("archivo subido")
        verbose_name_plural = _("archivos subidos")
        ordering: ClassVar = ["-uploaded_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["process"],
                condition=models.Q(state="aplicando"),
                name="one_upload_applied_at_a_time",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "state_since"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_at_work(self) -> bool:
        """Whether a job of the queue has it."""
        return self.state in AT_WORK


class UploadProgress(models.Model):
    """How far a job is with a file. It stands apart, since it is written while the job is not done.

    Attributes:
        total: rows in all; None while it is not known.
    """

    upload = models.OneToOneField(
        Upload, models.CASCADE, primary_key=True, related_name="progress", db_constraint=False
    )
    doing = models.CharField(max_length=40)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("avance")
        verbose_name_plural = _("avances")

    def __str__(self) -> str:
        return f"{self.doing} {self.done}"
