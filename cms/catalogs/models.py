"""What every room shares: processes, territories, offices, actors, and when things are public."""

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from cms.catalogs import calendar, entities
from cms.catalogs.contact import Contact, telephone_as_read, validate_telephone
from cms.catalogs.forms import SettingsForm
from cms.catalogs.term_models import Holiday, TermRules
from cms.catalogs.word_models import Hypocoristic, ProtectedWord, SynonymGroup

__all__ = ["Holiday", "Hypocoristic", "ProtectedWord", "SynonymGroup", "TermRules"]

# A slate of the largest council has under thirty places; a list of deputies, up to two hundred.
MOST_SEATS = 500


class TerritoryKind(models.TextChoices):
    ENTITY = "entidad", _("entidad")
    CONSTITUENCY = "circunscripcion", _("circunscripción")
    DISTRICT = "distrito", _("distrito")
    MUNICIPALITY = "municipio", _("municipio")


class Principle(models.TextChoices):
    MAJORITY = "mr", _("mayoría relativa")
    PROPORTIONAL = "rp", _("representación proporcional")
    FIRST_MINORITY = "pm", _("primera minoría")


class SeatKind(models.TextChoices):
    HOLDER = "propietaria", _("propietaria")
    ALTERNATE = "suplente", _("suplente")


class Sex(models.TextChoices):
    WOMAN = "mujer", _("mujer")
    MAN = "hombre", _("hombre")
    NON_BINARY = "no_binario", _("no binario")


class ActorKind(models.TextChoices):
    PARTY = "partido", _("partido político")
    COALITION = "coalicion", _("coalición")
    COMMON = "candidatura_comun", _("candidatura común")
    INDEPENDENT = "independiente", _("candidatura independiente")


class CandidacyState(models.TextChoices):
    ACTIVE = "activa", _("activa")
    ENDED = "baja", _("baja")


class EndCause(models.TextChoices):
    RESIGNATION = "renuncia", _("renuncia")
    CANCELLATION = "cancelacion", _("cancelación")
    DEATH = "fallecimiento", _("fallecimiento")
    RULING = "resolucion_judicial", _("resolución judicial")


class Process(models.Model):
    """An electoral process, e.g. the ordinary local one of 2024."""

    slug = models.SlugField(_("clave"), max_length=60, unique=True)
    name = models.CharField(_("nombre"), max_length=200)
    entity_code = models.CharField(
        _("entidad federativa"),
        max_length=2,
        blank=True,
        help_text=_("Clave INEGI de dos dígitos. De ella son el mapa y los municipios del portal."),
    )
    election_date = models.DateField(
        _("jornada electoral"),
        null=True,
        blank=True,
        help_text=_("La portada y las boletas la dicen."),
    )
    closes_on = models.DateField(
        _("cierre del proceso"),
        null=True,
        blank=True,
        help_text=_("Hasta ese día, por lo menos, se ven las respuestas."),
    )
    ballots_printed_on = models.DateField(
        _("impresión de las boletas"),
        null=True,
        blank=True,
        help_text=_("Desde ese día, quien deja de competir puede seguir en la boleta."),
    )
    fictitious = models.BooleanField(
        _("demostración"),
        default=False,
        help_text=_("Personas y textos ficticios: todas las páginas lo dicen."),
    )
    # Of which process this is a rehearsal, from its beginning to its end (trigger in 0005). The
    # public sees a rehearsal only while it is the current process.
    rehearsal_of = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="rehearsals"
    )

    class Meta:
        verbose_name = _("proceso electoral")
        verbose_name_plural = _("procesos electorales")
        ordering: ClassVar = ["-election_date", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_rehearsal(self) -> bool:
        """Whether it is a copy of another process, with people who do not exist."""
        return self.rehearsal_of_id is not None

    def clean(self) -> None:
        """Refuse an order of dates that the law does not allow, also of the process's offices.

        Source: LGTAIP 58, 63 and 70 (the register stays public); LGIPE 251 (silence).
        """
        super().clean()
        entities.check_entity(self)
        calendar.check_process(self)


class Territory(models.Model):
    """Where a contest takes place. Its key is the entity, the kind, and a number or folded name."""

    kind = models.CharField(_("tipo"), max_length=20, choices=TerritoryKind.choices)
    entity_code = models.CharField(
        _("entidad federativa"), max_length=2, help_text=_("Clave INEGI de dos dígitos.")
    )
    key = models.CharField(
        _("clave interna"), max_length=120, help_text=_("Número, o nombre sin acentos.")
    )
    name = models.CharField(_("nombre"), max_length=160)
    sort_key = models.CharField(max_length=200, db_collation="C", editable=False)
    slug = models.SlugField(max_length=140, unique=True)
    cvegeo = models.CharField("CVEGEO", max_length=5, blank=True)
    number = models.PositiveIntegerField(_("número"), null=True, blank=True)
    majority_councillors = models.PositiveSmallIntegerField(
        _("regidurías de mayoría"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("territorio")
        verbose_name_plural = _("territorios")
        ordering: ClassVar = ["sort_key"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_code", "kind", "key"], name="territory_natural_key"
            ),
            models.UniqueConstraint(
                fields=["cvegeo"], condition=~models.Q(cvegeo=""), name="territory_cvegeo"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_key(self) -> str:
        """What the API calls `clave`: the CVEGEO if the territory has one, otherwise its slug."""
        return self.cvegeo or self.slug


class Office(models.Model):
    """A post that people vote for. Its code never changes; its name is data of the institute."""

    code = models.SlugField(_("clave"), max_length=40, unique=True)
    name = models.CharField(_("nombre"), max_length=80)
    target = models.CharField(
        _("frase"),
        max_length=100,
        help_text=_("Como sigue a «candidata», p. ej. «a la presidencia municipal»."),
    )
    territory_kind = models.CharField(_("ámbito"), max_length=20, choices=TerritoryKind.choices)
    ballot_order = models.PositiveSmallIntegerField(_("orden en la boleta"))

    class Meta:
        verbose_name = _("cargo")
        verbose_name_plural = _("cargos")
        ordering: ClassVar = ["ballot_order"]

    def __str__(self) -> str:
        return self.name


class PoliticalActor(models.Model):
    """Who postulates in one process: a party, a coalition, a common candidacy or an independent."""

    process = models.ForeignKey(
        Process, models.CASCADE, related_name="actors", verbose_name=_("proceso")
    )
    key = models.SlugField(_("clave"), max_length=120)
    acronym = models.CharField(_("siglas"), max_length=40, blank=True)
    name = models.CharField(_("nombre"), max_length=200)
    kind = models.CharField(_("tipo"), max_length=20, choices=ActorKind.choices)
    members = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("integrantes"),
        default=list,
        blank=True,
        help_text=_("Siglas de los partidos de la coalición, en el orden de la boleta."),
    )
    ballot_order = models.PositiveSmallIntegerField(_("orden en la boleta"), default=500)
    color = models.CharField(
        _("color de referencia"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Escribe un color como #4a2c82."))],
    )

    class Meta:
        verbose_name = _("actor político")
        verbose_name_plural = _("actores políticos")
        ordering: ClassVar = ["ballot_order", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "key"], name="actor_key_per_process"),
        ]

    def __str__(self) -> str:
        return self.name


class ProcessOffice(models.Model):
    """One office of one process, with the dates that decide when its information is public.

    The dates are compared with the clock whenever something is read.


    Source: Lineamientos (Council's agreement on the start of publication); LGIPE 251 (silence);
    LGTAIP 58, 63, 70 (the register outlives the questionnaires).
    """

    process = models.ForeignKey(
        Process, models.CASCADE, related_name="offices", verbose_name=_("proceso")
    )
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("cargo"))
    visible_from = models.DateTimeField(
        _("visible desde"),
        null=True,
        blank=True,
        help_text=_("Acuerdo del Consejo General. Vacío: todavía no se publica nada."),
    )
    campaign_from = models.DateField(
        _("campañas: desde"),
        null=True,
        blank=True,
        help_text=_("Primer día de las campañas de este cargo. El portal lo anuncia."),
    )
    campaign_until = models.DateField(
        _("campañas: hasta"),
        null=True,
        blank=True,
        help_text=_("Último día: antes de los tres días que preceden a la jornada."),
    )
    frozen_from = models.DateTimeField(
        _("veda: desde"),
        null=True,
        blank=True,
        help_text=_(
            "Tres días antes de la jornada, a las 0:00 h. Desde entonces no se publica texto"
            " nuevo; lo publicado sigue a la vista."
        ),
    )
    frozen_until = models.DateTimeField(
        _("veda: hasta"),
        null=True,
        blank=True,
        help_text=_("El fin del día de la jornada: las 0:00 h del día siguiente."),
    )
    public_until = models.DateTimeField(
        _("respuestas públicas hasta"),
        null=True,
        blank=True,
        help_text=_("Después queda solo el registro: nombre, cargo, actor, lista y estado."),
    )

    class Meta:
        verbose_name = _("cargo del proceso")
        verbose_name_plural = _("cargos del proceso")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "office"], name="office_per_process"),
        ]

    def __str__(self) -> str:
        return f"{self.office} · {self.process}"

    def clean(self) -> None:
        """Refuse an order of dates that the law does not allow.

        Source: LGTAIP 58, 63 and 70 (the register stays public); LGIPE 251 (silence).
        """
        super().clean()
        if self.process_id:  # Otherwise the form already says that the process is missing.
            calendar.check_office(self)

    def is_frozen(self, at: datetime) -> bool:
        """Whether there is electoral silence: new text waits, and what is published stays."""
        return (
            self.frozen_from is not None
            and self.frozen_until is not None
            and self.frozen_from <= at < self.frozen_until
        )


class Contest(models.Model):
    """What a territory elects of one office of a process, whether or not anybody stands yet.

    Attributes:
        seats: people whom each actor postulates, alternates apart; None: not said yet.
        covers: CVEGEO of the municipalities of a district, as this process draws it.
    """

    process_office = models.ForeignKey(
        ProcessOffice,
        models.CASCADE,
        related_name="contests",
        verbose_name=_("cargo del proceso"),
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, related_name="+", verbose_name=_("territorio")
    )
    seats = models.PositiveSmallIntegerField(
        _("lugares"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)],
        help_text=_("Personas propietarias que postula cada actor. Vacío: todavía no se sabe."),
    )
    covers = ArrayField(
        models.CharField(max_length=5),
        verbose_name=_("municipios que abarca"),
        default=list,
        blank=True,
        help_text=_("CVEGEO de los municipios de un distrito: así la gente encuentra el suyo."),
    )

    class Meta:
        verbose_name = _("elección")
        verbose_name_plural = _("elecciones")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["process_office", "territory"], name="contest_per_territory"
            ),
            models.CheckConstraint(
                condition=models.Q(seats__isnull=True) | models.Q(seats__gte=1),
                name="contest_has_seats",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.territory} · {self.process_office}"


# The first institute that uses the system, and its entity.
INSTITUTE, ENTITY_OF_INSTITUTE = "Instituto Electoral de Coahuila", "05"


@register_setting(icon="site")
class PortalSettings(BaseGenericSetting):
    """What the institute decides about its portal. An import never changes it."""

    current_process = models.ForeignKey(
        Process,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proceso vigente"),
    )
    institute_name = models.CharField(_("nombre del instituto"), max_length=120, default=INSTITUTE)
    contact_area = models.CharField(
        _("área que responde"),
        max_length=120,
        default="Unidad de Transparencia",
        help_text=_("A quién se dirige la gente, p. ej. «Unidad de Transparencia»."),
    )
    contact_email = models.EmailField(_("correo"), blank=True)
    contact_telephone = models.CharField(
        _("teléfono"),
        max_length=40,
        blank=True,
        validators=[validate_telephone],
        help_text=_("Diez dígitos y, si hace falta, la extensión: 844 123 4567 ext. 89."),
    )
    contact_address = models.CharField(
        _("domicilio"),
        max_length=250,
        blank=True,
        help_text=_("Calle, número, colonia, código postal y municipio."),
    )
    contact_hours = models.CharField(
        _("horario de atención"),
        max_length=120,
        blank=True,
        help_text=_("Por ejemplo: lunes a viernes, de 9:00 a 16:00."),
    )
    contact_answer_days = models.PositiveSmallIntegerField(
        _("días hábiles para responder"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("En cuántos días hábiles, a más tardar, se responde. Vacío: no se promete."),
    )

    base_form_class = SettingsForm
    panels: ClassVar = [
        HelpPanel(template="catalogs/current_process_panel.html", heading=_("Proceso vigente")),
        FieldPanel(
            "institute_name",
            help_text=_("Se lee arriba y al pie de todas las páginas públicas, y al compartirlas."),
        ),
        MultiFieldPanel(
            [
                FieldPanel("contact_area"),
                FieldPanel(
                    "contact_email",
                    help_text=_("La gente le escribe; es público."),
                ),
                FieldPanel("contact_telephone"),
                FieldPanel("contact_address"),
                FieldPanel("contact_hours"),
                FieldPanel("contact_answer_days"),
            ],
            heading=_("Contacto"),
            help_text=_(
                "Aparece al pie de cada página y donde el portal ofrece ayuda: al entrar, en la"
                " captura, en privacidad y en accesibilidad. Mientras falten el correo, el"
                " teléfono y el domicilio, ninguna página promete un contacto."
            ),
        ),
    ]

    class Meta:
        verbose_name = _("portal")

    def __str__(self) -> str:
        return self.institute_name

    def clean(self) -> None:
        """Write the telephone in one way, and refuse hours without a way to reach anybody."""
        super().clean()
        self.contact_telephone = telephone_as_read(self.contact_telephone)
        if (self.contact_hours or self.contact_answer_days) and not self.contact:
            raise ValidationError(
                {
                    "contact_email": _(
                        "Escribe un correo, un teléfono o un domicilio: sin ellos, el horario y el"
                        " plazo no llevan a nadie."
                    )
                }
            )

    @property
    def has_name_of_another_entity(self) -> bool:
        """Whether the portal still has the first institute's name, in a process of another one."""
        entity = self.current_process.entity_code if self.current_process is not None else ""
        return self.institute_name == INSTITUTE and entity not in ("", ENTITY_OF_INSTITUTE)

    @property
    def contact(self) -> Contact:
        """How people reach the institute, as pages show it."""
        return Contact(
            area=self.contact_area,
            email=self.contact_email,
            telephone=self.contact_telephone,
            address=self.contact_address,
            hours=self.contact_hours,
            answer_days=self.contact_answer_days,
        )
