"""What the index is: its settings, its fields, and how Spanish is read in it.

The name of the index holds a fingerprint of all this. So an installation whose code changed it does
not search an index of before: PostgreSQL answers until `search_rebuild` has made the new one.
"""

import json
from functools import cache
from hashlib import sha256
from typing import Any, TypedDict

from django.conf import settings

from cms.catalogs.common_words import COMMON
from search.parameters import LAST_PAGE
from search.query import LARGEST_PAGE_SIZE

# What separates the name of a questionnaire's facet from its value, which is a plain word.
FACET_SEPARATOR = "="


class Document(TypedDict):
    """One public candidacy in the index; its `_id` is the candidacy's id too.

    Nothing of it can be read again: the index keeps no source, and a search brings only `candidacy`
    and `version`, or `mark` for whoever compares.

    Members:
        candidacy, version: those of the public row.
        mark: a digest of all the rest; it is another one when anything else is.
        process, window: keys of the process and of its office, as texts. Whether an office is
            public is asked of the database at each search, so that dates need no indexing.
        municipality: CVEGEO, else the slug, of a territory that is a municipality; else None.
        office, actor, sex, age: as the facets take them; None, or "", when unknown.
        facets: of the questionnaires, each as facet=value.
        name: the name as written and, if it has abbreviations, the name in full.
        register, high, low: the texts of the row by their weight in the search.
        lot: a number by lot, always the same for a candidacy, that favours nobody.
        by_ballot, by_name: what the orders «boleta» and «nombre» are sorted by.
    """

    candidacy: int
    version: int
    mark: str
    process: str
    window: str
    municipality: str | None
    office: str
    actor: str
    sex: str | None
    age: int | None
    facets: list[str]
    name: list[str]
    register: str
    high: str
    low: str
    lot: int
    by_ballot: str
    by_name: str


# Short and irregular words whose forms the stemmers do not bring together, or only one of them.
IRREGULAR = """
    ano, anos => ano
    nino, ninos, nina, ninas => nin
    hijo, hijos, hija, hijas => hij
    mes, meses => mes
    pais, paises => pais
    red, redes => red
    luz, luces => luz
    paz, paces => paz
    voz, voces => voz
    juez, jueces => juez
    ley, leyes => ley
    via, vias => via
    rio, rios => rio
    interes, intereses => interes
    crisis => crisis
    pyme, pymes => pym
    joven, jovenes => joven
"""

# Marks on every vowel go and the tilde of the ñ stays: what distinguishes «año» from «ano» without
# the ICU plugin, which few servers have.
_MARKED = {
    "a": "áàâäãå",
    "e": "éèêë",
    "i": "íìîï",
    "o": "óòôöõ",
    "u": "úùûü",
}


def _without_marks() -> list[str]:
    pairs = [(letter, plain) for plain, marked in _MARKED.items() for letter in marked]
    small = [f"{letter} => {plain}" for letter, plain in pairs]
    large = [f"{letter.upper()} => {plain.upper()}" for letter, plain in pairs]
    # The tilde may also be a mark of its own behind the letter.
    return [*small, *large, "n\u0303 => ñ", "N\u0303 => Ñ"]


def analysis() -> dict[str, Any]:
    """How texts become words, the same when they are indexed and when they are searched.

    - `spanish`: words apart, in lower case and without marks, without the common ones, which leave
      their place empty; then both stems of each, the light one and the one that also brings
      «pavimentar» and «pavimentación» together. The endings -ción and -sión get back the accent
      that the second stemmer needs to know them.
    - `exact`: the forms that were written, in which «año» is not «ano».
    - `names`: the words of names, without marks and unstemmed: «Rojas» is not «rojo».
    """
    return {
        "char_filter": {"marks_of_vowels": {"type": "mapping", "mappings": _without_marks()}},
        "tokenizer": {
            "words": {
                "type": "char_group",
                "tokenize_on_chars": ["whitespace", "punctuation", "symbol"],
            }
        },
        "filter": _filters(),
        "analyzer": {
            "spanish": {
                "type": "custom",
                "tokenizer": "words",
                "filter": ["lowercase", "asciifolding", "common", "irregular", "stems"],
            },
            "exact": {
                "type": "custom",
                "char_filter": ["marks_of_vowels"],
                "tokenizer": "words",
                "filter": ["lowercase"],
            },
            "names": {
                "type": "custom",
                "tokenizer": "words",
                "filter": ["lowercase", "asciifolding"],
            },
        },
    }


def _filters() -> dict[str, Any]:
    """What is done with each word in Spanish."""
    return {
        "common": {"type": "stop", "stopwords": sorted(COMMON)},
        "irregular": {
            "type": "stemmer_override",
            "rules": [line.strip() for line in IRREGULAR.strip().splitlines()],
        },
        "light": {"type": "stemmer", "language": "light_spanish"},
        "full": {"type": "snowball", "language": "Spanish"},
        "with_its_accent": {
            "type": "pattern_replace",
            "pattern": "([cs])ion$",
            "replacement": "$1ión",
        },
        "stems": {
            "type": "multiplexer",
            "filters": ["light", "with_its_accent, full, asciifolding"],
            "preserve_original": False,
        },
    }


_KEYWORDS = ("process", "window", "municipality", "office", "actor", "sex", "facets")
_KEYWORD = {"type": "keyword"}
# What is read or sorted by, and not searched.
_SORTED_BY = {"type": "keyword", "index": False}
_EXACT = {"type": "text", "analyzer": "exact", "similarity": "fair", "norms": False}


# Fields that only say whether something has a word: how long they are does not count.
_HELD = {"type": "text", "analyzer": "spanish", "norms": False}


def _text(*held: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "text",
        "analyzer": "spanish",
        "similarity": "fair",
        "copy_to": list(held),
        "fields": {"exact": _EXACT, **fields},
    }


def mappings() -> dict[str, Any]:
    """The fields of a `Document`. An unknown one is refused, as nobody would search it."""
    names = {"type": "text", "analyzer": "names", "norms": False}
    return {
        "dynamic": "strict",
        "_source": {"enabled": False},
        "properties": {
            "candidacy": {"type": "long"},
            "version": {"type": "long", "index": False},
            "mark": _SORTED_BY,
            **dict.fromkeys(_KEYWORDS, _KEYWORD),
            "age": {"type": "short"},
            "name": _text("registered", "everything", words=names),
            "register": _text("registered", "everything"),
            "high": _text("everything"),
            "low": _text("everything"),
            "registered": _HELD,
            "everything": _HELD,
            "lot": {"type": "long", "index": False},
            "by_ballot": _SORTED_BY,
            "by_name": _SORTED_BY,
        },
    }


# Whoever writes much does not come before whoever writes little: a text ten times as long as the
# others weighs only a little less, and a word said three times counts hardly more than once.
SIMILARITY = {"fair": {"type": "BM25", "k1": 0.6, "b": 0.25}}


def _fixed() -> dict[str, Any]:
    return {
        "settings": {
            "index": {"max_result_window": LAST_PAGE * LARGEST_PAGE_SIZE},
            "analysis": analysis(),
            "similarity": SIMILARITY,
        },
        "mappings": mappings(),
    }


@cache  # A single value.
def fingerprint() -> str:
    """What distinguishes this version of the index from every other one."""
    return sha256(json.dumps(_fixed(), sort_keys=True).encode()).hexdigest()[:10]


def alias() -> str:
    """The name under which this version of the index is searched and written."""
    return f"{settings.ELASTICSEARCH_PREFIX}-candidacies-{fingerprint()}"


def index_body() -> dict[str, Any]:
    """What a new index is created with. Shards and replicas are those of the installation."""
    body = _fixed()
    body["settings"]["index"] |= {
        "number_of_shards": settings.ELASTICSEARCH_SHARDS,
        "number_of_replicas": settings.ELASTICSEARCH_REPLICAS,
    }
    return body
