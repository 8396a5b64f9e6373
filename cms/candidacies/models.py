"""People, and the candidacies they stand for, as pages of the CMS that only services write."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, get_page_models

from cms.accounts.models import User
from cms.candidacies.ending_models import RegistrationCorrection, StatusChange
from cms.candidacies.sealed import SealedPage
from cms.candidacies.term_models import CaptureTerm, Reopening
from cms.catalogs.models import (
    CandidacyState,
    EndCause,
    Office,
    PoliticalActor,
    Principle,
    Process,
    SeatKind,
    Sex,
    Territory,
    TerritoryKind,
)
from cms.catalogs.public_paths import CANDIDACY, MUNICIPALITY

__all__ = [
    "CandidacyPage",
    "CandidateAccount",
    "CaptureTerm",
    "Person",
    "ProcessPage",
    "RegistrationCorrection",
    "Reopening",
    "StatusChange",
    "TerritoryPage",
]


class Person(models.Model):
    """A person who stands for office. Internal contact and birth date are kept here, on no page."""

    name = models.CharField(_("nombre"), max_length=200)
    birth_date = models.DateField(_("fecha de nacimiento"), null=True, blank=True)
    email = models.EmailField(_("correo"), blank=True)
    telephone = models.CharField(_("teléfono"), max_length=20, blank=True)
    clarification_email = models.EmailField(_("correo para aclaraciones"), blank=True)

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("personas")

    def __str__(self) -> str:
        return self.name


class ProcessPage(SealedPage):
    """The branch of the page tree that holds an electoral process."""

    process = models.OneToOneField(Process, models.PROTECT, related_name="page")

    parent_page_types: ClassVar = ["portal.HomePage"]
    subpage_types: ClassVar = ["candidacies.TerritoryPage"]

    class Meta:
        verbose_name = _("proceso electoral")
        verbose_name_plural = _("procesos electorales")

    def public_path(self) -> str:
        """Empty: the page only holds the branch, and has no public address."""
        return ""


class TerritoryPage(SealedPage):
    """A territory within a process; the pages of its candidacies are below it."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="+")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")

    parent_page_types: ClassVar = ["candidacies.ProcessPage"]
    subpage_types: ClassVar = ["candidacies.CandidacyPage"]

    class Meta:
        verbose_name = _("territorio")
        verbose_name_plural = _("territorios")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["process", "territory"], name="one_territory_page_per_process"
            ),
        ]

    def public_path(self) -> str:
        """The page of a municipality; empty for other territories, which have no public page."""
        is_municipality = self.territory.kind == TerritoryKind.MUNICIPALITY
        return MUNICIPALITY.path(self.territory.slug) if is_municipality else ""


class CandidacyPage(SealedPage):
    """A person's candidacy for an office, as registered. Its id is public."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="+")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    actor = models.ForeignKey(PoliticalActor, models.PROTECT, related_name="+")
    responsible_actor = models.ForeignKey(
        PoliticalActor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("partido responsable de la captura"),
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    external_id = models.CharField(max_length=60, blank=True)
    name = models.CharField(_("nombre registrado"), max_length=200)
    folded_name = models.CharField(max_length=220, db_index=True)
    nickname = models.CharField(_("sobrenombre"), max_length=120, blank=True)
    principle = models.CharField(max_length=2, choices=Principle.choices, blank=True)
    seat_kind = models.CharField(max_length=12, choices=SeatKind.choices)
    list_number = models.PositiveIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=12, choices=Sex.choices, blank=True)
    age = models.PositiveSmallIntegerField(_("edad al registro"), null=True, blank=True)

    state = models.CharField(
        max_length=8, choices=CandidacyState.choices, default=CandidacyState.ACTIVE
    )
    end_cause = models.CharField(max_length=20, choices=EndCause.choices, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="supersedes"
    )
    registered_at = models.DateTimeField()

    parent_page_types: ClassVar = ["candidacies.TerritoryPage"]

    class Meta:
        verbose_name = _("candidatura")
        verbose_name_plural = _("candidaturas")
        indexes: ClassVar = [
            models.Index(
                fields=["process", "office", "territory", "actor"], name="candidacy_position"
            ),
            models.Index(fields=["process", "external_id"], name="candidacy_external_id"),
        ]

    @classmethod
    def clean_subpage_models(cls) -> list[type[Page]]:
        """The page types that name this one as their parent: one for each kind of questionnaire."""
        own_label = "candidacies.CandidacyPage"
        return [
            model
            for model in get_page_models()
            if own_label in (getattr(model, "parent_page_types", None) or ())
        ]

    def public_path(self) -> str:
        """The path of the candidacy's page."""
        return CANDIDACY.path(self.pk, self.slug)


class CandidateAccount(models.Model):
    """The account of a candidacy. The candidacy may have had others, which were closed."""

    user = models.OneToOneField(User, models.CASCADE, related_name="own_candidacy")
    candidacy = models.ForeignKey(CandidacyPage, models.CASCADE, related_name="own_accounts")
    made_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("cuenta de una candidatura")
        verbose_name_plural = _("cuentas de candidaturas")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["candidacy"],
                condition=models.Q(revoked_at=None),
                name="one_account_in_force_per_candidacy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.candidacy_id}"


# The models of another file of this room.
from cms.candidacies.own_accounts import models as own_account_models  # noqa: E402, F401
