"""Answers of the web worker itself, before Django is asked: a page, or a problem of the API."""

import html
import json

from gunicorn.http import errors

from cms.catalogs.training import MARK, is_training
from conoceles_site.connections import LARGEST_BODY, Refused

# Status: the reason phrase of HTTP, a title, and what to do.
_WORDS: dict[int, tuple[str, str, str]] = {
    400: (
        "Bad Request",
        "No entendimos la solicitud",
        "Llegó incompleta o mal escrita. Vuelve a abrir la página desde el inicio.",
    ),
    408: (
        "Request Timeout",
        "La solicitud tardó demasiado",
        "Tu conexión es lenta o se cortó. Vuelve a intentarlo; lo que se había guardado sigue"
        " guardado.",
    ),
    413: (
        "Content Too Large",
        "El envío es demasiado grande",
        f"Puedes enviar hasta {LARGEST_BODY // 1024 // 1024} MB a la vez. Regresa a la página"
        " anterior y elige un archivo más pequeño.",
    ),
    414: (
        "URI Too Long",
        "La dirección es demasiado larga",
        "Acórtala, o busca con menos palabras.",
    ),
    417: (
        "Expectation Failed",
        "No entendimos la solicitud",
        "El encabezado Expect pide algo que este sitio no hace.",
    ),
    431: (
        "Request Header Fields Too Large",
        "Tu navegador envió demasiados datos",
        "Borra las cookies de este sitio y vuelve a intentarlo.",
    ),
    500: (
        "Internal Server Error",
        "Algo falló de nuestro lado",
        "No es culpa tuya. Vuelve a intentarlo en unos minutos.",
    ),
    501: (
        "Not Implemented",
        "No entendimos la solicitud",
        "El encabezado Transfer-Encoding pide algo que este sitio no hace.",
    ),
    503: (
        "Service Unavailable",
        "El sitio está muy ocupado",
        "Espera un minuto y vuelve a intentarlo.",
    ),
}
_STATUSES: dict[type[Exception], int] = {
    errors.LimitRequestLine: 414,
    errors.LimitRequestHeaders: 431,
    errors.UnsupportedTransferCoding: 501,
    errors.ExpectationFailed: 417,
    errors.ConfigurationProblem: 500,
    errors.InvalidResponseHeader: 500,
    errors.InvalidResponseHeaderName: 500,
}


def status_of(error: BaseException) -> int:
    """The status for an error: 4xx if the request was wrong, 500 if our own code was."""
    if isinstance(error, Refused):
        return error.status
    for kind, status in _STATUSES.items():
        if isinstance(error, kind):
            return status
    is_of_the_request = isinstance(error, (errors.ParseException, errors.NoMoreData))
    return 400 if is_of_the_request else 500


def _bar() -> str:
    """The mark of a training copy, as `components/training_bar.html` writes it."""
    if not is_training():
        return ""
    return f'<div class="demo-bar" data-training-mark><p class="wrap">{html.escape(MARK)}</p></div>'


def answer(status: int, *, path: bytes = b"") -> bytes:
    """A complete HTTP answer in Spanish that ends the connection.

    Args:
        status: one of those above.
        path: what was asked for, as far as it is known. It decides between a page and a problem of
            the API, and is not shown.
    """
    reason, title, what_to_do = _WORDS[status]
    if path.startswith(b"/api/"):
        kind = "application/problem+json"
        problem = {"type": "about:blank", "title": title, "status": status, "detail": what_to_do}
        said = {"aviso": MARK, **problem} if is_training() else problem
        body = json.dumps(said, ensure_ascii=False)
    else:
        kind = "text/html; charset=utf-8"
        body = (
            '<!doctype html>\n<html lang="es-MX"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{html.escape(title)} · Conóceles</title>"
            '<meta name="color-scheme" content="light dark">'
            '<link rel="stylesheet" href="/static/css/site.css"></head>'
            f'<body>{_bar()}<main id="contenido"><div class="wrap page-head stack">'
            f'<h1>{html.escape(title)}</h1><p class="lead">{html.escape(what_to_do)}</p>'
            '<p><a href="/">Ir al inicio</a></p></div></main></body></html>\n'
        )
    content = body.encode()
    headers = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(content)}\r\nCache-Control: no-store\r\n"
        "Content-Security-Policy: default-src 'self'; frame-ancestors 'none'\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        f"{'Retry-After: 60' + chr(13) + chr(10) if status == 503 else ''}\r\n"
    )
    return headers.encode() + content
