"""Errors as RFC 9457 problems, in Spanish."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from psycopg.errors import QueryCanceled
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from cms.catalogs.database_faults import is_out_of_reach
from cms.catalogs.public_paths import API
from cms.catalogs.training import MARK, is_training
from search.parameters import InvalidParameters, ParameterProblem

logger = structlog.stdlib.get_logger("conoceles.api")
PREFIX = "/api/"
CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "La petición no se entiende",
    404: "No existe",
    405: "Método no permitido",
    406: "Formato no disponible",
    410: "Ya no está a la vista",
    413: "Es demasiado grande",
    414: "La dirección es demasiado larga",
    415: "Formato no admitido",
    429: "Demasiadas peticiones",
    500: "Algo falló de nuestro lado",
    503: "El sitio está ocupado",
}
DETAILS = {
    400: f"Revisa la dirección. Consulta los parámetros en {API.path()}esquema/.",
    404: f"No hay nada público en esta dirección. Consulta las direcciones en {API.path()}.",
    405: "Esta API solo se lee: usa GET.",
    406: "Esta API responde en JSON: pide application/json.",
    414: "Quita filtros o palabras y vuelve a intentarlo.",
    500: "Vuelve a intentarlo en unos minutos; ya quedó registrado.",
    503: "Vuelve a intentarlo en un minuto.",
}


class Gone(exceptions.APIException):
    """410: the publication of the answers ended; `register` is what stays public (ADR 0008)."""

    status_code = status.HTTP_410_GONE

    def __init__(self, detail: str, register: dict[str, Any]) -> None:
        super().__init__(detail)
        self.register = register


class NoSuchPage(exceptions.NotFound):
    """404: a page of results beyond the last one."""


def problem(request: HttpRequest, code: int, detail: str = "", **members: Any) -> dict[str, Any]:
    """The body of a problem."""
    mark = {"aviso": MARK} if is_training() else {}
    return {
        **mark,
        "type": "about:blank",
        "title": TITLES.get(code, TITLES[400]),
        "status": code,
        "detail": detail or DETAILS.get(code, ""),
        "instance": request.path,
        **members,
    }


def _parameter(problem: ParameterProblem) -> dict[str, str]:
    return {
        "parametro": problem.parameter,
        "valor": problem.value,
        "problema": problem.problem,
        "remedio": problem.remedy,
    }


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The exception handler of DRF: every error becomes a problem, including our own faults."""
    request = context["request"]
    if not request.path.startswith(PREFIX):
        # The API of Wagtail's admin expects the usual errors of DRF.
        return exception_handler(error, context)
    members: dict[str, Any] = {}
    headers: dict[str, str] = {}
    detail = ""
    if isinstance(error, InvalidParameters):
        code = 400
        members["errores"] = [_parameter(problem) for problem in error.problems]
        detail = " ".join(
            f"{problem.parameter}: {problem.problem} {problem.remedy}" for problem in error.problems
        )
    elif isinstance(error, Gone):
        code, detail = 410, str(error.detail)
        members["registro"] = error.register
    elif isinstance(error, NoSuchPage):
        code, detail = 404, str(error.detail)
    elif isinstance(error, Http404):
        code = 404
    elif isinstance(error, exceptions.APIException):
        code = error.status_code
    elif isinstance(error, DataError):
        code = 400
    elif isinstance(error, OperationalError) and isinstance(error.__cause__, QueryCanceled):
        logger.error("query too slow", route="api", exc_info=error)
        code, headers["Retry-After"] = 503, "30"
    elif is_out_of_reach(error):
        logger.error("out of reach", route="api", exc_info=error)
        code, headers["Retry-After"] = 503, "10"
    else:
        logger.error("unhandled", route="api", exc_info=error)
        code = 500
        set_rollback()
    body = problem(request, code, detail, **members)
    return Response(body, status=code, content_type=CONTENT_TYPE, headers=headers)


def response(
    request: HttpRequest, code: int, detail: str = "", *, headers: Mapping[str, str] | None = None
) -> JsonResponse:
    """A problem as a response, for views outside of DRF."""
    return JsonResponse(
        problem(request, code, detail),
        status=code,
        content_type=CONTENT_TYPE,
        headers=dict(headers or {}),
        json_dumps_params={"ensure_ascii": False},
    )


@csrf_exempt
def unknown_address(request: HttpRequest, rest: str = "") -> JsonResponse:
    """404 for any other address under /api/."""
    return response(request, 404)
