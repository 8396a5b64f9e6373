"""REST v1: what is public, as data. GET only, no cookie, no session, ETag everywhere."""

from typing import Any

from django.http import Http404, QueryDict
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from api import serializers
from api.problems import CONTENT_TYPE, Gone, NoSuchPage
from cms.catalogs.models import PoliticalActor, Process
from cms.catalogs.public_paths import MUNICIPALITY
from cms.catalogs.selectors import public_processes
from cms.published import caching, scope, selectors, versions
from cms.published.models import PublishedContent
from search import parameters
from search.inside import passages, search_inside
from search.query import AGE_BANDS, DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE
from search.services import search
from search.similar import similar
from search.suggestions import suggest

_PROBLEM = OpenApiResponse(serializers.ProblemSerializer, "Un problema (RFC 9457), en español.")


def _responses(good: Any, *problems: int) -> dict[Any, Any]:
    """The responses of an address: 200, and problems with their own media type."""
    return {200: good} | {(code, CONTENT_TYPE): _PROBLEM for code in problems}


_PROCESS = OpenApiParameter("proceso", str, description="Clave del proceso; sin ella, el vigente.")


def _list(name: str, description: str, **extra: Any) -> OpenApiParameter:
    return OpenApiParameter(
        name, str, description=description, many=True, explode=True, style="form", **extra
    )


_SEARCH = [
    OpenApiParameter("q", str, description="Palabras, frase entre comillas o nombre."),
    _PROCESS,
    _list("municipio", "CVEGEO o nombre corto; se puede repetir."),
    _list("cargo", "Valor de la faceta «cargo»."),
    _list("actor", "Clave, siglas o nombre del actor político."),
    _list("sexo", "mujer, hombre o no_binario.", enum=["mujer", "hombre", "no_binario"]),
    _list("edad", "Rango de edad al registro.", enum=list(AGE_BANDS)),
    OpenApiParameter("orden", str, enum=list(parameters.ORDERS), description="Orden."),
    OpenApiParameter(
        "pagina",
        {"type": "integer", "minimum": 1, "maximum": parameters.LAST_PAGE, "default": 1},
        description="Desde 1.",
    ),
    OpenApiParameter(
        "por_pagina",
        {
            "type": "integer",
            "minimum": 1,
            "maximum": LARGEST_PAGE_SIZE,
            "default": DEFAULT_PAGE_SIZE,
        },
        description=f"Cuántas por página; a lo más {LARGEST_PAGE_SIZE}.",
    ),
]


class PublicView(APIView):
    """Allows GET, HEAD and OPTIONS to everybody from any site; caches must ask if it changed."""

    http_method_names = ["get", "head", "options"]  # noqa: RUF012
    authentication_classes = []  # noqa: RUF012
    permission_classes = []  # noqa: RUF012

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        final: Response = super().finalize_response(request, response, *args, **kwargs)
        if final.status_code < 400:
            final["Cache-Control"] = caching.PUBLIC
        return final


def _process(request: Request) -> Process | None:
    """The process asked for, or the current one; None while there is none."""
    current = selectors.portal_state().process
    try:
        return parameters.process_of(request.query_params, current=current)
    except parameters.NoProcess:
        return None


class Index(PublicView):
    """Where everything is."""

    @extend_schema(
        responses=OpenApiTypes.OBJECT, summary="Direcciones de la API", operation_id="indice"
    )
    def get(self, request: Request) -> Response:
        scope.depends_on(versions.SITE)
        names = (
            "candidaturas",
            "sugerencias",
            "municipios",
            "actores",
            "procesos",
            "noticias",
            "paginas",
            "esquema",
        )
        return Response({name: reverse(f"api:{name}", request=request) for name in names})


class Candidacies(PublicView):
    """Search and browse."""

    @extend_schema(
        parameters=_SEARCH,
        responses=_responses(serializers.CandidacyListSerializer, 400, 404),
        summary="Buscar candidaturas",
        operation_id="candidaturas",
    )
    def get(self, request: Request) -> Response:
        state = selectors.portal_state()
        try:
            query = parameters.parse(request.query_params, current=state.process)
        except parameters.NoProcess as none:
            if none.page > 1:
                raise NoSuchPage("La última página es la 1.") from none
            return Response(serializers.no_candidacies())
        result = search(query)
        base = serializers.base_of(request)
        last = max(1, -(-result.total // query.page_size))
        if query.page > last:
            raise NoSuchPage(f"La última página es la {last}.")
        body: dict[str, Any] = {
            "total": result.total,
            "pagina": query.page,
            "siguiente": self._page(request, query.page + 1) if query.page < last else None,
            "anterior": self._page(request, query.page - 1) if query.page > 1 else None,
            "resultados": [
                serializers.hit(
                    found,
                    base,
                    questions=result.facet_questions,
                    with_fragments=bool(query.text),
                )
                for found in result.hits
            ],
            "facetas": serializers.facets(result),
        }
        if result.remark:
            body["aviso"] = result.remark
        if suggestion := result.suggestion or result.meant:
            body["sugerencia"] = suggestion
        return Response(body)

    @staticmethod
    def _page(request: Request, number: int) -> str:
        kept: QueryDict = request.query_params.copy()
        kept["pagina"] = str(number)
        return str(request.build_absolute_uri(f"{request.path}?{kept.urlencode()}"))


class Suggestions(PublicView):
    """What a few typed letters may mean."""

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "q", str, description="Lo que se lleva escrito: desde dos letras o cifras."
            ),
            _PROCESS,
        ],
        responses=_responses(serializers.SuggestionListSerializer, 400),
        summary="Sugerencias mientras se escribe",
        operation_id="sugerencias",
    )
    def get(self, request: Request) -> Response:
        process = _process(request)
        typed = request.query_params.get("q", "")
        names_process = bool(request.query_params.get("proceso"))
        found = suggest(process, typed, names_process=names_process) if process else []
        base = serializers.base_of(request)
        return Response({"sugerencias": [serializers.suggestion(one, base) for one in found]})


class Candidacy(PublicView):
    """One candidacy with its answers, photograph and contacts."""

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Palabras que buscar dentro de sus respuestas.")
        ],
        responses=_responses(serializers.CandidacyDetailSerializer, 404, 410),
        summary="Una candidatura",
        operation_id="candidatura",
    )
    def get(self, request: Request, candidacy_id: int) -> Response:
        row = selectors.candidacy(candidacy_id)
        if row is None:
            raise Http404
        base = serializers.base_of(request)
        if not selectors.shows_answers(row):
            until = timezone.localtime(row.process_office.public_until)
            raise Gone(
                f"Las respuestas estuvieron a la vista hasta el {until:%d/%m/%Y}. El registro de la"
                " candidatura sigue público.",
                serializers.register(row, base),
            )
        body = serializers.candidacy_detail(row, base)
        inside = search_inside(row, request.query_params.get("q", ""))
        if inside.text:
            body["fragmentos"] = serializers.passages(passages(row, inside))
            if inside.remark:
                body["aviso"] = inside.remark
        return Response(body)


class Similar(PublicView):
    """«Más como esta»: the candidacies that wrote most like one; none without a search server."""

    @extend_schema(
        responses=_responses(serializers.SimilarSerializer, 404),
        summary="Candidaturas que dicen algo parecido",
        operation_id="similares",
    )
    def get(self, request: Request, candidacy_id: int) -> Response:
        row = selectors.candidacy(candidacy_id)
        if row is None:
            raise Http404
        base, questions = serializers.base_of(request), serializers.questions_of(row)
        return Response(
            {
                "resultados": [
                    serializers.candidacy(one, base, questions=questions) for one in similar(row)
                ]
            }
        )


class Municipalities(PublicView):
    """Municipalities of a process, with how many people stand in each."""

    @extend_schema(
        parameters=[_PROCESS],
        responses=_responses(serializers.MunicipalitySerializer(many=True), 400),
        summary="Municipios",
        operation_id="municipios",
    )
    def get(self, request: Request) -> Response:
        process = _process(request)
        counts = [] if process is None else selectors.tally(process=process).municipalities()
        base = serializers.base_of(request)
        return Response(
            [
                {
                    "clave": cvegeo or slug,
                    "nombre": name,
                    "slug": slug,
                    "url": f"{base}{MUNICIPALITY.path(slug)}",
                    "candidaturas": total,
                }
                for name, slug, cvegeo, total in counts
            ]
        )


class Actors(PublicView):
    """Political actors of a process, in the order of the ballot."""

    @extend_schema(
        parameters=[_PROCESS],
        responses=_responses(serializers.ActorSerializer(many=True), 400),
        summary="Actores políticos",
        operation_id="actores",
    )
    def get(self, request: Request) -> Response:
        scope.depends_on(versions.SITE)
        found = PoliticalActor.objects.filter(process=_process(request))
        return Response([serializers.actor(row) for row in found.order_by("ballot_order", "key")])


class Processes(PublicView):
    """Electoral processes, newest first."""

    @extend_schema(
        responses=serializers.ProcessSerializer(many=True),
        summary="Procesos",
        operation_id="procesos",
    )
    def get(self, request: Request) -> Response:
        scope.depends_on(versions.SITE)
        current = selectors.portal_state().process
        return Response([serializers.process(row, current) for row in public_processes()])


class _Contents(PublicView):
    """A list of editorial content."""

    @staticmethod
    def rows() -> Any:
        raise NotImplementedError

    def _get(self, request: Request) -> Response:
        scope.depends_on(versions.EDITORIAL, versions.SITE)
        base = serializers.base_of(request)
        return Response([serializers.content(row, base) for row in self.rows()])


class _Content(PublicView):
    """One piece of editorial content."""

    @staticmethod
    def rows() -> Any:
        raise NotImplementedError

    def _get(self, request: Request, slug: str) -> Response:
        scope.depends_on(versions.EDITORIAL, versions.SITE)
        row: PublishedContent | None = self.rows().filter(slug=slug).first()
        if row is None:
            raise Http404
        return Response(
            {**serializers.content(row, serializers.base_of(request)), "html": row.body_html}
        )


class News(_Contents):
    """News, newest first."""

    rows = staticmethod(selectors.news)

    @extend_schema(
        responses=serializers.ContentSerializer(many=True),
        summary="Noticias",
        operation_id="noticias",
    )
    def get(self, request: Request) -> Response:
        return self._get(request)


class OneNews(_Content):
    """One piece of news, whole."""

    rows = staticmethod(selectors.news)

    @extend_schema(
        responses=_responses(serializers.ContentDetailSerializer, 404),
        summary="Una noticia",
        operation_id="noticia",
    )
    def get(self, request: Request, slug: str) -> Response:
        return self._get(request, slug)


class Pages(_Contents):
    """Content pages: privacy, accessibility, frequent questions…"""

    rows = staticmethod(selectors.pages)

    @extend_schema(
        responses=serializers.ContentSerializer(many=True),
        summary="Páginas",
        operation_id="paginas",
    )
    def get(self, request: Request) -> Response:
        return self._get(request)


class OnePage(_Content):
    """One content page, whole."""

    rows = staticmethod(selectors.pages)

    @extend_schema(
        responses=_responses(serializers.ContentDetailSerializer, 404),
        summary="Una página",
        operation_id="pagina",
    )
    def get(self, request: Request, slug: str) -> Response:
        return self._get(request, slug)
