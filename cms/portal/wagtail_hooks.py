"""What this room adds to the CMS: documents of a restricted collection are not served, links in
texts lead only to public pages, and incomplete pages are not published in bulk.
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
    """Refuse a document of a restricted collection: visitors have no password and no session."""
    if document.collection.get_view_restrictions().exists():
        raise Http404


class PublicLink(PageLinkHandler):
    """A link to a page, by its path on the public site; no link while the page is a draft.

    The address of a draft contains its title, which is not public yet.
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
    """Replace the handler of Wagtail, which would also link drafts."""
    features.register_link_type(PublicLink)


def _problems_of(page: Any) -> list[str]:
    """What keeps the latest version of a page from being published, by field."""
    latest = page.get_latest_revision_as_object()
    # Judge it as if it were public: a draft may lack what a public page needs.
    latest.live = True
    try:
        latest.full_clean()
        missing: dict[str, str] = getattr(latest, "missing_to_publish", dict)()
    except ValidationError as refused:
        missing = {field: " ".join(texts) for field, texts in refused.message_dict.items()}
    return [f"{_label_of(latest, field)}: {text}" for field, text in missing.items()]


def _label_of(page: Any, field: str) -> str:
    if field not in {known.name for known in page._meta.fields}:
        return _("La página")
    return str(page._meta.get_field(field).verbose_name).capitalize()


@hooks.register("before_bulk_action")
def publish_only_what_is_complete(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Publish a selection of pages whole or not at all, and say what is missing."""
    if action_type != "publish" or request.method != "POST":
        return None
    pages = list(objects)
    if request.POST.get("include_descendants"):
        pages += [below for page in objects for below in page.get_descendants().not_live()]
    incomplete = {page: problems for page in pages if (problems := _problems_of(page))}
    for page, problems in incomplete.items():
        messages.error(request, f"{page.get_admin_display_title()}. {' '.join(problems)}")
    return HttpResponseRedirect(action.next_url) if incomplete else None
