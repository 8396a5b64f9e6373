"""Reopening the term of one candidacy: who authorised it, until when, and why."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.candidacies.term_models import Reopening
from cms.candidacies.terms.errors import MayNotReopen, ReopeningRefused
from cms.candidacies.terms.log_actions import REOPENED
from cms.candidacies.terms.selectors import Term, term_of
from cms.catalogs.listing import moment_in
from cms.catalogs.models import CandidacyState
from cms.catalogs.spanish import clean_line, clean_text

MAY_REOPEN = "candidacies.add_reopening"
LONGEST_AUTHORITY, LONGEST_REASON = 200, 2000


@transaction.atomic
def reopen(
    *,
    candidacy_id: int,
    until: datetime,
    authorised_by: str,
    reason: str,
    by: User,
    at: datetime,
) -> Reopening:
    """Let a candidacy send in time again until an instant. It changes nothing of what is public.

    Args:
        until: the last instant. authorised_by: the agreement or the person who decided it.

    Raises:
        MayNotReopen: the account does not reopen terms.
        ReopeningRefused: no term ran, it would end no later than now or than the term, the
            candidacy ended, or a text is missing.
        CandidacyPage.DoesNotExist.
    """
    if not by.has_perm(MAY_REOPEN):
        raise MayNotReopen
    # Two people, or one who clicks twice: the second finds what the first one wrote.
    candidacy = CandidacyPage.objects.select_for_update(of=("self",), no_key=True).get(
        pk=candidacy_id
    )
    authority, why = clean_line(authorised_by), clean_text(reason)
    _require_said(authority, why)
    if candidacy.state == CandidacyState.ENDED:
        raise ReopeningRefused(_("Esta candidatura se dio de baja: ya no se captura."))
    _require_later(term_of(candidacy_id), until, at)
    made = Reopening.objects.create(
        candidacy=candidacy,
        until=until,
        authorised_by=authority,
        reason=why,
        made_at=at,
        by=by,
        by_name=f"{by.get_full_name() or by.username} ({by.username})",
    )
    log(instance=candidacy, action=REOPENED, user=by, data={"hasta": until.isoformat()})
    return made


def _require_said(authority: str, reason: str) -> None:
    if not authority:
        raise ReopeningRefused(
            _("Escribe quién lo autorizó, por ejemplo el número del acuerdo."), "authorised_by"
        )
    if len(authority) > LONGEST_AUTHORITY:
        said = _("Escribe a lo más %d caracteres.") % LONGEST_AUTHORITY
        raise ReopeningRefused(said, "authorised_by")
    if not reason:
        raise ReopeningRefused(_("Escribe por qué se reabre."), "reason")
    if len(reason) > LONGEST_REASON:
        raise ReopeningRefused(_("Escribe a lo más %d caracteres.") % LONGEST_REASON, "reason")


def _require_later(term: Term | None, until: datetime, at: datetime) -> None:
    if term is None:
        raise ReopeningRefused(
            _(
                "El plazo de esta candidatura no ha empezado: empieza con la entrega de su cuenta."
                " No hay nada que reabrir."
            )
        )
    if until <= at:
        raise ReopeningRefused(_("Escribe un momento que todavía no pase."), "until")
    if until <= term.due_at:
        said = _("Su plazo ya llega hasta el %s: escribe un momento posterior.")
        raise ReopeningRefused(said % moment_in(term.due_at, term.zone), "until")
