"""Full addresses of the two halves of the site: for mail, documents, and links between halves.

A page links within its own half by a path; only what leaves the page needs these.
"""

from django.conf import settings
from django.http import HttpRequest


def public_url(path: str) -> str:
    """The address at which citizens find a public page, from wherever it is linked.

    Args:
        path: of the public half, from the root, such as `/noticias/debate/`.

    Returns: the full address where CONOCELES_BASE_URL is set; the path where this very process
    serves the public half; empty where there is nothing that could be linked.
    """
    if settings.PUBLIC_BASE_URL:
        return f"{settings.PUBLIC_BASE_URL}{path}"
    return path if settings.SERVE_PUBLIC_SITE else ""


def public_link(path: str) -> str:
    """What a page of either half writes into a link to a public page.

    Returns: the path where this process serves the public half, whatever host was asked for;
    else what `public_url` returns.
    """
    return path if settings.SERVE_PUBLIC_SITE else public_url(path)


def internal_url(path: str) -> str:
    """The address at which staff, parties and candidates find a page of the internal half.

    Returns: as `public_url` does, with CONOCELES_INTERNAL_URL; in a message that leaves the
    machine an answer that is empty or only a path is no address, and nothing is linked.
    """
    if settings.INTERNAL_BASE_URL:
        return f"{settings.INTERNAL_BASE_URL}{path}"
    return path if settings.SERVE_INTERNAL_SITE else ""


def canonical_base(request: HttpRequest) -> str:
    """The scheme and host of the public site as everybody should know it.

    Returns: that of CONOCELES_BASE_URL, whatever name the visitor typed; without it, the one that
    was asked for.
    """
    return settings.PUBLIC_BASE_URL or f"{request.scheme}://{request.get_host()}"
