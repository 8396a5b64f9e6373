"""What is done with the progress: it is downloaded, and who did so is known."""

from datetime import datetime

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.accounts.models import User
from cms.catalogs.models import Process
from cms.questionnaires.kinds import Kind
from cms.reports import book, selectors, tables
from cms.reports.log_actions import DOWNLOADED
from cms.reports.permissions import may_see_names, require_progress
from cms.reports.tables import Column, Holds, Table


@transaction.atomic
def download_progress(*, process: Process, user: User, at: datetime) -> bytes:
    """The progress as a spreadsheet; the download is written to the history of the process.

    Accounts that explore candidacies also get who has nothing captured (ADR 0020).

    Raises: NotYourProgress.
    """
    require_progress(user)
    progress = selectors.progress_of(process, at=at)
    with_names = may_see_names(user)
    names = [
        _names(process, kind) for kind in progress.kinds if with_names and not kind.is_sensitive
    ]
    content = book.made_of(progress, tables.parts(progress), names)
    log(
        instance=process,
        action=DOWNLOADED,
        user=user,
        data={"corte": at.isoformat(), "nombres": bool(names)},
    )
    return content


def _names(process: Process, kind: Kind) -> Table:
    """Who has nothing captured of a questionnaire."""
    heads = (_("Actor político"), _("Cargo"), _("Lugar"), _("Lista"), _("Tipo"), _("Nombre"))
    return Table(
        key=f"{kind.key}-nombres",
        title=_("Personas sin nada capturado: %s") % kind.name,
        sheet=f"{capfirst(kind.key)}, nombres",
        columns=[
            *(Column(head, Holds.NUMBER if head == heads[3] else Holds.TEXT) for head in heads),
            Column(_("Registrada"), Holds.INSTANT),
        ],
        rows=[
            [
                one.actor.name,
                one.office.name,
                one.territory.name,
                one.list_number,
                one.get_seat_kind_display(),
                one.name,
                one.registered_at,
            ]
            for one in selectors.silent(process, kind)
        ],
    )
