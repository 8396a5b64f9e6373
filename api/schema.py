"""The OpenAPI description, as public as the rest."""

from typing import Any

from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from api.views import PublicView

PREFIX = "/api/v1/"


def only_this_api(endpoints: list[Any]) -> list[Any]:
    """A hook of drf-spectacular: leave out what other packages mount."""
    return [one for one in endpoints if one[0].startswith(PREFIX)]


class _WhateverIsAccepted(BaseContentNegotiation):
    """The description is JSON: a client that asks for it takes it as it comes."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Schema(PublicView, SpectacularAPIView):
    """OpenAPI 3.1, in JSON whatever the client accepts."""

    renderer_classes = [OpenApiJsonRenderer]  # noqa: RUF012
    content_negotiation_class = _WhateverIsAccepted

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        described: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        return described
