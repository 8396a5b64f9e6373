"""The manuals inside the product, for whoever has their role; for others they do not exist."""

from datetime import UTC, datetime
from functools import lru_cache

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cms import printing
from cms.catalogs.training import is_training
from conoceles_site.manuals.catalog import Manual, manuals_of
from conoceles_site.manuals.page import html_of
from conoceles_site.manuals.reading import PICTURES, read


def _manual_of(request: HttpRequest, slug: str) -> Manual:
    """The manual with a name, if the account reads it. Raises Http404."""
    for manual in manuals_of(request.user):
        if manual.slug == slug:
            return manual
    raise Http404


@require_safe
@login_required
def first(request: HttpRequest) -> HttpResponse:
    """/ayuda/: leads to the account's own manual."""
    for manual in manuals_of(request.user):
        return redirect("manuals:manual", manual.slug)
    raise Http404


@require_safe
@login_required
def manual(request: HttpRequest, slug: str) -> HttpResponse:
    """/ayuda/<slug>/: the whole manual on one page, so that the browser searches all of it."""
    shown = _manual_of(request, slug)
    mine = manuals_of(request.user)
    written = read(slug)
    context = {
        "manual": shown,
        "manuals": mine,
        "title": written.title,
        "contents": written.contents,
        "body": html_of(written, readable={one.slug for one in mine}),
    }
    return render(request, "manuals/manual.html", context)


@require_safe
@login_required
def document(request: HttpRequest, slug: str) -> HttpResponse:
    """/ayuda/<slug>/manual.pdf: the same as an accessible PDF."""
    shown = _manual_of(request, slug)
    response = HttpResponse(_printed(shown.slug, is_training()), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="manual-{shown.slug}.pdf"'
    return response


@lru_cache(maxsize=16)  # A manual takes up to a second; `marked` is what else the printer reads.
def _printed(slug: str, marked: bool) -> bytes:
    written = read(slug)
    return printing.pdf(
        "manual",
        {"blocks": list(written.blocks)},
        title=written.title,
        at=datetime.fromtimestamp(written.changed_at, UTC),
        pictures={picture.name_on_paper: picture.on_paper() for picture in written.pictures},
    )


@require_safe
@login_required
def picture(request: HttpRequest, name: str) -> FileResponse:
    """/ayuda/imagenes/<name>.webp: a picture of a manual that the account reads."""
    file = f"{name}.webp"
    for one in manuals_of(request.user):
        if any(found.name == file for found in read(one.slug).pictures):
            return FileResponse((PICTURES / file).open("rb"), content_type="image/webp")
    raise Http404
