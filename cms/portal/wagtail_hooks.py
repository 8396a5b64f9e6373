"""What this room adds to the CMS: files of a restricted collection are nobody's to read."""

from typing import Any

from django.http import Http404, HttpRequest
from wagtail import hooks


@hooks.register("before_serve_document", order=-1)
def only_public_documents(document: Any, request: HttpRequest) -> None:
    """Wagtail would ask for a password or a session, which public pages do not have."""
    if document.collection.get_view_restrictions().exists():
        raise Http404
