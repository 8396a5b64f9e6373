"""What is public and nothing else. Only `cms.publication` writes candidacies here."""

from typing import Any, ClassVar

import orjson
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.catalogs.models import (
    CandidacyState,
    EndCause,
    Office,
    PoliticalActor,
    Principle,
    Process,
    ProcessOffice,
    SeatKind,
    Sex,
    Territory,
)
from cms.catalogs.public_paths import CANDIDACY


class JSONReadOften(models.JSONField):
    """A JSON field that is read with orjson, several times faster than with Python's own parser.

    A page of results reads the answers of each of its rows.
    """

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if isinstance(value, str):
            return orjson.loads(value)
        return super().from_db_value(value, expression, connection)

    def deconstruct(self) -> Any:
        """For migrations it is Django's own field: nothing in the database differs."""
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.JSONField", arguments, options


class PublishedCandidacy(models.Model):
    """One row per candidacy: the register, and the answers where they were published.

    `answers` is a list of dictionaries in the order in which the questions are asked:

    - "cuestionario", "pregunta", "etiqueta", "seccion": which question of which questionnaire;
    - "tipo": "texto", "lista" or "opcion"; "respuesta": a text or a list of texts; "valor": only
      of an option, what the definition calls it;
    - "capitulo", "capitulo_titulo", "orden": where the answer is read ("orden" counts from 1
      through all the chapters of the questionnaire);
    - "peso": "alto" or "bajo", how much its words count in the search; "donde": what the results
      say of a passage of it; "faceta": the public parameter that filters by it, or "", and
      "faceta_etiqueta": the facet's name for people; "comparacion": the group of answers with which
      it is compared.

    `facet_values` and `facet_labels` hold the answers to questions with a facet, by facet.
    `unanswered` has, by questionnaire, the questions that the candidacy was asked and left without
    answer, as members of `PublishedQuestionnaire.questions` without "opciones".
    `contacts` is a list of {"tipo", "etiqueta", "valor"} with the public ones.
    `superseded_by_id` and `supersedes_id` are the candidacies that replaced this one, and that this
    one replaced. `corrections` is a list of {"campo", "etiqueta", "fecha"}, the newest first: what
    was corrected of the register, never what it said before. A candidacy that ended keeps its
    register alone (ADR 0058).
    `photo` is the photograph that was approved, and `photo_name` what its published files are
    called (`cms.catalogs.pictures.sizes`).
    Whether a row, and its answers, may be shown now is decided by `selectors`, not by the row.
    """

    candidacy_id = models.BigIntegerField(primary_key=True)
    external_id = models.CharField(max_length=60, blank=True)
    process = models.ForeignKey(Process, models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    process_office = models.ForeignKey(ProcessOffice, models.CASCADE, related_name="+")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    actor = models.ForeignKey(PoliticalActor, models.PROTECT, related_name="+")

    name = models.CharField(_("nombre"), max_length=200)
    sort_key = models.CharField(max_length=250, db_collation="C")
    slug = models.SlugField(max_length=120)
    nickname = models.CharField(_("sobrenombre"), max_length=120, blank=True)
    principle = models.CharField(max_length=2, choices=Principle.choices, blank=True)
    seat_kind = models.CharField(max_length=12, choices=SeatKind.choices)
    list_number = models.PositiveIntegerField(null=True)
    sex = models.CharField(max_length=12, choices=Sex.choices, blank=True)
    age = models.PositiveSmallIntegerField(null=True)

    state = models.CharField(max_length=8, choices=CandidacyState.choices)
    end_cause = models.CharField(max_length=20, choices=EndCause.choices, blank=True)
    ended_on = models.DateField(null=True)
    superseded_by_id = models.BigIntegerField(null=True)
    supersedes_id = models.BigIntegerField(null=True)
    corrections = JSONReadOften(default=list)

    facet_values = JSONReadOften(default=dict)
    facet_labels = JSONReadOften(default=dict)
    answers = JSONReadOften(default=list)
    answers_count = models.GeneratedField(
        expression=models.Func(
            "answers", function="jsonb_array_length", output_field=models.IntegerField()
        ),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    unanswered = JSONReadOften(default=dict)
    contacts = JSONReadOften(default=list)
    photo = models.CharField(max_length=80, blank=True)
    photo_alt = models.CharField(max_length=250, blank=True)
    photo_name = models.CharField(
        max_length=36,
        blank=True,
        help_text="Random, and new for each publication of a photograph; empty until its files"
        " are made in the sizes that pages use.",
    )
    photo_width = models.PositiveSmallIntegerField(
        default=0, help_text="Of the whole photograph, in pixels; 0 until its files are made."
    )
    register_text = models.TextField(
        blank=True, help_text="Office, territory, actor and nickname: searched, never shown."
    )
    text_high_weight = models.TextField(blank=True)
    text_low_weight = models.TextField(blank=True)

    registered_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    # The database fills these in the transaction that writes the row.
    register_vector = SearchVectorField(null=True, editable=False)
    search_vector = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("candidatura publicada")
        verbose_name_plural = _("candidaturas publicadas")
        indexes: ClassVar = [
            GinIndex(fields=["search_vector"], name="published_search_gin"),
            GinIndex(fields=["register_vector"], name="published_register_gin"),
            models.Index(fields=["process", "territory"], name="published_process_territory"),
            models.Index(fields=["process", "sort_key"], name="published_process_name"),
            models.Index(
                fields=["photo"], condition=~models.Q(photo=""), name="published_photo_approved"
            ),
            models.Index(
                fields=["photo_name"],
                condition=~models.Q(photo_name=""),
                name="published_photo_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The path of the candidacy's page, which no import and no replacement changes."""
        return CANDIDACY.path(self.candidacy_id, self.slug)

    @property
    def photograph_file(self) -> str:
        """What the address of the whole photograph calls it; empty where there is none."""
        return f"{self.photo_name or self.photo}.jpg" if self.photo else ""

    @property
    def has_answers(self) -> bool:
        return self.published_at is not None


class PublishedQuestionnaire(models.Model):
    """What one version of a questionnaire asks in public, in one process.

    There is a row for the version that the process asks now (`is_current`, one for each kind of
    questionnaire) and for every version under which an answer was published.

    `questions` are the questions whose answers are read, in reading order. Each has the members of
    an answer of `PublishedCandidacy` without "respuesta" and "valor", and:

    - "opciones": [{"valor", "etiqueta"}] in their order, empty unless "tipo" is "opcion";
    - "sin_respuesta": "siempre", "junto" or "nunca", when the page says that the question was not
      answered: always, beside other answers of its chapter, or never.
    """

    process = models.ForeignKey(Process, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    questions = JSONReadOften(default=list)
    is_current = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("cuestionario publicado")
        verbose_name_plural = _("cuestionarios publicados")
        ordering: ClassVar = ["process", "kind", "-is_current", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["process", "kind", "version"], name="published_version_once"
            ),
            models.UniqueConstraint(
                fields=["process", "kind"],
                condition=models.Q(is_current=True),
                name="published_one_current_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id} · {self.version}"


class Visibility(models.Model):
    """When the register of an office of a process is public, and when its answers are.

    A view of the database, which is the one place where this is decided: selectors compare an
    instant with its periods, and so do the functions of the search.
    """

    process_office = models.OneToOneField(
        ProcessOffice, models.DO_NOTHING, primary_key=True, related_name="visibility"
    )
    register_during = DateTimeRangeField()
    answers_during = DateTimeRangeField()

    class Meta:
        managed = False
        db_table = "published_visibility"

    def __str__(self) -> str:
        return f"{self.process_office_id}: {self.register_during}"


class ContentKind(models.TextChoices):
    NEWS = "noticia", _("noticia")
    PAGE = "pagina", _("página")


class PublishedContent(models.Model):
    """The public copy of what Comunicación Social publishes, for the portal's lists and the API."""

    page_id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=10, choices=ContentKind.choices)
    slug = models.SlugField(max_length=255)
    url = models.CharField(max_length=500)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    body_text = models.TextField(blank=True)
    image_url = models.CharField(max_length=500, blank=True)
    image_alt = models.CharField(max_length=250, blank=True)
    date = models.DateField(null=True)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("contenido publicado")
        verbose_name_plural = _("contenidos publicados")
        ordering: ClassVar = ["-date", "-published_at"]

    def __str__(self) -> str:
        return self.title
