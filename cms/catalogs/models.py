"""What every room shares: processes, territories, offices, actors, and when things are public."""

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from cms.catalogs.common_words import refuse_common
from cms.catalogs.contact import Contact, telephone_as_read, validate_telephone
from cms.catalogs.forms import SettingsForm
from cms.catalogs.spanish import fold


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
    entity_code = models.CharField(_("entidad federativa"), max_length=2, blank=True)
    election_date = models.DateField(_("jornada electoral"), null=True, blank=True)
    closes_on = models.DateField(_("cierre del proceso"), null=True, blank=True)
    fictitious = models.BooleanField(
        _("demostración"),
        default=False,
        help_text=_("Personas y textos ficticios: todas las páginas lo dicen."),
    )

    class Meta:
        verbose_name = _("proceso electoral")
        verbose_name_plural = _("procesos electorales")
        ordering: ClassVar = ["-election_date", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a closing date after the answers of some office end.

        Source: LGTAIP 58, 63 and 70 (the register stays public).
        """
        super().clean()
        closing = self.closes_on or self.election_date
        if self.pk is None or closing is None:
            return
        ends = self.offices.filter(public_until__isnull=False).values_list(
            "public_until", flat=True
        )
        if any(timezone.localtime(end).date() < closing for end in ends):
            field = "closes_on" if self.closes_on else "election_date"
            message = _("Un cargo de este proceso deja de ser público antes: cambia primero eso.")
            raise ValidationError({field: message})


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
    frozen_from = models.DateTimeField(_("veda: desde"), null=True, blank=True)
    frozen_until = models.DateTimeField(_("veda: hasta"), null=True, blank=True)
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
        """Refuse windows that end before they begin, or before the process closes.

        Source: LGTAIP 58, 63 and 70 (the register stays public).
        """
        super().clean()
        if not self.process_id:
            return  # The form already says that the process is missing.
        closing = self.process.closes_on or self.process.election_date
        ends = timezone.localtime(self.public_until).date() if self.public_until else None
        if ends and closing and ends < closing:
            raise ValidationError(
                {
                    "public_until": _(
                        "La publicación no puede terminar antes del cierre del proceso, %(date)s."
                    )
                    % {"date": closing.strftime("%d/%m/%Y")}
                }
            )
        if self.frozen_from and self.frozen_until and self.frozen_until <= self.frozen_from:
            raise ValidationError(
                {"frozen_until": _("La veda debe terminar después de su comienzo.")}
            )
        if bool(self.frozen_from) != bool(self.frozen_until):
            raise ValidationError(
                {"frozen_until": _("Escribe el comienzo y el fin de la veda, o ninguno.")}
            )

    def is_frozen(self, at: datetime) -> bool:
        """Whether there is electoral silence: new text waits, and what is published stays."""
        return (
            self.frozen_from is not None
            and self.frozen_until is not None
            and self.frozen_from <= at < self.frozen_until
        )


class SynonymGroup(models.Model):
    """Words and phrases that mean nearly the same: who searches for one finds the others too.

    The search reads them with each question, so a change needs no new index.
    """

    terms = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("palabras o frases"),
        help_text=_("Separadas por comas: «agua, recursos hídricos, vital líquido»."),
    )
    reason = models.CharField(
        _("razón"),
        max_length=250,
        help_text=_("Por qué quien busca una queda contento si encuentra las otras."),
    )
    active = models.BooleanField(_("en uso"), default=True)

    class Meta:
        verbose_name = _("grupo de sinónimos")
        verbose_name_plural = _("grupos de sinónimos")
        ordering: ClassVar = ["terms"]

    def __str__(self) -> str:
        return ", ".join(self.terms)

    def clean(self) -> None:
        """Refuse fewer than two different terms, terms that nobody can search, and a group twice.

        Capitals and accents do not count.
        """
        super().clean()
        self.terms = [" ".join(term.split()) for term in self.terms or () if term.strip()]
        terms = {fold(term) for term in self.terms}
        if not terms:
            return  # The form already says what is wrong with them.
        if len(terms) < 2:
            raise ValidationError(
                {"terms": _("Escribe al menos dos palabras o frases distintas, con comas.")}
            )
        refuse_common("terms", self.terms)
        for other in SynonymGroup.objects.exclude(pk=self.pk):
            if terms <= {fold(term) for term in other.terms}:
                said = _("El grupo «%(group)s» ya las reúne. Cambia ese grupo.")
                raise ValidationError({"terms": said % {"group": other}})


def refuse_twice(row: "Hypocoristic | ProtectedWord", field: str) -> None:
    """Raise ValidationError if another row has the same word; capitals and accents do not count."""
    wanted = fold(getattr(row, field))
    others = type(row)._default_manager.exclude(pk=row.pk).values_list(field, flat=True)
    if found := next((word for word in others if fold(word) == wanted), None):
        raise ValidationError({field: _("«%(word)s» ya está en la lista.") % {"word": found}})


class Hypocoristic(models.Model):
    """A familiar form of a name («Lupita») and the names that it stands for."""

    familiar = models.CharField(
        _("forma familiar"), max_length=40, unique=True, help_text=_("Una sola palabra: «Lupita».")
    )
    names = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("nombres"),
        help_text=_("Los nombres que puede querer decir, separados por comas: «Guadalupe»."),
    )
    reason = models.CharField(_("razón"), max_length=250)
    active = models.BooleanField(_("en uso"), default=True)

    class Meta:
        verbose_name = _("forma familiar de un nombre")
        verbose_name_plural = _("formas familiares de nombres")
        ordering: ClassVar = ["familiar"]

    def __str__(self) -> str:
        return f"{self.familiar}: {', '.join(self.names)}"

    def clean(self) -> None:
        """Refuse forms and names of several words: each word of a name is searched by itself."""
        super().clean()
        self.names = [name.strip() for name in self.names or () if name.strip()]
        several = _("Escribe una sola palabra, sin espacios ni signos.")
        if not self.familiar.isalpha():
            raise ValidationError({"familiar": several})
        if not self.names or not all(name.isalpha() for name in self.names):
            raise ValidationError({"names": several})
        refuse_common("familiar", [self.familiar])
        if fold(self.familiar) in map(fold, self.names):
            raise ValidationError({"names": _("Escribe un nombre distinto de la forma familiar.")})
        refuse_twice(self, "familiar")


class ProtectedWord(models.Model):
    """A word that the search never takes for a typing error."""

    word = models.CharField(_("palabra"), max_length=40, unique=True)
    reason = models.CharField(_("razón"), max_length=250)

    class Meta:
        verbose_name = _("palabra protegida")
        verbose_name_plural = _("palabras protegidas")
        ordering: ClassVar = ["word"]

    def __str__(self) -> str:
        return self.word

    def clean(self) -> None:
        """Refuse several words: the search compares them one by one."""
        super().clean()
        if not self.word.isalnum():
            raise ValidationError({"word": _("Escribe una sola palabra, sin espacios ni signos.")})
        refuse_common("word", [self.word])
        refuse_twice(self, "word")


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
    institute_name = models.CharField(
        _("nombre del instituto"), max_length=120, default="Instituto Electoral de Coahuila"
    )
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
        FieldPanel("current_process"),
        FieldPanel("institute_name"),
        MultiFieldPanel(
            [
                FieldPanel("contact_area"),
                FieldPanel("contact_email"),
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
