"""Full addresses of the two halves of the site, for mail, documents and links between the halves.

A page links to its own half by a path. Only what is read elsewhere needs a full address.
"""

from django.conf import settings
from django.http import HttpRequest


def public_url(path: str) -> str:
    """The address at which citizens find a public page, wherever the link to it is read.

    Args:
        path: a path of the public half from its root, such as `/noticias/debate/`.

    Returns: the full address if CONOCELES_BASE_URL is set. Without it, the path if this process
    serves the public half, and nothing if it does not.
    """
    if settings.PUBLIC_BASE_URL:
        return f"{settings.PUBLIC_BASE_URL}{path}"
    return path if settings.SERVE_PUBLIC_SITE else ""


def public_link(path: str) -> str:
    """The address that a page of either half writes into a link to a public page.

    Returns: the path if this process serves the public half, so that the link keeps the host that
    the visitor asked for; otherwise what `public_url` returns.
    """
    return path if settings.SERVE_PUBLIC_SITE else public_url(path)


def internal_url(path: str) -> str:
    """The full address of a page of the internal half, for messages that are read elsewhere.

    It never comes from a request, whose host the visitor chooses.
    """
    return f"{settings.WAGTAILADMIN_BASE_URL}{path}"


def canonical_base(request: HttpRequest) -> str:
    """The scheme and host under which the public site should be known.

    Returns: those of CONOCELES_BASE_URL, whatever host the visitor typed. Without that variable,
    those of the request.
    """
    return settings.PUBLIC_BASE_URL or f"{request.scheme}://{request.get_host()}"
