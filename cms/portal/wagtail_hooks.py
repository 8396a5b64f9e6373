"""What this room adds to the CMS: files of a restricted collection are nobody's to read, and links
in texts that lead where citizens can go.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.rich_text.pages import PageLinkHandler


@hooks.register("before_serve_document", order=-1)
def only_public_documents(document: Any, request: HttpRequest) -> None:
    """Wagtail would ask for a password or a session, which public pages do not have."""
    if document.collection.get_view_restrictions().exists():
        raise Http404


class PublicLink(PageLinkHandler):
    """A link to a page, by its path on the public site; no link while the page is a draft.

    The address of a draft is made of its title, which is nobody's to read yet.
    """

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        return [
            f'<a href="{escape(parts[2])}">'
            if page is not None and page.live and (parts := page.get_url_parts()) is not None
            else "<a>"
            for page in cls.get_many(attrs_list)
        ]


@hooks.register("register_rich_text_features", order=10)
def links_for_citizens(features: Any) -> None:
    """After Wagtail's own handler, which would link drafts too."""
    features.register_link_type(PublicLink)


def _problems_of(page: Any) -> list[str]:
    """What keeps the latest version of a page from going public, by field."""
    latest = page.get_latest_revision_as_object()
    # As it would be: a draft is not asked for what only public pages need.
    latest.live = True
    try:
        latest.full_clean()
        missing: dict[str, str] = getattr(latest, "missing_to_publish", dict)()
    except ValidationError as refused:
        missing = {field: " ".join(texts) for field, texts in refused.message_dict.items()}
    return [f"{_label_of(latest, field)}: {text}" for field, text in missing.items()]


def _label_of(page: Any, field: str) -> str:
    if field not in {one.name for one in page._meta.fields}:
        return _("La página")
    return str(page._meta.get_field(field).verbose_name).capitalize()


@hooks.register("before_bulk_action")
def publish_only_what_is_complete(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """A selection goes public whole or not at all: whoever chose it learns what is missing."""
    if action_type != "publish" or request.method != "POST":
        return None
    pages = list(objects)
    if request.POST.get("include_descendants"):
        pages += [below for one in objects for below in one.get_descendants().not_live()]
    incomplete = {page: problems for page in pages if (problems := _problems_of(page))}
    for page, problems in incomplete.items():
        messages.error(request, f"{page.get_admin_display_title()}. {' '.join(problems)}")
    return HttpResponseRedirect(action.next_url) if incomplete else None
