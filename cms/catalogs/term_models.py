"""The days on which the institute does not work, and how long the terms of each process are."""

from datetime import date
from functools import cache
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.catalogs.files import read_catalogue
from cms.catalogs.terms import Length, TermCalendar, problem_of

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
MOST_REMINDERS = 10


class Holiday(models.Model):
    """A day on which the institute does not work: terms in working days skip it."""

    day = models.DateField(
        _("día"), unique=True, validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
    )
    name = models.CharField(_("motivo"), max_length=120)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("día inhábil")
        verbose_name_plural = _("días inhábiles")
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"


@cache
def _usual(key: str) -> tuple[tuple[int, str], ...]:
    """The rows of the file of usual terms with this key: number and calendar."""
    return tuple(
        (int(row["numero"]), row["calendario"])
        for row in read_catalogue("plazos.csv")
        if row["clave"] == key
    )


def usual_capture() -> int:
    return _usual("captura")[0][0]


def usual_capture_calendar() -> str:
    return _usual("captura")[0][1]


def usual_correction() -> int:
    return _usual("subsanacion")[0][0]


def usual_correction_calendar() -> str:
    return _usual("subsanacion")[0][1]


def usual_replacement() -> int:
    return _usual("captura_sustitucion")[0][0]


def usual_replacement_calendar() -> str:
    return _usual("captura_sustitucion")[0][1]


def usual_reminders() -> list[int]:
    return [number for number, _calendar in _usual("recordatorio")]


def usual_resignation_limit() -> int:
    return _usual("renuncia")[0][0]


def _calendar(name: Any, usual: Any) -> "models.CharField[str, str]":
    return models.CharField(name, max_length=10, choices=TermCalendar.choices, default=usual)


class TermRules(models.Model):
    """How long the terms of a process are. A process without a row has the usual ones.

    Source: Lineamientos (Anexo 24.2 RE); LGIPE 241; LGSMIME 7.
    """

    process = models.OneToOneField(
        "catalogs.Process", models.CASCADE, related_name="+", verbose_name=_("proceso")
    )
    capture_number = models.PositiveIntegerField(_("plazo de captura"), default=usual_capture)
    capture_calendar = _calendar(_("se cuenta en"), usual_capture_calendar)
    correction_number = models.PositiveIntegerField(
        _("plazo para corregir"), default=usual_correction
    )
    correction_calendar = _calendar(_("se cuenta en"), usual_correction_calendar)
    replacement_number = models.PositiveIntegerField(
        _("plazo de captura de quien sustituye"), default=usual_replacement
    )
    replacement_calendar = _calendar(_("se cuenta en"), usual_replacement_calendar)
    every_day = models.BooleanField(_("todos los días son hábiles"), default=False)
    reminder_days = ArrayField(
        models.PositiveIntegerField(),
        verbose_name=_("días en que se recuerda"),
        default=usual_reminders,
        blank=True,
    )
    resignation_limit = models.PositiveSmallIntegerField(
        _("días sin sustitución por renuncia"),
        default=usual_resignation_limit,
        validators=[MaxValueValidator(120)],
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("plazos de un proceso")
        verbose_name_plural = _("plazos de los procesos")

    def __str__(self) -> str:
        return str(self.process)

    def clean(self) -> None:
        """Refuse terms that cannot be counted, and reminders on days that no term has."""
        super().clean()
        problems: dict[str, Any] = {}
        for name in ("capture", "correction", "replacement"):
            number, calendar = getattr(self, f"{name}_number"), getattr(self, f"{name}_calendar")
            if number is None or not calendar:
                continue  # The form already says so.
            if problem := problem_of(number, calendar):
                problems[f"{name}_number"] = problem
        self.reminder_days = sorted(set(self.reminder_days or ()))
        if len(self.reminder_days) > MOST_REMINDERS:
            problems["reminder_days"] = _("Son demasiados días: escribe diez o menos.")
        elif self.reminder_days and not 1 <= self.reminder_days[0] <= self.reminder_days[-1] <= 365:
            problems["reminder_days"] = _("Escribe días del 1 al 365.")
        if problems:
            raise ValidationError(problems)

    @property
    def capture(self) -> Length:
        """The term in which a candidacy captures, from when its account is delivered."""
        return Length(self.capture_number, self.capture_calendar)

    @property
    def correction(self) -> Length:
        """The term in which what was observed is corrected."""
        return Length(self.correction_number, self.correction_calendar)

    @property
    def replacement(self) -> Length:
        """The term of a candidacy that takes the place of another."""
        return Length(self.replacement_number, self.replacement_calendar)
