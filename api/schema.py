"""The OpenAPI description, which is public too."""

from copy import deepcopy
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from api.views import PublicView
from cms.catalogs.models import Process
from cms.catalogs.public_paths import API
from cms.published import scope, selectors, versions
from search.vocabulary import Facet, vocabulary


def only_this_api(endpoints: list[Any]) -> list[Any]:
    """A hook of drf-spectacular: leave out what other packages mount."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(API.path())]


class _WhateverIsAccepted(BaseContentNegotiation):
    """Answers JSON whatever the client accepts, since the description has no other form."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


@cache  # A single value, which nothing in an address can change.
def _description() -> dict[str, Any]:
    with override(settings.LANGUAGE_CODE):
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]
        found: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


def _with_facets(description: dict[str, Any], process: Process) -> dict[str, Any]:
    """The description with the facets that the questionnaires of a process add.

    None is required, since another process may ask other questions.
    """
    own = [facet for facet in vocabulary(process).facets.values() if facet.question]
    whole = deepcopy(description)
    operation = whole["paths"][f"{API.path()}candidaturas/"]["get"]
    operation["parameters"] += [_parameter(facet) for facet in own]
    schemas = whole["components"]["schemas"]
    for facet in own:
        schemas["Facets"]["properties"][facet.name] = schemas["Facets"]["properties"]["cargo"]
        for name in ("Candidacy", "CandidacyDetail"):
            schemas[name]["properties"][facet.question] = {
                "type": ["string", "null"],
                "description": f"{facet.title}: el valor del parámetro «{facet.name}».",
            }
    return whole


def _parameter(facet: Facet) -> dict[str, Any]:
    return {
        "in": "query",
        "name": facet.name,
        "description": facet.title,
        "schema": {
            "type": "array",
            "items": {"type": "string", "enum": [term.value for term in facet.terms]},
        },
        "explode": True,
        "style": "form",
    }


class Schema(PublicView):
    """OpenAPI 3.1, in JSON whatever the client accepts; made once while the server lives.

    Only the facets are added each time: those of the process in force.

    The view of drf-spectacular would make it for each request, in any language that the address
    names, and Django keeps every language in memory.
    """

    renderer_classes = [OpenApiJsonRenderer]  # noqa: RUF012
    content_negotiation_class = _WhateverIsAccepted

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        scope.depends_on(versions.SITE)
        process = selectors.portal_state().process
        if process is not None:
            scope.depends_on(versions.process(process.pk), versions.rows(process.pk))
        return Response(_with_facets(_description(), process) if process else _description())
