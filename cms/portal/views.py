"""Views of public pages. The selectors decide what may be shown; the search finds it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from wagtail.url_routing import RouteResult
from wagtail.views import serve

from cms.catalogs.addresses import canonical_base
from cms.catalogs.public_paths import HOME, MUNICIPALITIES, MUNICIPALITY, SEARCH, SITEMAP
from cms.catalogs.selectors import process_by_slug, public_processes
from cms.catalogs.stored_files import lasting_file
from cms.catalogs.training import is_training
from cms.portal import (
    ballot,
    colours,
    frames,
    heads,
    municipalities,
    municipality_maps,
    photographs,
    profile,
    results,
    upcoming,
    whole_process,
)
from cms.published import selectors
from cms.published.caching import APPROVED_PHOTOGRAPH, BRIEFLY, IMMUTABLE, PHOTOGRAPH, PUBLIC
from search import parameters
from search.inside import search_inside
from search.services import search
from search.similar import similar

P = ParamSpec("P")


def public_page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Allow only GET and HEAD; caches may keep the page and must ask each time if it changed."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code < 400:
            response["Cache-Control"] = PUBLIC
        return response

    return require_safe(wrapped)


def editorial(request: HttpRequest, path: str) -> HttpResponseBase:
    """A page that staff edit, served as Wagtail does, but found in memory.

    Args:
        path: as in `selectors.editorial_paths`.
    """
    page = selectors.editorial_page(path)
    if page is None:
        raise Http404
    # Where Wagtail keeps what it found for a request: it need not look for it.
    request._wagtail_route_for_request = RouteResult(page)  # type: ignore[attr-defined]
    response: HttpResponseBase = serve(request, path)
    return response


@public_page
def municipality_list(request: HttpRequest) -> HttpResponseBase:
    """/municipios/: every place of the process, or straight to the one that was typed."""
    state = selectors.portal_state()
    if state.process is None:
        return render(request, "portal/no_process.html", {"portal": state})
    typed = request.GET.get("municipio", "").strip()
    context = {"portal": state, **whole_process.context(state.process)}
    if typed:
        places = context["places"].all
        found = municipalities.matching(places, typed)
        if len(found) == 1:
            return redirect(MUNICIPALITY.path(found[0].slug))
        near = municipalities.nearest(places, typed, name_of=lambda place: place.name)
        context |= {"typed": typed, "matches": found or near, "is_near": not found}
    return render(request, "portal/municipalities.html", context)


@public_page
def municipality(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/municipios/<slug>/: every office of its ballot."""
    state = selectors.portal_state()
    process = _chosen_process(request, state)
    territory = selectors.ballot_place(slug, process=process)
    if territory is None or (process is None and "proceso" in request.GET):
        raise Http404
    if process is None:
        return render(request, "portal/no_process.html", {"portal": state})
    held = selectors.ballot_of(process=process, territory=territory)
    arranged = ballot.arrange(selectors.ballot_rows(process=process, territory=territory))
    context = {
        "process": process,
        "territory": territory,
        "ballot": arranged,
        "held": held,
        **whole_process.ballot_words(territory, arranged, held),
        "upcoming": [] if arranged.people else upcoming.lines(process),
        "map": municipality_maps.map_around(territory),
    }
    return frames.page(request, heads.of_ballot(territory), "portal/municipality.html", context)


def _chosen_process(request: HttpRequest, state: selectors.PortalState) -> Any:
    slug = request.GET.get("proceso", "")
    if not slug or (state.process is not None and state.process.slug == slug):
        return state.process
    return process_by_slug(slug, among=public_processes())


@public_page
def candidacy(request: HttpRequest, candidacy_id: int, slug: str = "") -> HttpResponseBase:
    """/candidaturas/<id>/<slug>/."""
    row = selectors.candidacy(candidacy_id)
    if row is None:
        raise Http404
    if slug != row.slug:
        return redirect(row, permanent=True)
    rivals = selectors.rivals(row)
    inside = search_inside(row, request.GET.get("q", ""))
    chapters = profile.chapters(row, profile.marks(row, inside))
    context = {
        "row": row,
        "facts": profile.facts(row),
        "chapters": chapters,
        "inside": inside,
        "found_inside": profile.found_inside(chapters, inside),
        "contacts": profile.contact_lines(row),
        "asked": profile.unanswered(row),
        "publication_ended": not selectors.shows_answers(row),
        "siblings": rivals.competitors,
        "similar": similar(row),
        "partner": rivals.partner,
        "successor": rivals.successor,
        "predecessor": rivals.predecessor,
    }
    head = heads.of_candidacy(row, inside.text)
    return frames.page(request, head, "portal/candidacy.html", context)


@public_page
def search_page(request: HttpRequest) -> HttpResponseBase:
    """/buscar/."""
    state = selectors.portal_state()
    if state.process is None:
        return render(request, "portal/no_process.html", {"portal": state})
    try:
        query = parameters.parse(request.GET, current=state.process)
    except parameters.InvalidParameters as invalid:
        context = {"portal": state, "problems": invalid.problems, "text": request.GET.get("q", "")}
        return render(request, "portal/search_problems.html", context, status=400)
    found = search(query)
    read = parameters.as_read(request.GET, query)
    if query.page > results.last_page(query, found):
        context = {"portal": state, **results.beyond(read, query, found)}
        return render(request, "portal/search_beyond.html", context, status=404)
    shown = results.context(read, query, found)
    head = heads.of_results(shown["title"], is_asked=bool(request.GET))
    return frames.page(request, head, "portal/search.html", shown)


@require_safe
def photograph(request: HttpRequest, name: str) -> HttpResponseBase:
    """/fotos/<random>-<width>.avif, only while the answers are public (ADR 0044)."""
    found = photographs.file_at(name)
    if found is None:
        raise Http404
    response = lasting_file(request, storages["photographs"], found.stored, found.content_type)
    if response.status_code < 400:
        lasts = found.is_of_one_publication
        response["Cache-Control"] = PHOTOGRAPH if lasts else APPROVED_PHOTOGRAPH
    return response


@require_safe
def actor_colours(request: HttpRequest) -> HttpResponseBase:
    """/actores.css, kept for a year at the address that carries its hash."""
    found = colours.sheet()
    response = HttpResponse(found.text, content_type="text/css")
    is_current = request.GET.get("v") == found.digest
    response["Cache-Control"] = IMMUTABLE if is_current else BRIEFLY
    return response


@public_page
def favicon(request: HttpRequest) -> HttpResponseBase:
    """/favicon.ico, which browsers request on their own when an answer is not a page."""
    return redirect(static("icons/favicon.svg"), permanent=True)


@public_page
def robots(request: HttpRequest) -> HttpResponseBase:
    """/robots.txt: robots may read all that is public, and not the internal half.

    Of a training copy they read nothing.
    """
    if is_training():
        return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
    sitemap = f"{canonical_base(request)}{SITEMAP.path()}"
    closed = [f"Disallow: /{part}/" for part in ("acceso", "admin", "ayuda", "captura")]
    lines = ["User-agent: *", *closed, f"Sitemap: {sitemap}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@public_page
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """/sitemap.xml: the current process's public pages and the editorial ones."""
    state = selectors.portal_state()
    addresses: list[tuple[str, datetime | None]] = [
        (HOME.path(), None),
        (MUNICIPALITIES.path(), None),
        (SEARCH.path(), None),
        *selectors.addresses(process=state.process),
    ]
    base = canonical_base(request)
    urls = format_html_join(
        "\n",
        "<url><loc>{}</loc>{}</url>",
        ((f"{base}{address}", _last_change(changed)) for address, changed in addresses),
    )
    return render(request, "portal/sitemap.xml", {"urls": urls}, content_type="application/xml")


def _last_change(changed: datetime | None) -> SafeString | str:
    if changed is None:
        return ""
    written = timezone.localtime(changed).isoformat()
    return mark_safe(f"<lastmod>{written}</lastmod>")  # noqa: S308 (an instant)
