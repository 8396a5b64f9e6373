"""What each role has to do next, for the first page of the admin: counts, sentences and links.

This module reads from every room, so it stands above all of them. Each reading is a fixed number
of queries, mostly one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Count, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.admin.ui.components import Component
from wagtail.models import Page, Revision

from cms.accounts.activation import may_hand_out
from cms.accounts.models import REVIEW_ROLES, Role, User
from cms.accounts.selectors import scopes_in_force
from cms.candidacies.models import CandidacyPage, CandidateAccount
from cms.candidacies.own_accounts import selectors as own_accounts
from cms.candidacies.own_accounts.selectors import AccountState
from cms.candidacies.terms.reopening import MAY_REOPEN
from cms.capture.advice import selectors as advice
from cms.catalogs.addresses import public_url
from cms.catalogs.current_process import chosen_process
from cms.catalogs.models import CandidacyState, PoliticalActor, PortalSettings, Process
from cms.catalogs.public_paths import SEARCH
from cms.imports.models import ImportRecord
from cms.portal.models import ContentPage, FaqPage, NewsIndexPage, NewsPage
from cms.privacy.models import SimplifiedNotice
from cms.published import selectors as published
from cms.questionnaires.models import DefinitionChange, ProcessQuestionnaire
from cms.questionnaires.versions import permissions as versions
from cms.questionnaires.versions.selectors import clock_of
from cms.reports import term_figures
from search.engines.elasticsearch import tasks

# A job that nobody took in this time is waiting for a worker that does not run.
LATE = timedelta(minutes=10)
# Each with its own days left; the others are counted.
MOST_CHANGES = 5


@dataclass(frozen=True)
class Step:
    """A sentence, the address at which to act on it, and whether there is still something to do."""

    text: str
    address: str = ""
    link: str = ""
    is_pending: bool = True


def _settings_address() -> str:
    return reverse("wagtailsettings:edit", args=["catalogs", "portalsettings"])


def _when(instant: Any) -> str:
    return date_format(timezone.localtime(instant), r"j \d\e F, H:i")


def of_editorial_pages() -> Iterable[Step]:
    """Drafts, scheduled pages, and pages that could not be published (one query)."""
    scheduled = Revision.page_revisions.filter(
        object_id=OuterRef("id_as_text"), approved_go_live_at__isnull=False
    )
    found = (
        Page.objects.type((NewsPage, ContentPage, FaqPage))
        .annotate(id_as_text=Cast("pk", CharField()))
        .annotate(waits=Exists(scheduled))
        .aggregate(
            drafts=Count("pk", filter=Q(live=False, waits=False)),
            newer=Count("pk", filter=Q(live=True, has_unpublished_changes=True, waits=False)),
            scheduled=Count("pk", filter=Q(waits=True)),
        )
    )
    news = NewsIndexPage.objects.values_list("pk", flat=True).first()
    pages = reverse("wagtailadmin_explore", args=[news]) if news else ""
    if count := found["drafts"]:
        text = ngettext("Hay %d borrador sin publicar.", "Hay %d borradores sin publicar.", count)
        yield Step(text % count, pages, _("Ver las noticias"))
    if count := found["newer"]:
        text = ngettext(
            "%d página publicada tiene cambios que el público todavía no ve.",
            "%d páginas publicadas tienen cambios que el público todavía no ve.",
            count,
        )
        yield Step(text % count, pages, _("Ver las noticias"))
    if found["scheduled"]:
        yield from _scheduled(found["scheduled"], pages)


def _scheduled(count: int, pages: str) -> Iterable[Step]:
    """The next publication that is scheduled, and those that are late (one query)."""
    now = timezone.now()
    moments = list(
        Revision.page_revisions.filter(approved_go_live_at__isnull=False)
        .order_by("approved_go_live_at")
        .values_list("approved_go_live_at", flat=True)
    )
    late = [moment for moment in moments if moment < now - LATE]
    coming = [moment for moment in moments if moment >= now - LATE]
    if coming:
        text = ngettext(
            "%(count)d publicación está programada: sale el %(when)s h.",
            "%(count)d publicaciones están programadas; la próxima sale el %(when)s h.",
            len(coming),
        )
        said = text % {"count": len(coming), "when": _when(coming[0])}
        yield Step(said, pages, _("Ver las noticias"), is_pending=False)
    if late:
        text = ngettext(
            "%(count)d publicación programada no salió (era para el %(when)s h): ábrela y publícala"
            " para ver qué le falta.",
            "%(count)d publicaciones programadas no salieron (la primera era para el %(when)s h):"
            " ábrelas y publícalas para ver qué les falta.",
            len(late),
        )
        yield Step(
            text % {"count": len(late), "when": _when(late[0])}, pages, _("Ver las noticias")
        )


def of_images_without_words() -> Iterable[Step]:
    """News published before a description of their image was required (one query)."""
    notes = NewsPage.objects.filter(image__isnull=False, image_alt="")
    first, count = None, 0
    for key in notes.order_by("-date").values_list("pk", flat=True):
        first, count = first or key, count + 1
    if first is not None:
        text = ngettext(
            "%d noticia tiene una imagen sin texto alternativo.",
            "%d noticias tienen una imagen sin texto alternativo.",
            count,
        )
        address = reverse("wagtailadmin_pages:edit", args=[first])
        yield Step(text % count, address, _("Escribir el texto"))


def of_contact(user: User) -> Iterable[Step]:
    """Whether pages can say who the institute is and how to reach it (one query)."""
    settings = PortalSettings.objects.select_related("current_process").first()
    lacks = []
    if settings is None or not settings.contact:
        text = _("Falta el contacto del Instituto: mientras no esté, ninguna página ofrece ayuda.")
        lacks.append((text, _("Escribir el contacto")))
    if settings is not None and settings.has_name_of_another_entity:
        said = _("El portal dice que es del «%s», y el proceso es de otra entidad.")
        lacks.append((said % settings.institute_name, _("Escribir el nombre del Instituto")))
    for text, link in lacks:
        if user.has_perm("catalogs.change_portalsettings"):
            yield Step(text, _settings_address(), link)
        else:
            yield Step(f"{text} {_('Lo escribe la administración.')}")


def of_processes() -> Iterable[Step]:
    """Processes that lack the dates or the questions that publishing needs (one query)."""
    processes = list(
        Process.objects.annotate(
            offices_count=Count("offices", distinct=True),
            hidden=Count("offices", filter=Q(offices__visible_from__isnull=True), distinct=True),
            asks=Exists(ProcessQuestionnaire.objects.filter(process=OuterRef("pk"))),
            is_current=Exists(PortalSettings.objects.filter(current_process=OuterRef("pk"))),
        )
    )
    if not processes:
        yield Step(_("No hay ningún proceso."), reverse("process:add"), _("Crear el proceso"))
        return
    if not any(process.is_current for process in processes):
        text = _("No elegiste el proceso vigente: se muestra el de la elección más reciente.")
        yield Step(text, reverse("process:index"), _("Elegir el proceso"))
    for process in processes:
        steps = reverse("setup:steps", args=[process.pk])
        lacks = [] if process.is_rehearsal else list(_lacks(process))
        for text in lacks:
            yield Step(text, steps, _("Preparar el proceso"))
        if process.is_current and process.is_rehearsal:
            yield Step(_("El portal muestra un ensayo: «%s».") % process, steps, _("Ver los pasos"))
        elif not lacks:
            said = _("%s: sus pasos, y qué falta.") % process
            yield Step(said, steps, _("Ver los pasos"), is_pending=False)


def _lacks(process: Any) -> Iterable[str]:
    """What an annotated process lacks, in sentences."""
    if process.election_date is None:
        yield _("%s no tiene jornada electoral.") % process
    if not process.asks:
        yield _("%s no tiene cuestionario.") % process
    if not process.offices_count:
        yield _("%s no tiene cargos.") % process
    elif process.hidden:
        text = ngettext(
            "%(process)s: %(count)d cargo no tiene fecha de publicación.",
            "%(process)s: %(count)d cargos no tienen fecha de publicación.",
            process.hidden,
        )
        yield text % {"process": process, "count": process.hidden}


def of_accounts(user: User) -> Iterable[Step]:
    """Actors for which nobody captures, and candidacies without an account (three queries)."""
    process = PortalSettings.objects.values_list("current_process", flat=True).first()
    if process is None or not user.has_perm("candidacies.change_candidateaccount"):
        return
    captured = scopes_in_force().filter(actor=OuterRef("pk"))
    if count := PoliticalActor.objects.filter(~Exists(captured), process=process).count():
        text = ngettext(
            "%d actor político del proceso vigente no tiene una cuenta que capture.",
            "%d actores políticos del proceso vigente no tienen una cuenta que capture.",
            count,
        )
        address = reverse("own_accounts:new_liaisons", args=[process])
        yield Step(text % count, address, _("Agregar sus enlaces"))
    own = CandidateAccount.objects.filter(candidacy=OuterRef("pk"), revoked_at=None)
    active = CandidacyPage.objects.filter(process=process, state=CandidacyState.ACTIVE)
    # Without any account only liaisons capture, as an institute may decide.
    counted = active.annotate(has=Exists(own)).aggregate(
        without=Count("pk", filter=Q(has=False)), given=Count("pk", filter=Q(has=True))
    )
    if count := counted["without"]:
        text = ngettext(
            "%d candidatura del proceso vigente no tiene cuenta propia.",
            "%d candidaturas del proceso vigente no tienen cuenta propia.",
            count,
        )
        address = reverse("own_accounts:index", args=[process])
        is_pending = bool(counted["given"])
        yield Step(text % count, address, _("Hacer y entregar cuentas"), is_pending=is_pending)


def of_notices() -> Iterable[Step]:
    """Whether there is a privacy notice for liaisons to accept (one query)."""
    now = timezone.now()
    starts = list(SimplifiedNotice.objects.values_list("in_force_from", flat=True))
    add = reverse("simplifiednotice:index")
    if not any(start <= now for start in starts):
        text = _("Ningún aviso de privacidad está en vigor: nadie puede capturar.")
        yield Step(text, add, _("Ver los avisos"))
    if coming := sorted(start for start in starts if start > now):
        text = _(
            "Un aviso de privacidad entra en vigor el %s h: quien captura lo aceptará otra vez."
        )
        yield Step(text % _when(coming[0]), add, _("Ver los avisos"), is_pending=False)


def of_imports() -> Iterable[Step]:
    """The last import, and which of its rows were not applied (one query)."""
    last = ImportRecord.objects.order_by("-imported_at").first()
    if last is None:
        return
    left = last.counts.get("not_applied", 0)
    address = reverse("importrecord:inspect", args=[last.pk])
    said = _("Última importación: %(file)s, el %(when)s h.") % {
        "file": last.source,
        "when": _when(last.imported_at),
    }
    if left:
        said += " " + (ngettext("%d fila no se aplicó.", "%d filas no se aplicaron.", left) % left)
    yield Step(said, address, _("Ver la importación"), is_pending=bool(left))


def of_changes(user: User) -> Iterable[Step]:
    """Changes of questionnaires of which INE has to be informed, the most urgent first (one query).

    Source: Lineamientos (Anexo 24.2 RE), art. 11.
    """
    if not user.has_perm(versions.INFORMS):
        return
    due = DefinitionChange.objects.filter(informed_on=None, process__rehearsal_of=None)
    waiting = list(due.select_related("process"))
    waiting.sort(key=lambda change: (change.due_on, change.made_at))
    for change in waiting[:MOST_CHANGES]:
        text = _(
            "Falta informar al INE que el %(kind)s de %(process)s cambió el %(day)s. %(clock)s."
        )
        said = text % {
            "kind": change.get_kind_display(),
            "process": change.process,
            "day": date_format(timezone.localtime(change.made_at), r"j \d\e F"),
            "clock": clock_of(change).words,
        }
        address = reverse("definitionchange:inspect", args=[change.pk])
        yield Step(said, address, _("Ver el cambio"))
    left = len(waiting) - MOST_CHANGES
    if left > 0:
        text = ngettext(
            "Falta informar al INE de %d cambio más.",
            "Falta informar al INE de %d cambios más.",
            left,
        )
        yield Step(text % left, reverse("definitionchange:index"), _("Ver los cambios"))


def of_advice() -> Iterable[Step]:
    """Conversations that wait for an answer (one query)."""
    count, oldest = advice.waiting()
    if not count:
        return
    text = ngettext(
        "%(count)d asesoría espera respuesta desde el %(when)s h.",
        "%(count)d asesorías esperan respuesta; la primera, desde el %(when)s h.",
        count,
    )
    said = text % {"count": count, "when": _when(oldest)}
    yield Step(said, reverse("advice:index"), _("Ver las asesorías"))


def of_doubtful_mail(user: User) -> Iterable[Step]:
    """Accounts of which nobody knows whether their mail arrived (one query, or two)."""
    if not may_hand_out(user):
        return
    lists = {False: "own_accounts:index", True: "own_accounts:liaisons"}
    found = own_accounts.doubtful_mail()
    for (process, of_liaisons), count in sorted(found.items(), key=lambda one: str(one[0])):
        text = ngettext(
            "%(process)s: no se sabe si llegó el correo de %(count)d cuenta. Pregunta a su dueña o"
            " dueño, y confirma la entrega o envíalo otra vez.",
            "%(process)s: no se sabe si llegó el correo de %(count)d cuentas. Pregunta a sus dueñas"
            " y dueños, y confirma la entrega o envíalos otra vez.",
            count,
        )
        address = reverse(lists[of_liaisons], args=[process.pk])
        said = text % {"process": process, "count": count}
        yield Step(said, f"{address}?estado={AccountState.DOUBTFUL}", _("Ver las cuentas"))


def of_overdue_terms(user: User) -> Iterable[Step]:
    """Candidacies of the current process that did not send in time (three queries).

    Nothing is said of a rehearsal, nor once the election is over.
    """
    process = chosen_process() if user.has_perm(MAY_REOPEN) else None
    if process is None or process.is_rehearsal:
        return
    if process.election_date is not None and process.election_date < timezone.localdate():
        return
    count = term_figures.overdue(process, at=timezone.now())
    if not count:
        return
    text = ngettext(
        "%(process)s: %(count)d candidatura no ha enviado y su plazo ya terminó.",
        "%(process)s: %(count)d candidaturas no han enviado y su plazo ya terminó.",
        count,
    )
    asked = urlencode({"proceso": process.slug, "plazo": term_figures.OVER, "envio": "falta"})
    said = text % {"process": process, "count": count}
    yield Step(said, f"{reverse('reports:terms')}?{asked}", _("Ver los plazos"))


def of_jobs() -> Iterable[Step]:
    """Background jobs that failed or that no worker takes (one query).

    Those of the search that failed have a panel of their own, with a button.
    """
    now = timezone.now()
    of_search = Q(task_name__in=tasks.INDEXING)
    found = ProcrastinateJob.objects.aggregate(
        failed=Count("pk", filter=Q(status="failed") & ~of_search),
        late=Count("pk", filter=Q(status="todo", scheduled_at__lt=now - LATE)),
    )
    if count := found["failed"]:
        text = ngettext("%d tarea de fondo falló.", "%d tareas de fondo fallaron.", count)
        yield Step(f"{text % count} {_('Avisa a quien opera el servidor.')}")
    if count := found["late"]:
        text = ngettext(
            "%d tarea de fondo espera desde hace más de diez minutos.",
            "%d tareas de fondo esperan desde hace más de diez minutos.",
            count,
        )
        yield Step(f"{text % count} {_('Avisa a quien opera el servidor.')}")


def of_progress() -> Iterable[Step]:
    """How many candidacies are public, and how much they say (two queries)."""
    process = published.portal_state().process
    if process is None:
        yield Step(_("Todavía no hay ningún proceso."), is_pending=False)
        return
    figures = published.tally(process=process).figures
    said = _(
        "%(process)s: %(registered)d candidaturas activas a la vista, %(informed)d con información."
    ) % {"process": process, "registered": figures.registered, "informed": figures.informed}
    address = public_url(SEARCH.path())
    yield Step(said, address, _("Ver el portal") if address else "", is_pending=False)


def steps_of(user: User) -> list[Step]:
    """Everything that an account has to do or may want to know, with pending things first.

    Reviewers see the panel of the desk beside it: see `cms.moderation.home_panel`.
    """
    readings: dict[str, list[Callable[[], Iterable[Step]]]] = {
        Role.ADMINISTRATOR: [
            lambda: of_changes(user),
            of_processes,
            of_notices,
            lambda: of_accounts(user),
            of_imports,
            of_advice,
            lambda: of_doubtful_mail(user),
            lambda: of_overdue_terms(user),
            of_jobs,
            lambda: of_contact(user),
        ],
        Role.COMMUNICATION: [
            of_editorial_pages,
            of_images_without_words,
            lambda: of_contact(user),
        ],
        Role.INTERNAL_BODY: [
            lambda: of_changes(user),
            lambda: of_accounts(user),
            of_advice,
            lambda: of_doubtful_mail(user),
            lambda: of_overdue_terms(user),
            of_notices,
            of_imports,
            of_progress,
        ],
        Role.CURRICULAR_REVIEWER: [of_progress],
    }
    roles = list(readings) if user.is_superuser and not user.role else [user.role]
    if user.is_superuser:
        roles = list(dict.fromkeys([*roles, Role.ADMINISTRATOR, Role.COMMUNICATION]))
    chosen = list(dict.fromkeys(reading for role in roles for reading in readings.get(role, [])))
    found = [step for reading in chosen for step in reading()]
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda step: not step.is_pending)


class NextActionsPanel(Component):
    """The list, as the first panel of the first page."""

    name = "pendientes"
    order = 10
    template_name = "wagtailadmin/home/next_actions.html"

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        steps = steps_of(self.user)
        return {
            "steps": steps,
            # The panel of the desk says what is waiting for reviewers.
            "nothing_pending": self.user.role not in REVIEW_ROLES
            and not any(step.is_pending for step in steps),
        }
