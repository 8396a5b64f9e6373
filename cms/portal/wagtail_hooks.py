"""What this room adds to the CMS: files of a restricted collection are nobody's to read, and links
in texts that lead where citizens can go.
"""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.html import escape
from wagtail import hooks
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
