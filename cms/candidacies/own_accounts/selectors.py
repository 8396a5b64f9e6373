"""What is read of the accounts of a process: who has one, and how far each is."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.accounts.activation_mail import NOTIFICATION
from cms.accounts.activation_models import ActivationLink, Way
from cms.accounts.models import ActorScope, Role, User
from cms.candidacies.models import CandidacyPage, CandidateAccount
from cms.candidacies.own_accounts.models import Receipt
from cms.candidacies.selectors import own_accounts_in_force
from cms.catalogs.models import CandidacyState, Process
from cms.notifications.models import LONGEST_ATTEMPT, Notification


class AccountState(models.TextChoices):
    """How far an account is, from being made to being used."""

    NONE = "sin_cuenta", _("Sin cuenta")
    NOT_SENT = "sin_entregar", _("Sin entregar")
    SENDING = "por_enviar", _("Por enviar")
    MAILED = "enviada", _("Enviada por correo")
    DOUBTFUL = "dudosa", _("No se sabe si el correo llegó")
    REFUSED = "rechazada", _("El correo fue rechazado")
    PRINTED = "impresa", _("Impresa")
    RECEIVED = "recibida", _("Recibida, sin activar")
    EXPIRED = "vencida", _("El enlace venció")
    REVOKED = "anulada", _("El enlace fue anulado")
    ACTIVATED = "activada", _("Activada")


class Activation(models.TextChoices):
    """Whether a candidacy uses its own account, for the liaison that helps it."""

    NONE = "sin_cuenta", _("Todavía sin cuenta propia")
    WAITING = "sin_activar", _("No ha activado su cuenta")
    ACTIVE = "activa", _("Usa su propia cuenta")


def candidacies_of(process: Process) -> QuerySet[CandidacyPage]:
    """The active candidacies of a process, each with `account` and the state of that account."""
    active = CandidacyPage.objects.filter(process=process, state=CandidacyState.ACTIVE)
    own = CandidateAccount.objects.filter(candidacy=OuterRef("pk"), revoked_at=None)
    return with_state(active.annotate(account=Subquery(own.values("user")[:1])))


def liaisons_of(process: Process) -> QuerySet[User]:
    """The active liaisons of the actors of a process, each with its state."""
    scopes = ActorScope.objects.filter(user=OuterRef("pk"), actor__process=process)
    found = User.objects.filter(Exists(scopes), role=Role.LIAISON, is_active=True)
    return with_state(found.annotate(account=F("pk")))


def accounts_of(process: Process) -> QuerySet[User]:
    """Every account in force that captures in a process: of candidacies, and of liaisons."""
    own = CandidateAccount.objects.filter(
        candidacy__process=process, candidacy__state=CandidacyState.ACTIVE, revoked_at=None
    )
    scopes = ActorScope.objects.filter(actor__process=process, user__role=Role.LIAISON)
    return User.objects.filter(
        Q(pk__in=own.values("user")) | Q(pk__in=scopes.values("user")), is_active=True
    )


def with_state(rows: QuerySet[Any], at: datetime | None = None) -> QuerySet[Any]:
    """Rows that have an `account` (the key of a user, or null) with what became of its delivery.

    It adds `link` (the newest), `way`, `link_made_at`, `expires_at`, `opened_at`, `received`
    (whether it has a receipt) and `account_state`, all in the same query.
    """
    at = at or timezone.now()
    newest = ActivationLink.objects.filter(user=OuterRef("account")).order_by("-pk")
    columns = {
        "link": "pk",
        "way": "way",
        "link_made_at": "made_at",
        "expires_at": "expires_at",
        "opened_at": "opened_at",
        "link_revoked_at": "revoked_at",
    }
    rows = rows.annotate(
        **{name: Subquery(newest.values(column)[:1]) for name, column in columns.items()}
    )
    has_password = User.objects.filter(pk=OuterRef("account")).exclude(
        password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    rows = rows.annotate(
        activated=Exists(has_password),
        received=Exists(Receipt.objects.filter(account=OuterRef("account"))),
        mail=_mail(at),
    )
    found: QuerySet[Any] = rows.annotate(account_state=_state(at))
    return found


def _mail(at: datetime) -> Coalesce:
    """What became of the mail of a link, as a state."""
    doubtful = Q(doubtful_at__isnull=False) | Q(attempted_at__lt=at - LONGEST_ATTEMPT)
    outcome = Case(
        When(sent_at__isnull=False, then=Value(AccountState.MAILED)),
        When(refused_at__isnull=False, then=Value(AccountState.REFUSED)),
        When(dropped_at__isnull=False, then=Value(AccountState.NOT_SENT)),
        When(doubtful, then=Value(AccountState.DOUBTFUL)),
        default=Value(AccountState.SENDING),
        output_field=CharField(),
    )
    asked = Notification.objects.filter(kind=NOTIFICATION.key, about=OuterRef("link"))
    told = asked.annotate(outcome=outcome).values("outcome")[:1]
    return Coalesce(Subquery(told), Value(AccountState.NOT_SENT), output_field=CharField())


def _state(at: datetime) -> Case:
    return Case(
        When(account__isnull=True, then=Value(AccountState.NONE)),
        When(activated=Value(True, BooleanField()), then=Value(AccountState.ACTIVATED)),
        When(link__isnull=True, then=Value(AccountState.NOT_SENT)),
        When(link_revoked_at__isnull=False, then=Value(AccountState.REVOKED)),
        When(expires_at__lte=at, then=Value(AccountState.EXPIRED)),
        When(received=Value(True, BooleanField()), then=Value(AccountState.RECEIVED)),
        When(way=Way.PAPER, then=Value(AccountState.PRINTED)),
        default=F("mail"),
        output_field=CharField(),
    )


def counted(rows: QuerySet[Any]) -> dict[str, int]:
    """How many rows of `with_state` there are in each state (one query)."""
    found = rows.order_by().values_list("account_state").annotate(number=models.Count("pk"))
    return dict(found)


def activation_of(candidacies: Collection[int]) -> dict[int, Activation]:
    """The activation of each candidacy that has an account in force, by its key (one query)."""
    known = (
        own_accounts_in_force()
        .filter(candidacy_id__in=candidacies)
        .annotate(waits=Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX))
    )
    return {
        candidacy: Activation.WAITING if waits else Activation.ACTIVE
        for candidacy, waits in known.values_list("candidacy_id", "waits")
    }


def doubtful_mail() -> Counter[tuple[Process, bool]]:
    """How many accounts wait because nobody knows whether their mail arrived (two queries).

    By process, and by whether they are of liaisons: the lists whose filter shows them.
    """
    doubtful = Notification.objects.doubtful().filter(kind=NOTIFICATION.key)
    links = ActivationLink.objects.filter(
        pk__in=doubtful.values("about"),
        used_at=None,
        superseded_at=None,
        revoked_at=None,
        received_at=None,
        expires_at__gt=timezone.now(),
        user__is_active=True,
        user__password__startswith=UNUSABLE_PASSWORD_PREFIX,
    )
    of_whom = ("user__own_candidacy__candidacy__process", "user__scopes__actor__process")
    found = set(links.values_list("user", *of_whom))
    processes = Process.objects.in_bulk({own or scope for _user, own, scope in found} - {None})
    return Counter(
        (processes[own or scope], own is None)
        for _user, own, scope in found
        if own is not None or scope is not None
    )


def in_process_order(rows: QuerySet[CandidacyPage], *, by_actor: bool) -> QuerySet[CandidacyPage]:
    """Candidacies as sheets are handed out: place by place, or actor by actor."""
    by_place = ("territory__sort_key", "office__ballot_order", "actor__ballot_order")
    actor_first = ("actor__ballot_order", "actor", "territory__sort_key", "office__ballot_order")
    return rows.order_by(
        *(actor_first if by_actor else by_place),
        "list_number",
        "seat_kind",
        "folded_name",
        "pk",
    )
