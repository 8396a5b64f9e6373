"""Errors as RFC 9457 problems, in Spanish."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The exception handler of DRF."""
    return exception_handler(error, context)
