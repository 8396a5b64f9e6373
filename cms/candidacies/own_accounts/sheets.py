"""The printed sheets of accounts: a page each, with the link as a QR code and as a code to type."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms import printing
from cms.accounts import activation
from cms.accounts.activation_models import LinkState
from cms.accounts.keys import Unreadable, seal_bytes, unseal_bytes
from cms.candidacies.own_accounts.models import AccountRun, AccountRunItem, SheetsFile
from cms.candidacies.own_accounts.receipts import moment
from cms.candidacies.own_accounts.words import whom_of_each
from cms.catalogs.addresses import internal_url

PURPOSE = "sheets of accounts"
# They hold links that are good: they are not kept longer than it takes to print them.
KEPT = timedelta(days=1)


def document(run: AccountRun) -> tuple[bytes, int]:
    """The sheets of a run as one PDF, in the order that was asked for, and how many they are.

    Only links that are still good are printed. Without any the PDF is empty bytes.
    """
    at = timezone.now()
    found = run.items.select_related("link", "link__user").order_by("place")
    items = [item for item in found if _is_good(item, at)]
    if not items:
        return b"", 0
    whom = whom_of_each([item.link.user for item in items if item.link is not None])
    pictures: dict[str, bytes] = {}
    pages = [_page(item, whom[item.user_id], pictures) for item in items]
    data = {"pages": pages, "short": internal_url(reverse("account_activation"))}
    title = _("Hojas de cuentas: %s") % run.process.name
    made = printing.pdf("cuenta", data, title=title, at=at, pictures=pictures)
    return made, len(pages)


def _is_good(item: AccountRunItem, at: datetime) -> bool:
    link = item.link
    return (
        link is not None
        and link.state(at) == LinkState.OPEN
        and link.user.is_active
        and not link.user.has_usable_password()
    )


def _page(
    item: AccountRunItem, whom: activation.Whom, pictures: dict[str, bytes]
) -> dict[str, Any]:
    assert item.link is not None  # noqa: S101 (`_is_good` says so)
    code = activation.code_of(item.link)
    picture = f"{item.place}.svg"
    pictures[picture] = printing.qr(activation.address_of(code))
    return {
        "name": whom.name,
        "facts": list(whom.facts),
        "consequence": whom.consequence,
        "username": item.link.user.get_username(),
        "code": activation.grouped(code),
        "qr": picture,
        "until": moment(item.link.expires_at),
    }


def seal(content: bytes) -> str:
    """A file of sheets as it is stored."""
    return seal_bytes(PURPOSE, content)


def unsealed(stored: SheetsFile) -> bytes:
    """A file of sheets, to be downloaded; empty if the key of the installation was changed."""
    try:
        return unseal_bytes(PURPOSE, stored.sealed)
    except Unreadable:
        return b""
