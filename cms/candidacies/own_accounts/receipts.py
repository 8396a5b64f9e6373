"""The receipt of each account that arrived: kept for good, and what starts the capture term."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cms import printing
from cms.accounts.activation_models import ActivationLink
from cms.accounts.models import ActorScope, Role, User
from cms.candidacies import terms
from cms.candidacies.models import CandidacyPage, CandidateAccount
from cms.candidacies.own_accounts.models import Arrival, Receipt
from cms.candidacies.own_accounts.words import position_of
from cms.catalogs.models import Process
from cms.notifications import services as notifications
from cms.notifications.models import Notification

_SEALED = (
    "folio",
    "process",
    "candidacy",
    "account",
    "account_name",
    "how",
    "at",
    "received_by",
    "recorded_at",
    "recorded_by",
    "recorded_by_name",
    "link",
)


@dataclass(frozen=True)
class Arrived:
    """An account that arrived, and by which link; None: nobody knows by which."""

    user: User
    link: ActivationLink | None


def hear(link: ActivationLink, at: datetime) -> None:
    """The owner said so when opening the link. `cms.accounts.activation` tells it."""
    if link.user.captures:
        record([Arrived(link.user, link)], how=Arrival.OPENED, at=at, received_by="", by=None)


@transaction.atomic
def record(
    arrived: Sequence[Arrived], *, how: str, at: datetime, received_by: str, by: User | None
) -> list[Receipt]:
    """Write the receipts of accounts that arrived, and start the terms of their candidacies.

    A link that has its receipt gets no other, and a term starts once. Whoever calls it has checked
    who may say so.

    Args:
        at: when they arrived; the term counts from the next day.
        received_by: who took the sheets, as typed by who handed them over.

    Source: Lineamientos (Anexo 24.2 RE): the term runs from the delivery of the account.
    """
    links = [one.link.pk for one in arrived if one.link is not None]
    known = set(Receipt.objects.filter(link__in=links).values_list("link", flat=True))
    fresh = [one for one in arrived if one.link is None or one.link.pk not in known]
    candidacies = dict(
        CandidateAccount.objects.filter(user__in=[one.user for one in fresh]).values_list(
            "user_id", "candidacy_id"
        )
    )
    made = _written(fresh, candidacies, how=how, at=at, received_by=received_by, by=by)
    if candidacies:
        event = terms.StartEvent.ACCOUNT_DELIVERED
        terms.begin(list(candidacies.values()), event=event, at=at, by=by)
    return made


def _written(
    arrived: Sequence[Arrived],
    candidacies: dict[int, int],
    *,
    how: str,
    at: datetime,
    received_by: str,
    by: User | None,
) -> list[Receipt]:
    processes, now, receipts = _processes(arrived, candidacies), timezone.now(), []
    for one, number in zip(arrived, _numbers(len(arrived)), strict=True):
        receipt = Receipt(
            pk=number,
            folio=f"AC-{number:06d}",
            process=processes.get(one.user.pk, 0),
            candidacy=candidacies.get(one.user.pk),
            account=one.user.pk,
            account_name=one.user.get_username(),
            how=how,
            at=at,
            received_by=received_by,
            recorded_at=now,
            recorded_by=by.pk if by is not None else None,
            recorded_by_name=by.get_username() if by is not None else "",
            link=one.link.pk if one.link is not None else None,
        )
        receipt.digest = hashlib.sha256(canonical(receipt)).hexdigest()
        receipts.append(receipt)
    return Receipt.objects.bulk_create(receipts)


def _processes(arrived: Sequence[Arrived], candidacies: dict[int, int]) -> dict[int, int]:
    """The process of each account."""
    of_candidacy: dict[int, int] = dict(
        CandidacyPage.objects.filter(pk__in=candidacies.values()).values_list("pk", "process_id")
    )
    found = {user: of_candidacy[candidacy] for user, candidacy in candidacies.items()}
    liaisons = [one.user.pk for one in arrived if one.user.role == Role.LIAISON]
    if liaisons:
        scopes = ActorScope.objects.filter(user__in=liaisons).order_by("pk")
        found.update(scopes.values_list("user_id", "actor__process_id"))
    return found


def _numbers(how_many: int) -> list[int]:
    """Keys that no receipt has and none will have."""
    sequence = "pg_get_serial_sequence('candidacies_receipt', 'id')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select nextval({sequence}) from generate_series(1, %s)",  # noqa: S608
            [how_many],
        )
        return [row[0] for row in cursor.fetchall()]


def canonical(receipt: Receipt) -> bytes:
    """What the digest of a receipt is of: its fields as JSON, sorted by name, in UTF-8."""
    values: dict[str, Any] = {name: getattr(receipt, name) for name in _SEALED}
    for name in ("at", "recorded_at"):
        values[name] = values[name].astimezone(timezone.get_default_timezone()).isoformat()
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def settle_doubts(links: Collection[int]) -> int:
    """Settle the doubtful mail of links that arrived. Returns how many were doubtful."""
    doubtful = Notification.objects.doubtful().filter(kind="activacion", about__in=links)
    keys = list(doubtful.order_by("pk").values_list("pk", flat=True))
    return sum(notifications.give_as_sent(notification_id=pk) for pk in keys)


def document(receipt: Receipt) -> bytes:
    """A receipt as PDF/UA, always the same bytes."""
    return printing.pdf(
        "acuse",
        {
            "folio": receipt.folio,
            "rows": _rows(receipt),
            "digest": receipt.digest,
            "starts": receipt.candidacy is not None,
        },
        title=_("Acuse %s") % receipt.folio,
        at=receipt.recorded_at,
    )


def _rows(receipt: Receipt) -> list[list[str]]:
    """The lines of the document: what, and its value."""
    candidacy = (
        CandidacyPage.objects.select_related("office", "territory", "actor")
        .filter(pk=receipt.candidacy)
        .first()
    )
    process = Process.objects.filter(pk=receipt.process).first()
    rows = [[_("Cuenta"), receipt.account_name]]
    if candidacy is not None:
        rows += [
            [_("Candidatura"), candidacy.name],
            [_("Cargo"), position_of(candidacy)],
            [_("Lugar"), candidacy.territory.name],
            [_("Actor político"), candidacy.actor.name],
        ]
    rows += [
        [_("Proceso"), process.name if process is not None else "—"],
        [_("Llegó"), moment(receipt.at)],
        [_("Cómo se sabe"), Arrival(receipt.how).label.capitalize()],
    ]
    if receipt.received_by:
        rows.append([_("La recibió"), receipt.received_by])
    if receipt.recorded_by_name:
        rows.append([_("Lo registró"), receipt.recorded_by_name])
    return [
        [str(what), str(value)]
        for what, value in [*rows, [_("Se registró"), moment(receipt.recorded_at)]]
    ]


def moment(instant: datetime) -> str:
    """«3 de mayo de 2027, 18:00 h»."""
    return date_format(timezone.localtime(instant), r"j \d\e F \d\e Y, G:i") + " h"
