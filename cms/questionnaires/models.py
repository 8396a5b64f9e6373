"""Questionnaires as data, their pages, drafts, photographs and sealed submissions."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.candidacies.models import CandidacyPage
from cms.candidacies.sealed import SealedPage
from cms.catalogs.models import Process
from cms.questionnaires import kinds
from cms.questionnaires.definitions import Definition, DefinitionError
from cms.questionnaires.versions.keys import (
    WORDS_OF_CAPTURE,
    of_another_type,
    questions_in,
    types_used,
)

# Capture has these after the candidacy in its addresses, where the key of a section may stand.
_WORDS_OF_ADDRESSES = {"revisar", "acuse", "copiar"}


class QuestionnaireState(models.TextChoices):
    EMPTY = "sin_captura", _("Sin captura")
    CAPTURE = "en_captura", _("En captura")
    SUBMITTED = "enviado", _("Enviado")
    OBSERVED = "observado", _("Observado")
    CORRECTION = "en_subsanacion", _("En subsanación")
    VALIDATED = "validado", _("Validado")
    PUBLISHED = "publicado", _("Publicado")
    IMPORTED = "importado", _("Importado")


class QuestionnaireDefinition(models.Model):
    """One version of a questionnaire: sections, questions, options, limits and counting rule.

    `content` follows `definitions.Definition` and is checked by it. A stored version is never
    edited, since answers name the version under which they were given: a change is a new version.
    Only how answers are read follows the product's own files (`loading.load_definitions`).
    """

    kind = models.CharField(_("cuestionario"), max_length=kinds.LONGEST_KEY, choices=kinds.choices)
    version = models.SlugField(_("versión"), max_length=40, unique=True)
    title = models.CharField(_("título"), max_length=160)
    content = models.JSONField(_("contenido"))

    class Meta:
        verbose_name = _("definición de cuestionario")
        verbose_name_plural = _("definiciones de cuestionarios")

    def __str__(self) -> str:
        return self.version

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to save a version again."""
        if self.pk is not None:
            raise TypeError("Una versión no se modifica: haz una nueva.")
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Check the content, and copy kind, version and title from it into the columns."""
        super().clean()
        try:
            definition = Definition.from_content(self.content)
        except DefinitionError as error:
            raise ValidationError({"content": str(error)}) from None
        if problem := _problem_of(definition) or _retyped(definition.kind, self.content):
            raise ValidationError({"content": problem})
        self.kind, self.title = definition.kind, definition.title
        self.version = definition.version


def reserved_section_keys() -> set[str]:
    """Words that no section may have as its key: they are parts of the addresses of capture."""
    return {kind.path for kind in kinds.kinds()} | _WORDS_OF_ADDRESSES


def _problem_of(definition: Definition) -> str:
    """Why a definition cannot be stored as a new version, in Spanish; empty when it can."""
    if definition.kind not in kinds.REGISTRY:
        known = ", ".join(f"«{kind.key}»" for kind in kinds.kinds())
        return gettext("«%(kind)s» no es un cuestionario. Escribe en «kind»: %(known)s.") % {
            "kind": definition.kind,
            "known": known,
        }
    taken = reserved_section_keys()
    for section in definition.sections:
        if section.key in taken:
            return gettext(
                "El apartado «%(key)s» no puede tener esa clave, que ya es parte de las"
                " direcciones de captura: escribe otra."
            ) % {"key": section.key}
    for question in definition.questions():
        if question.key in WORDS_OF_CAPTURE:
            return gettext(
                "La pregunta «%(key)s» no puede tener esa clave, que ya usa la página de captura:"
                " escribe otra."
            ) % {"key": question.key}
    if QuestionnaireDefinition.objects.filter(version=definition.version).exists():
        return gettext(
            "La versión «%(version)s» ya existe y no se modifica: escribe otra clave en «version»."
        ) % {"version": definition.version}
    return ""


def _retyped(kind: str, content: Mapping[str, Any]) -> str:
    """Why a key may not be used again, in Spanish: its answers would pass for those of another."""
    stored = QuestionnaireDefinition.objects.filter(kind=kind)
    used = types_used(stored.values_list("content", flat=True))
    for question in questions_in(content):
        if of_another_type(question, used):
            return gettext(
                "La pregunta «%(key)s» fue de otro tipo en otra versión: escríbele otra clave."
            ) % {"key": question["key"]}
    return ""


class ProcessQuestionnaire(models.Model):
    """The version of each questionnaire that a process uses, and its own counting rule if any."""

    process = models.ForeignKey(
        Process, models.CASCADE, related_name="questionnaires", verbose_name=_("proceso")
    )
    kind = models.CharField(_("cuestionario"), max_length=kinds.LONGEST_KEY, choices=kinds.choices)
    definition = models.ForeignKey(
        QuestionnaireDefinition, models.PROTECT, related_name="+", verbose_name=_("versión")
    )
    counting_rule = models.CharField(
        _("regla de conteo"),
        max_length=12,
        blank=True,
        choices=[
            ("sin_espacios", _("sin contar espacios")),
            ("con_espacios", _("contando espacios")),
        ],
        help_text=_("Vacío: la de la versión."),
    )

    class Meta:
        verbose_name = _("cuestionario del proceso")
        verbose_name_plural = _("cuestionarios del proceso")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "kind"], name="one_version_per_process"),
        ]

    def __str__(self) -> str:
        return f"{self.process} · {self.definition}"

    def clean(self) -> None:
        """The version must be of the chosen kind."""
        super().clean()
        if self.definition_id and self.definition.kind != self.kind:
            raise ValidationError({"definition": _("Esa versión es de otro cuestionario.")})


class DefinitionDraft(models.Model):
    """A version in the making: what a process will ask of a kind once it is put in force.

    `content` is written as in `QuestionnaireDefinition`, but may be incomplete. `edition` grows
    with every change, so that somebody who saw an older one is told before anything is lost.
    """

    process = models.ForeignKey(
        Process, models.CASCADE, related_name="+", verbose_name=_("proceso")
    )
    kind = models.CharField(_("cuestionario"), max_length=kinds.LONGEST_KEY, choices=kinds.choices)
    begun_from = models.ForeignKey(
        QuestionnaireDefinition, models.PROTECT, related_name="+", verbose_name=_("empezó de")
    )
    content = models.JSONField(_("contenido"))
    edition = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField(_("empezó"), default=timezone.now)
    changed_at = models.DateTimeField(_("último cambio"), default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("quién lo cambió"),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("borrador de una versión")
        verbose_name_plural = _("borradores de versiones")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "kind"], name="one_draft_version_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.process}"


class DefinitionChange(models.Model):
    """A process began to ask otherwise: what changed in words, who, when, and the notice to INE.

    Append-only but for the notice, which is written once (trigger in migration 0005).
    `actor_snapshot` and `informed_snapshot` outlive the accounts.

    Source: Lineamientos (Anexo 24.2 RE), art. 11: additions to the questionnaires are informed to
    INE within three days.
    """

    process = models.ForeignKey(
        Process, models.CASCADE, related_name="+", verbose_name=_("proceso")
    )
    kind = models.CharField(_("cuestionario"), max_length=kinds.LONGEST_KEY, choices=kinds.choices)
    before = models.ForeignKey(
        QuestionnaireDefinition,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("versión anterior"),
    )
    after = models.ForeignKey(
        QuestionnaireDefinition, models.PROTECT, related_name="+", verbose_name=_("versión nueva")
    )
    words = models.JSONField(_("qué cambió"))
    made_at = models.DateTimeField(_("en vigor desde"), default=timezone.now)
    actor_snapshot = models.JSONField(_("quién"))
    due_on = models.DateField(_("informar a más tardar"))
    informed_on = models.DateField(_("se informó el"), null=True, blank=True)
    folio = models.CharField(_("folio"), max_length=80, blank=True)
    informed_snapshot = models.JSONField(_("quién lo anotó"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("cambio que se informa al INE")
        verbose_name_plural = _("cambios que se informan al INE")
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.process}, {self.after}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: it is evidence of what was informed. It only goes with its process.

        Source: LGA 7, 41.
        """
        raise TypeError("Un cambio anotado no se elimina.")


class QuestionnairePage(SealedPage):
    """Base of the page types of all kinds of questionnaire.

    Each submission makes one revision, which has the seal of the submission. The live revision is
    the published one. The storage of the kind decides where the answers are kept.
    """

    definition = models.ForeignKey(QuestionnaireDefinition, models.PROTECT, related_name="+")
    seal = models.CharField(max_length=64, blank=True)

    parent_page_types: ClassVar = ["candidacies.CandidacyPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        abstract = True

    def public_path(self) -> str:
        """The address at which the public reads the candidacy."""
        return str(self.get_parent().specific.public_path())


class CurricularQuestionnairePage(QuestionnairePage):
    """The curricular answers of a candidacy, as JSON."""

    answers = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("cuestionario curricular")
        verbose_name_plural = _("cuestionarios curriculares")


class Questionnaire(models.Model):
    """The dossier of one kind of questionnaire of one candidacy: its state and its page.

    `page` is read as a plain page; `selectors.page_of` gives it with the fields of its own type.
    """

    candidacy = models.ForeignKey(CandidacyPage, models.CASCADE, related_name="questionnaires")
    kind = models.CharField(max_length=kinds.LONGEST_KEY, choices=kinds.choices)
    state = models.CharField(
        max_length=16, choices=QuestionnaireState.choices, default=QuestionnaireState.EMPTY
    )
    state_since = models.DateTimeField()
    page = models.OneToOneField(
        "wagtailcore.Page", models.SET_NULL, null=True, related_name="dossier"
    )

    class Meta:
        verbose_name = _("expediente del cuestionario")
        verbose_name_plural = _("expedientes de cuestionarios")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["candidacy", "kind"], name="one_questionnaire_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidacy_id} · {self.kind}"


class Draft(models.Model):
    """What the party is capturing, which nobody else sees: one row per questionnaire.

    `version` grows with every save, and `changed_in` says in which version each answer changed: a
    save over an older version is refused if both changed the same answer. `hands` are the ids of
    the accounts that wrote in it. `sections_done` is its progress, so that lists need not load the
    answers, as counted under the version and the counting rule that `done_under` names.
    `given_under` names those under which the answers that it began with were given: of the
    submission that it corrects, else those in force when it was begun.
    """

    questionnaire = models.OneToOneField(Questionnaire, models.CASCADE, related_name="draft")
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    changed_in = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)
    hands = ArrayField(models.BigIntegerField(), default=list)
    sections_done = models.PositiveSmallIntegerField(default=0)
    done_under = models.CharField(max_length=80, blank=True)
    given_under = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("borrador")
        verbose_name_plural = _("borradores")

    def __str__(self) -> str:
        return f"{self.questionnaire} v{self.version}"


class Photograph(models.Model):
    """A re-encoded photograph with a random name and no metadata, private until it is approved.

    The files are `<id>.jpg` (at most 800×1000 px) and `<id>-s.jpg` (240×300 px) in the
    storage `photographs`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="photographs")
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("fotografía")
        verbose_name_plural = _("fotografías")

    def __str__(self) -> str:
        return str(self.id)


class Submission(models.Model):
    """A submission of a questionnaire: sealed, append-only, and chained to the one before.

    `seal` is the hash of `sealed_bytes` and of the previous seal. `actor_snapshot` is {"user_id",
    "username", "name", "role"}, which outlives the account. `hands` are the ids of the accounts
    that wrote in its draft or sent it; none of them may decide it. `extemporaneous` is whether it
    arrived after the candidacy's term; the sealed bytes say so too (ADR 0057).
    """

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    sealed_bytes = models.BinaryField()
    seal = models.CharField(max_length=64)
    previous_seal = models.CharField(max_length=64, blank=True)
    definition = models.ForeignKey(QuestionnaireDefinition, models.PROTECT, related_name="+")
    notice_hash = models.CharField(max_length=64)
    captured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    actor_snapshot = models.JSONField()
    hands = ArrayField(models.BigIntegerField(), default=list)
    submitted_at = models.DateTimeField()
    extemporaneous = models.BooleanField(_("extemporáneo"), default=False)
    revision = models.OneToOneField(
        "wagtailcore.Revision", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("envío")
        verbose_name_plural = _("envíos")
        ordering: ClassVar = ["questionnaire", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["questionnaire", "number"], name="submissions_are_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} · envío {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to save it again; a trigger of the database does the same (migration 0002)."""
        if self.pk is not None:
            raise TypeError("Un envío no se modifica.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: a submission is evidence. Source: LGA 55."""
        raise TypeError("Un envío no se elimina.")
