"""The shapes of the API. Read-only: a row in, JSON out."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from django.http import HttpRequest
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from cms.catalogs.models import CandidacyState, PoliticalActor, Process, Territory, TerritoryKind
from cms.catalogs.public_paths import PHOTOGRAPH
from cms.catalogs.search_parameters import FIXED_FACETS
from cms.published import selectors
from cms.published.models import PublishedCandidacy, PublishedContent
from search.result import FoundCandidacy, Hit, SearchResult
from search.suggestions import KINDS, Suggestion

# Every answer has these facets, also where no questionnaire asks for the degree of studies.
PROMISED_FACETS = (*FIXED_FACETS, "grado")

# Not a class, since one of its members has the name of an attribute of every serializer.
ProblemSerializer = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(),
        "title": serializers.CharField(),
        "status": serializers.IntegerField(),
        "detail": serializers.CharField(),
        "instance": serializers.CharField(),
        "errores": serializers.ListField(
            child=serializers.DictField(),
            required=False,
            help_text="Cada parámetro equivocado: parametro, valor, problema, remedio.",
        ),
        "registro": serializers.DictField(
            required=False, help_text="Con 410: lo que de la candidatura sigue público."
        ),
    },
)


class PlaceSerializer(serializers.Serializer[dict[str, Any]]):
    clave = serializers.CharField(help_text="CVEGEO del municipio, o su nombre corto si no tiene.")
    nombre = serializers.CharField()
    slug = serializers.CharField()


class TerritorySerializer(PlaceSerializer):
    tipo = serializers.ChoiceField(choices=TerritoryKind.values)


class ActorOfCandidacySerializer(serializers.Serializer[dict[str, Any]]):
    clave = serializers.CharField(help_text="El valor del parámetro «actor».")
    siglas = serializers.CharField(allow_blank=True)
    nombre = serializers.CharField()
    tipo = serializers.CharField()


class FragmentSerializer(serializers.Serializer[dict[str, Any]]):
    campo = serializers.CharField(help_text="La pregunta de la que viene el pasaje.")
    html = serializers.CharField(help_text="Texto escapado en el que solo aparece <mark>.")


class CandidacySerializer(serializers.Serializer[dict[str, Any]]):
    """What every process has; `api.schema` adds the questions by which candidacies are filtered."""

    id = serializers.IntegerField()
    id_externo = serializers.CharField(allow_null=True)
    url = serializers.URLField()
    nombre = serializers.CharField()
    cargo = serializers.CharField(help_text="El valor del parámetro «cargo».")
    cargo_nombre = serializers.CharField()
    principio = serializers.CharField(allow_null=True, help_text="mr, rp o pm.")
    tipo = serializers.CharField(help_text="propietaria o suplente.")
    numero_lista = serializers.IntegerField(allow_null=True)
    municipio = PlaceSerializer(allow_null=True)
    territorio = TerritorySerializer()
    actor_politico = ActorOfCandidacySerializer()
    sexo = serializers.CharField(allow_null=True)
    edad = serializers.IntegerField(allow_null=True, help_text="Edad al registro.")
    estado = serializers.CharField(help_text="activa o baja.")
    sustituida_por = serializers.IntegerField(allow_null=True)
    publicada = serializers.DateTimeField(
        allow_null=True, help_text="Primera publicación de sus respuestas."
    )
    actualizada = serializers.DateTimeField()
    fragmentos = FragmentSerializer(many=True, required=False, help_text="Solo con «q».")


class SuggestionSerializer(serializers.Serializer[dict[str, Any]]):
    tipo = serializers.ChoiceField(choices=KINDS)
    texto = serializers.CharField()
    detalle = serializers.CharField(help_text="Lo que la distingue de otra con el mismo texto.")
    url = serializers.URLField(
        help_text="Su página; de un cargo, un actor o un tema, la búsqueda que lo encuentra."
    )


class SuggestionListSerializer(serializers.Serializer[dict[str, Any]]):
    sugerencias = SuggestionSerializer(many=True)


class AnswerSerializer(serializers.Serializer[dict[str, Any]]):
    pregunta = serializers.CharField()
    etiqueta = serializers.CharField()
    respuesta = serializers.JSONField(help_text="Un texto, o una lista de textos.")


class PhotographSerializer(serializers.Serializer[dict[str, Any]]):
    url = serializers.URLField()
    texto_alternativo = serializers.CharField()


class ContactSerializer(serializers.Serializer[dict[str, Any]]):
    tipo = serializers.CharField()
    etiqueta = serializers.CharField()
    valor = serializers.CharField()


class CorrectionSerializer(serializers.Serializer[dict[str, Any]]):
    campo = serializers.CharField()
    etiqueta = serializers.CharField()
    fecha = serializers.DateField()


class EndSerializer(serializers.Serializer[dict[str, Any]]):
    causa = serializers.CharField(
        allow_blank=True,
        help_text="renuncia, cancelacion, fallecimiento o resolucion_judicial.",
    )
    fecha = serializers.DateField(allow_null=True)


class CandidacyDetailSerializer(CandidacySerializer):
    respuestas = AnswerSerializer(many=True)
    foto = PhotographSerializer(allow_null=True)
    contactos = ContactSerializer(many=True)
    identidad = serializers.ListField(child=serializers.CharField())
    correcciones = CorrectionSerializer(
        many=True, help_text="Qué dato del registro se corrigió y cuándo, lo último primero."
    )
    baja = EndSerializer(allow_null=True, help_text="Solo si la candidatura terminó.")
    sustituye_a = serializers.IntegerField(allow_null=True)
    aviso = serializers.CharField(required=False, help_text="Solo con «q»: cómo se leyó.")


class SimilarSerializer(serializers.Serializer[dict[str, Any]]):
    resultados = CandidacySerializer(
        many=True, help_text="De las más parecidas a las menos; vacío si hoy no se pueden comparar."
    )


class FacetValueSerializer(serializers.Serializer[dict[str, Any]]):
    valor = serializers.CharField()
    etiqueta = serializers.CharField()
    total = serializers.IntegerField()


class FacetsSerializer(serializers.Serializer[dict[str, Any]]):
    """What every answer has; `api.schema` adds the other facets of the questionnaires."""

    municipio = FacetValueSerializer(many=True)
    cargo = FacetValueSerializer(many=True)
    actor = FacetValueSerializer(many=True)
    sexo = FacetValueSerializer(many=True)
    edad = FacetValueSerializer(many=True)
    grado = FacetValueSerializer(many=True)


class CandidacyListSerializer(serializers.Serializer[dict[str, Any]]):
    total = serializers.IntegerField()
    pagina = serializers.IntegerField()
    siguiente = serializers.URLField(allow_null=True)
    anterior = serializers.URLField(allow_null=True)
    resultados = CandidacySerializer(many=True)
    facetas = FacetsSerializer()
    aviso = serializers.CharField(required=False)
    sugerencia = serializers.CharField(required=False)


class MunicipalitySerializer(PlaceSerializer):
    url = serializers.URLField()
    candidaturas = serializers.IntegerField()


class ActorSerializer(ActorOfCandidacySerializer):
    integrantes = serializers.ListField(child=serializers.CharField())
    orden = serializers.IntegerField()


class ProcessSerializer(serializers.Serializer[dict[str, Any]]):
    slug = serializers.CharField()
    nombre = serializers.CharField()
    jornada = serializers.DateField(allow_null=True)
    vigente = serializers.BooleanField()


class ContentSerializer(serializers.Serializer[dict[str, Any]]):
    slug = serializers.CharField()
    titulo = serializers.CharField()
    resumen = serializers.CharField(allow_blank=True)
    fecha = serializers.DateField(allow_null=True)
    url = serializers.URLField()
    imagen = PhotographSerializer(allow_null=True)
    publicada = serializers.DateTimeField()
    actualizada = serializers.DateTimeField()


class ContentDetailSerializer(ContentSerializer):
    html = serializers.CharField()


def base_of(request: HttpRequest) -> str:
    """What stands before the path of every address of an answer: scheme and host."""
    return request.build_absolute_uri("/")[:-1]


def place(territory: Territory) -> dict[str, Any]:
    """`municipio` of a candidacy."""
    return {"clave": territory.public_key, "nombre": territory.name, "slug": territory.slug}


def register(row: PublishedCandidacy | FoundCandidacy, base: str) -> dict[str, Any]:
    """The register of a candidacy, which stays public after its answers.

    Args:
        base: from `base_of`, as everywhere below.
    """
    territory, actor = row.territory, row.actor
    is_municipality = territory.kind == TerritoryKind.MUNICIPALITY
    return {
        "id": row.candidacy_id,
        "id_externo": row.external_id or None,
        "url": f"{base}{row.get_absolute_url()}",
        "nombre": row.name,
        "cargo": row.office.code,
        "cargo_nombre": row.office.name,
        "principio": row.principle or None,
        "tipo": row.seat_kind,
        "numero_lista": row.list_number,
        "municipio": place(territory) if is_municipality else None,
        "territorio": {"tipo": territory.kind, **place(territory)},
        "actor_politico": {
            "clave": actor.key,
            "siglas": actor.acronym,
            "nombre": actor.name,
            "tipo": actor.kind,
        },
        "sexo": row.sex or None,
        "edad": row.age,
        "estado": row.state,
        "sustituida_por": row.superseded_by_id,
    }


def candidacy(
    row: PublishedCandidacy | FoundCandidacy, base: str, *, questions: Mapping[str, str]
) -> dict[str, Any]:
    """One result: the register, the answers by which it is filtered, and when it was published.

    Args:
        questions: facet → key of its question, for every facet of the questionnaires.
    """
    return {
        **register(row, base),
        **{key: row.facet_values.get(facet) for facet, key in questions.items()},
        "publicada": row.published_at,
        "actualizada": row.updated_at,
    }


def questions_of(row: PublishedCandidacy) -> dict[str, str]:
    """Facet → key of its question, of all that the process of a row asks.

    Args:
        row: from `selectors.candidacy`.
    """
    return {
        question["faceta"]: question["pregunta"]
        for question in [*selectors.asked_of(row), *row.answers]
        if question["faceta"]
    }


def candidacy_detail(row: PublishedCandidacy, base: str) -> dict[str, Any]:
    """One candidacy, from `selectors.candidacy`, with its answers."""
    return {
        **candidacy(row, base, questions=questions_of(row)),
        "respuestas": [
            {key: answer[key] for key in ("pregunta", "etiqueta", "respuesta")}
            for answer in row.answers
        ],
        "foto": _photograph(row, base),
        "contactos": row.contacts,
        "identidad": [],
        "correcciones": row.corrections,
        "baja": _end(row),
        "sustituye_a": row.supersedes_id,
    }


def _end(row: PublishedCandidacy) -> dict[str, Any] | None:
    if row.state == CandidacyState.ACTIVE:
        return None
    return {"causa": row.end_cause, "fecha": row.ended_on}


def passages(found: list[tuple[str, str]]) -> list[dict[str, str]]:
    """The answers of one candidacy in which something was found: (question, html) of each."""
    return [{"campo": question, "html": html} for question, html in found]


def _photograph(row: PublishedCandidacy, base: str) -> dict[str, str] | None:
    if not row.photo:
        return None
    address = PHOTOGRAPH.path(row.photograph_file)
    return {"url": f"{base}{address}", "texto_alternativo": row.photo_alt}


def hit(
    found: Hit, base: str, *, questions: Mapping[str, str], with_fragments: bool
) -> dict[str, Any]:
    """One result of a search; `questions` as `candidacy` takes them."""
    body = candidacy(found.row, base, questions=questions)
    if with_fragments:
        body["fragmentos"] = [
            {"campo": fragment.question, "html": fragment.html} for fragment in found.fragments
        ]
    return body


def suggestion(found: Suggestion, base: str) -> dict[str, str]:
    """What a few typed letters may mean."""
    return {
        "tipo": found.kind,
        "texto": found.text,
        "detalle": found.detail,
        "url": f"{base}{found.address}",
    }


def no_candidacies() -> dict[str, Any]:
    """The answer of a search while there is no process to search in."""
    return {
        "total": 0,
        "pagina": 1,
        "siguiente": None,
        "anterior": None,
        "resultados": [],
        "facetas": {name: [] for name in PROMISED_FACETS},
    }


def facets(result: SearchResult) -> dict[str, list[dict[str, Any]]]:
    """The facets with their counts."""
    promised: dict[str, list[dict[str, Any]]] = {name: [] for name in PROMISED_FACETS}
    return promised | {
        name: [
            {"valor": value.value, "etiqueta": value.label, "total": value.total}
            for value in values
        ]
        for name, values in result.facets.items()
    }


def actor(row: PoliticalActor) -> dict[str, Any]:
    """A political actor of a process."""
    return {
        "clave": row.key,
        "siglas": row.acronym,
        "nombre": row.name,
        "tipo": row.kind,
        "integrantes": row.members,
        "orden": row.ballot_order,
    }


def process(row: Process, current: Process | None) -> dict[str, Any]:
    """An electoral process."""
    return {
        "slug": row.slug,
        "nombre": row.name,
        "jornada": row.election_date,
        "vigente": current is not None and row.pk == current.pk,
    }


def content(row: PublishedContent, base: str) -> dict[str, Any]:
    """News or a page, for lists."""
    image = {"url": urljoin(base, row.image_url), "texto_alternativo": row.image_alt}
    return {
        "slug": row.slug,
        "titulo": row.title,
        "resumen": row.summary,
        "fecha": row.date,
        "url": urljoin(base, row.url),
        "imagen": image if row.image_url else None,
        "publicada": row.published_at,
        "actualizada": row.updated_at,
    }
