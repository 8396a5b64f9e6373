"""Work with many accounts: asked for on a screen, done by a job in batches.

Each batch is one transaction that also says that it was done. A worker that is killed leaves the
run between two batches, and the next worker goes on there: nothing twice, and nothing lost.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts import activation
from cms.accounts.activation_mail import NOTIFICATION
from cms.accounts.activation_models import Way
from cms.accounts.models import User
from cms.candidacies.models import CandidateAccount
from cms.candidacies.own_accounts import generation, selectors, sheets, tasks
from cms.candidacies.own_accounts.models import (
    AccountRun,
    AccountRunItem,
    RunKind,
    RunState,
    SheetsFile,
)
from cms.catalogs.models import Process
from cms.notifications.mail import mail_is_sent
from cms.notifications.services import notify

AT_ONCE = {RunKind.GENERATE: 200, RunKind.MAIL: 100, RunKind.SHEETS: 500}


class RunRefused(Exception):
    """What was asked cannot be done. The message says why, in Spanish."""


def generate(*, process: Process, by: User, once: uuid.UUID) -> AccountRun:
    """Have an account made for each active candidacy that has none.

    Args:
        once: the same for every press of the same button.

    Raises: NotYourAccounts, RunRefused.
    """
    activation.require_handing_out(by)
    total = generation.without_account(process.pk).count()
    return _begin(process, RunKind.GENERATE, by, once, total=total)


def mail(*, process: Process, users: Sequence[int], by: User, once: uuid.UUID) -> AccountRun:
    """Have a link mailed to each account. Links that were given before are worth nothing then.

    Raises: NotYourAccounts; RunRefused, where no mail leaves.
    """
    activation.require_handing_out(by)
    if process.is_rehearsal:
        raise RunRefused(
            _("Es un ensayo: sus personas no existen y no se les escribe. Imprime las hojas.")
        )
    if not mail_is_sent():
        raise RunRefused(_("Este sitio no envía correos. Imprime las hojas y entrégalas."))
    return _begin(process, RunKind.MAIL, by, once, users=users)


def print_sheets(
    *, process: Process, users: Sequence[int], by: User, once: uuid.UUID
) -> AccountRun:
    """Have the sheets of these accounts made, in this order. Links given before are worthless then.

    Raises: NotYourAccounts, RunRefused.
    """
    activation.require_handing_out(by)
    return _begin(process, RunKind.SHEETS, by, once, users=users)


def _begin(
    process: Process,
    kind: RunKind,
    by: User,
    once: uuid.UUID,
    *,
    users: Sequence[int] | None = None,
    total: int = 0,
) -> AccountRun:
    """The run that was asked for, or the one that this very button began before."""
    with transaction.atomic():
        # One at a time for a process: two would take each other's links away.
        Process.objects.select_for_update(no_key=True).filter(pk=process.pk).first()
        begun = AccountRun.objects.filter(once=once, process=process).first()
        if begun is not None:
            return begun
        if AccountRun.objects.filter(process=process, state=RunState.WORKING).exists():
            raise RunRefused(_("Hay otro trabajo en curso con estas cuentas. Espera a que acabe."))
        chosen = None if users is None else _of_process(process, users)
        if not (total if chosen is None else chosen):
            raise RunRefused(
                _("Todas las candidaturas activas tienen cuenta.")
                if chosen is None
                else _("Ninguna de esas cuentas se puede entregar: elige otras.")
            )
        try:
            run = AccountRun.objects.create(
                process=process,
                kind=kind,
                once=once,
                asked_by=by,
                total=total if chosen is None else len(chosen),
            )
        except IntegrityError as error:
            raise RunRefused(_("Ese botón ya se usó en otra página. Ábrela de nuevo.")) from error
        AccountRunItem.objects.bulk_create(
            AccountRunItem(run=run, user_id=user, place=place)
            for place, user in enumerate(chosen or ())
        )
        tasks.ask_for(run.pk)
    return run


def _of_process(process: Process, users: Sequence[int]) -> list[int]:
    """Those of the accounts that are of this process and that nobody activated, in their order."""
    found = selectors.accounts_of(process).filter(
        pk__in=users, password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    known = set(found.values_list("pk", flat=True))
    return [user for user in dict.fromkeys(users) if user in known]


def work_some(run_id: int) -> bool:
    """Do the next batch of a run. Returns: whether something is left to do."""
    with transaction.atomic():
        run = _working(run_id)
        if run is None:
            return False
        if not activation.may_hand_out(run.asked_by):
            # Whoever asked lost the right to do so meanwhile.
            _finish(run, RunState.FAILED)
            return False
        batch: Callable[[AccountRun, datetime], int] = _BATCHES[RunKind(run.kind)]
        number = batch(run, timezone.now())
        run.done += number
        run.save(update_fields=["done", "skipped"])
        if number:
            return True
        if run.kind != RunKind.SHEETS:
            _finish(run, RunState.DONE)
            return False
    # Outside, since it takes seconds. Made twice, it is the same file.
    return _make_file(run)


def _working(run_id: int) -> AccountRun | None:
    found = AccountRun.objects.select_for_update(of=("self",)).select_related("asked_by")
    return found.filter(pk=run_id, state=RunState.WORKING).first()


def _finish(run: AccountRun, state: RunState) -> None:
    run.state, run.finished_at = state, timezone.now()
    run.save(update_fields=["state", "finished_at"])


def fail(run_id: int) -> None:
    """Say that a run cannot go on. What its batches did is done."""
    AccountRun.objects.filter(pk=run_id, state=RunState.WORKING).update(
        state=RunState.FAILED, finished_at=timezone.now()
    )


def _generate_some(run: AccountRun, at: datetime) -> int:
    missing = generation.without_account(run.process_id).select_related("person")
    some = missing.select_for_update(of=("self",), no_key=True).order_by("pk")
    candidacies = list(some[: AT_ONCE[RunKind.GENERATE]])
    made = generation.make_accounts(candidacies, at=at, by=run.asked_by)
    # Candidacies may have been registered since the run was asked for.
    run.total = max(run.total, run.done + len(made))
    run.save(update_fields=["total"])
    return len(made)


def _mail_some(run: AccountRun, at: datetime) -> int:
    items = _next_items(run, RunKind.MAIL)
    follow_persons([item.user for item in items])
    reachable = [item.user for item in items if item.user.email]
    links = activation.make_links(users=reachable, way=Way.MAIL, at=at, by=run.asked_by)
    for link in links:
        notify(kind=NOTIFICATION.key, about=link.pk)
    _settle(run, items, links, at)
    return len(items)


def _print_some(run: AccountRun, at: datetime) -> int:
    items = _next_items(run, RunKind.SHEETS)
    users = [item.user for item in items]
    links = activation.make_links(users=users, way=Way.PAPER, at=at, by=run.asked_by)
    _settle(run, items, links, at)
    return len(items)


_BATCHES: dict[RunKind, Callable[[AccountRun, datetime], int]] = {
    RunKind.GENERATE: _generate_some,
    RunKind.MAIL: _mail_some,
    RunKind.SHEETS: _print_some,
}


def _next_items(run: AccountRun, kind: RunKind) -> list[AccountRunItem]:
    waiting = run.items.filter(done_at=None).select_related("user").order_by("place")
    return list(waiting[: AT_ONCE[kind]])


def _settle(
    run: AccountRun, items: Sequence[AccountRunItem], links: Sequence[Any], at: datetime
) -> None:
    """Say which link each account got; an account without one was left as it was."""
    of_user = {link.user_id: link for link in links}
    for item in items:
        item.link, item.done_at = of_user.get(item.user_id), at
    AccountRunItem.objects.bulk_update(items, ["link", "done_at"])
    run.skipped += len(items) - len(links)


def follow_persons(users: Sequence[User]) -> None:
    """Take over the e-mail that the register has now, for candidacies that are not active yet."""
    own = CandidateAccount.objects.filter(user__in=users, candidacy__person__isnull=False)
    known = dict(own.values_list("user_id", "candidacy__person__email"))
    changed = [
        user for user in users if known.get(user.pk, user.email) != user.email and known[user.pk]
    ]
    for user in changed:
        user.email = known[user.pk]
    User.objects.bulk_update(changed, ["email"])


def _make_file(run: AccountRun) -> bool:
    content, pages = sheets.document(run)
    with transaction.atomic():
        again = _working(run.pk)
        if again is not None:
            if pages:
                SheetsFile.objects.update_or_create(
                    run=run, defaults={"sealed": sheets.seal(content), "pages": pages}
                )
            _finish(again, RunState.DONE)
    return False


def forget_sheets() -> int:
    """Delete the files of sheets that are a day old. Returns how many."""
    old = SheetsFile.objects.filter(made_at__lt=timezone.now() - sheets.KEPT)
    return old.delete()[0]


def make_file_again(*, run: AccountRun, by: User) -> None:
    """Have the file of a run made once more, with the links that are still good.

    Raises: NotYourAccounts, RunRefused.
    """
    activation.require_handing_out(by)
    with transaction.atomic():
        found = AccountRun.objects.select_for_update().filter(
            pk=run.pk, kind=RunKind.SHEETS, state=RunState.DONE
        )
        again = found.first()
        if again is None:
            raise RunRefused(_("Esas hojas todavía no se terminan de hacer."))
        again.state, again.finished_at, again.asked_by = RunState.WORKING, None, by
        again.save(update_fields=["state", "finished_at", "asked_by"])
        tasks.ask_for(again.pk)
