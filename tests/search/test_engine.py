"""What the engine finds, shows and counts, over a few made-up rows."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.catalogs.models import ProcessOffice
from cms.published import scope
from cms.published.models import PublishedCandidacy
from cms.published.selectors import visible_candidacies
from search import fragments as passages

pytestmark = pytest.mark.django_db


def ids(found) -> list[int]:
    return [hit.row.candidacy_id for hit in found.hits]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("La sequía de los ejidos", ["sequía", "SEQUÍA", "sequia", "sequías", "Sequias"]),
        ("La SEQUIA de los ejidos", ["sequía", "SEQUÍA", "sequia"]),
        ("Contra la violencia de género", ["violencia de género", "violencia de genero",
                                           '"violencia de genero"', "«violencia de género»"]),
        ("Para los niños del barrio", ["niños", "ninos", "NIÑOS", "niño"]),
        ("Parques para ninos", ["niños", "ninos"]),
        ("Una educación digna", ["educación", "educacion", "educaciones", "EDUCACIÓN"]),
        ("Instituciones abiertas", ["institución", "institucion", "instituciones"]),
        ("Más señalización", ["senalizacion", "señalización", "SEÑALIZACION", "más señalización"]),
        ("Calles limpias.Alumbrado nuevo", ["alumbrado", "limpias"]),
        ("Talleres para niñas/jóvenes", ["jovenes", "niñas"]),
        ("Becas_deportivas", ["becas deportivas", "becas_deportivas"]),
    ],
)  # fmt: skip
def test_every_spelling_finds_the_text(process, publish, find, written, typed) -> None:
    row = publish(texts={"propuesta_1": written})
    publish(name="Otra Persona Distinta", texts={"propuesta_1": "Nada que ver con eso"})

    for text in typed:
        found = find(process, text)
        assert ids(found) == [row.candidacy_id], text
        assert "<mark>" in found.hits[0].fragments[0].html, text


def test_alternatives_exclusions_and_phrases(process, publish, find) -> None:
    water = publish(name="Uno", texts={"propuesta_1": "agua limpia"})
    light = publish(name="Dos", texts={"propuesta_1": "luz limpia"})

    assert sorted(ids(find(process, "agua OR luz"))) == [water.candidacy_id, light.candidacy_id]
    assert ids(find(process, "limpia -agua")) == [light.candidacy_id]
    assert ids(find(process, "limpia -Água")) == [light.candidacy_id]
    assert ids(find(process, '"limpia agua"')) == []


def test_a_hit_in_the_name_comes_first_then_the_register_then_proposals_then_the_life(
    process, publish, find
) -> None:
    life = publish(name="Uno Uno", texts={"historia": "El nogal y otra vez nogal"})
    proposal = publish(name="Dos Dos", texts={"propuesta_1": "Un nogal por calle"})
    register = publish(name="Tres Tres", register_text="Presidencia municipal Nogal")
    named = publish(name="Rosa Nogal")

    assert ids(find(process, "nogal")) == [
        row.candidacy_id for row in (named, register, proposal, life)
    ]


def test_a_changed_text_or_name_is_searched_at_once(process, publish, find) -> None:
    row = publish(texts={"propuesta_1": "Un museo"})
    row.text_high_weight = "Una biblioteca"
    row.save()
    assert find(process, "museo").total == 0

    PublishedCandidacy.objects.filter(pk=row.pk).update(name="Rosa Cardenche")
    assert ids(find(process, "cardenche")) == [row.candidacy_id]
    assert find(process, "biblioteca").total == 1


# --- what is public


@pytest.fixture
def window(process):
    return ProcessOffice.objects.get(process=process, office__code="presidencia_municipal")


def test_nothing_is_found_before_it_is_visible(process, publish, find, window) -> None:
    publish(texts={"propuesta_1": "agua"})
    for moment in (None, timezone.now() + timedelta(hours=1)):
        window.visible_from = moment
        window.save()
        for text in ("agua", "cenizo", "graciela senizo", ""):
            found = find(process, text)
            assert found.total == 0
            assert found.suggestion == ""
            assert not any(option.total for options in found.facets.values() for option in options)


def test_after_public_until_only_the_register_is_searched_and_counted(
    process, publish, find, window
) -> None:
    row = publish(texts={"propuesta_1": "agua"}, facet_values={"grado": "maestria"})
    other = publish(
        name="Otra",
        office="sindicatura",
        texts={"propuesta_1": "agua"},
        facet_values={"grado": "maestria"},
    )
    window.public_until = timezone.now() - timedelta(seconds=1)
    window.save()

    assert ids(find(process, "agua")) == [other.candidacy_id]
    named = find(process, "cenizo")
    assert ids(named) == [row.candidacy_id]
    assert (named.hits[0].row.passages, named.hits[0].row.facet_values) == ("", {})
    assert named.hits[0].fragments == ()
    degrees = {option.value: option.total for option in find(process).facets["grado"]}
    assert degrees["maestria"] == 1
    assert ids(find(process, filters={"grado": ("maestria",)})) == [other.candidacy_id]


def test_the_engine_and_the_selectors_agree_on_who_is_public(
    process, publish, find, window
) -> None:
    publish()
    publish(name="Otra", office="sindicatura")
    now = timezone.now()
    hour = timedelta(hours=1)
    for visible in (None, now - hour, now + hour):
        for until in (None, now - hour, now + hour):
            window.visible_from, window.public_until = visible, until
            window.save()
            shown = visible_candidacies(process=process).values_list("candidacy_id", flat=True)
            assert sorted(ids(find(process))) == sorted(shown)


def test_other_processes_are_not_searched(process, publish, find) -> None:
    from cms.candidacies.services import ensure_process

    publish(texts={"propuesta_1": "agua"})
    other = ensure_process(slug="pel-2027", name="Otro").process

    assert find(other, "agua").total == 0
    assert find(other, "senizo").suggestion == ""


# --- the typed text


@pytest.mark.parametrize(
    "text",
    ["agua'--", "agua\\", "!!agua", "agua:A", "\x00agua", "\ud800agua", "--agua", "agua OR",
     "=cenizo", "'=cenizo'", "agua;drop table x", "-agua -luz", "agua " * 3000,
     "\u202eagua", "\ue000agua\ue001"],
)  # fmt: skip
def test_signs_around_a_word_do_not_hide_what_it_finds(process, publish, find, text) -> None:
    publish(texts={"propuesta_1": "agua"})

    assert find(process, text).total == 1


@pytest.mark.parametrize(
    "text",
    ['"', '""', "'", "\\", "a:*", "!", "&|", "(((", "<->", "%s", "{}", "$1",
     "-", '-"', "OR", "or or", "😀", "ｆｕｌｌ", "1/2", "3.5%", "de la", "a" * 5000,
     "<script>alert(1)</script>", "áéíóú " * 50],
)  # fmt: skip
def test_what_is_not_a_word_that_somebody_writes_finds_nobody(process, publish, find, text) -> None:
    publish(texts={"propuesta_1": "agua"})

    assert find(process, text).total == 0
    assert find(process, "agua").total == 1


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(alphabet=st.sampled_from("agua luz\"'-:*&|!()<>\\/%ñÁ\x00=OR"), max_size=60))
def test_no_mixture_of_operators_fails(process, publish, find, text) -> None:
    publish(texts={"propuesta_1": "agua y luz"})
    find(process, text)
    PublishedCandidacy.objects.all().delete()


def test_common_words_alone_find_nobody_and_a_remark_tells_of_it(process, publish, find) -> None:
    publish(texts={"propuesta_1": "la de los"})
    for text, words in (("de la", "comunes"), ("también", "comunes"), ("...", "ninguna palabra")):
        found = find(process, text)
        assert found.total == 0
        assert words in found.remark


def test_words_with_a_meaning_of_their_own_are_not_taken_for_common_words(
    process, publish, find
) -> None:
    """PostgreSQL's own list leaves them out, as they are also forms of «estar» and «sentir»."""
    row = publish(texts={"propuesta_1": "El estado contra la violencia, en el mismo sentido"})
    other = publish(texts={"propuesta_1": "Un derecho sin más"})
    for text in ("estado", "contra", "sentido", '"estado contra la violencia"'):
        assert ids(find(process, text)) == [row.candidacy_id], text
    assert ids(find(process, "derecho -estado")) == [other.candidacy_id]
    assert find(process, '"estado de derecho"').total == 0


def test_singular_and_plural_find_the_same(process, publish, find) -> None:
    texts = ("Una mujer", "Tres mujeres", "Una voz", "Dos voces", "Su interés", "Los intereses")
    for text in texts:
        publish(texts={"propuesta_1": text})
    pairs = (("mujer", "mujeres"), ("voz", "voces"), ("interés", "intereses"))
    for singular, plural in pairs:
        assert set(ids(find(process, singular))) == set(ids(find(process, plural)))
        assert find(process, singular).total == 2


def test_a_word_that_a_candidacy_writes_is_not_corrected_as_a_misspelt_name(
    process, publish, find
) -> None:
    publish(name="Leandro Huerta Sauz")
    row = publish(name="Otra Persona", texts={"propuesta_1": "Una puerta abierta"})
    found = find(process, "puerta")
    assert ids(found) == [row.candidacy_id]
    assert found.suggestion == ""
    assert find(process, "guerta").suggestion == "Huerta"


def test_the_suggested_spelling_is_that_of_the_first_hit(process, publish, find) -> None:
    publish(name="Ana Vázquez Peña")
    nearest = publish(name="Rosa Vásquez Sauz")
    found = find(process, "vasques")
    assert found.hits[0].row.candidacy_id == nearest.candidacy_id
    assert found.suggestion == "Vásquez"


# --- misspelt names


@pytest.mark.parametrize(
    "typed", ["senizo", "cenzo", "cennizo", "cneizo", "Zenizo", "teposan", "graciela senizo"]
)
def test_a_misspelt_name_finds_the_person(process, publish, find, typed) -> None:
    row = publish()
    publish(name="Otra Persona Distinta", texts={"propuesta_1": "Otra cosa"})

    assert ids(find(process, typed)) == [row.candidacy_id]


def test_a_name_misspelt_as_it_sounds_finds_the_person_first(process, publish, find) -> None:
    """Even when a text has that spelling: names are misspelt in texts as often as in searches."""
    text = publish(name="Uno", texts={"propuesta_1": "La calle Garsa"})
    owner = publish(name="Luz Garza")
    found = find(process, "garsa")

    assert ids(found) == [owner.candidacy_id, text.candidacy_id]
    assert found.suggestion == "Garza"


def test_a_word_that_several_candidacies_write_does_not_find_similar_names(
    process, publish, find
) -> None:
    for number in range(5):
        publish(name=f"Persona {number}", texts={"propuesta_1": "Cada calle iluminada"})
    publish(name="Luz Valle")
    found = find(process, "calle")

    assert found.total == 5
    assert found.suggestion == ""


def test_short_surnames_are_found_too(process, publish, find) -> None:
    owner = publish(name="Ana Paz")
    publish(name="Rosa Mezquite")

    assert ids(find(process, "pas")) == [owner.candidacy_id]


def test_filters_also_apply_to_misspelt_names(process, publish, find) -> None:
    publish(cvegeo="05033")
    there = publish(cvegeo="05030")

    assert ids(find(process, "senizo", filters={"municipio": ("05030",)})) == [there.candidacy_id]


# --- fragments


NASTY = (
    "<script>alert('agua')</script> & agua <b>agua</b> &lt;mark&gt; [[agua]] \ue000agua\ue001"
    ' "agua" </mark><img src=x onerror=agua> <mark>agua'
)


def test_a_fragment_has_no_tag_but_mark_for_any_text(process, publish, find) -> None:
    publish(texts={"propuesta_1": NASTY, "historia": NASTY[::-1] + " agua", "motivo": "agua<agua>"})
    [hit] = find(process, "agua").hits

    assert len(hit.fragments) == 3
    for fragment in hit.fragments:
        assert set(re.findall(r"<[^>]*>?", fragment.html)) == {"<mark>", "</mark>"}
        assert fragment.html.count("<mark>") == fragment.html.count("</mark>")
        assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", fragment.html)


@pytest.mark.parametrize("text", ["<a agua>", "&agua;", "x<agua>y", "</agua>", "<agua/>"])
def test_words_are_found_inside_a_text_that_looks_like_a_tag(process, publish, find, text) -> None:
    publish(texts={"propuesta_1": f"Uno {text} dos"})

    assert find(process, "agua").total == 1


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    before=st.text(alphabet=st.sampled_from("<>&;\"'/ab márk[]\ue000 \n"), max_size=120),
    after=st.text(alphabet=st.sampled_from("<>&;\"'/ab márk[]\ue000 \n"), max_size=120),
)
def test_no_text_puts_a_tag_into_a_fragment(process, publish, find, before, after) -> None:
    publish(texts={"propuesta_1": f"{before} agua {after}"})
    [hit] = find(process, "agua").hits
    html = hit.fragments[0].html
    PublishedCandidacy.objects.all().delete()

    assert set(re.findall(r"<[^>]*>?", html)) == {"<mark>", "</mark>"}


def test_a_fragment_names_its_question_and_keeps_the_accents_of_the_text(
    process, publish, find
) -> None:
    publish(texts={"propuesta_genero": "Vivir sin violencia de GÉNERO, siempre."})
    [fragment] = find(process, "genero").hits[0].fragments

    assert fragment.question == "propuesta_genero"
    assert fragment.html == "Vivir sin violencia de <mark>GÉNERO</mark>, siempre."


def test_a_long_text_is_cut_between_words_around_its_hit(process, publish, find) -> None:
    publish(texts={"historia": "palabra " * 200 + "agua " + "después " * 200})
    [fragment] = find(process, "agua").hits[0].fragments

    assert len(fragment.html) < 400
    assert fragment.html.startswith("…palabra")
    assert fragment.html.endswith("después…")


def test_a_fragment_cut_behind_a_full_stop_keeps_it_apart_from_the_sign(
    process, publish, find
) -> None:
    publish(texts={"propuesta_1": "Agua. " + "Llega. " * 90})
    [fragment] = find(process, "agua").hits[0].fragments
    assert fragment.html.endswith("Llega. …")


def test_words_with_only_the_same_beginning_are_not_marked(process, publish, find) -> None:
    publish(texts={"propuesta_1": "El aguacate y el agua"})
    [fragment] = find(process, "agua").hits[0].fragments

    assert fragment.html == "El aguacate y el <mark>agua</mark>"


def test_of_several_words_the_passage_that_holds_more_of_them_comes_first_and_is_cut_there(
    process, publish, find
) -> None:
    publish(
        texts={
            "propuesta_1": "Agua para todos",
            "propuesta_2": "Agua. " + "Otra cosa distinta. " * 40 + "Llevar agua potable al ejido",
            "historia": "Agua potable",
        }
    )
    first, second, third = find(process, "agua potable ejido").hits[0].fragments

    assert (first.question, second.question, third.question) == (
        "propuesta_2",
        "historia",
        "propuesta_1",
    )
    assert first.html.startswith("…")
    assert first.html.endswith("<mark>agua</mark> <mark>potable</mark> al <mark>ejido</mark>")


# --- queries


# The catalogues, the dates, the territories where somebody stands, the options of the questions,
# the lists of words, and who has each value.
VOCABULARY = 6


@pytest.mark.parametrize(
    ("text", "filters", "queries"),
    [
        ("", {}, 2),
        ("agua", {}, 3),
        ("agua", {"municipio": ("05033",), "sexo": ("mujer",), "edad": ("30-39",)}, 3),
        ("senizo", {}, 3),
        ("senizo agua", {}, 4),
        ("nadaescribeesto", {}, 2),
    ],
)
def test_the_queries_of_a_search_before_anything_is_cached(
    process, publish, find, text, filters, queries
) -> None:
    publish(texts={"propuesta_1": "agua potable", "historia": "agua y cenizo"})
    passages.forget_stems()
    with scope.collecting(), CaptureQueriesContext(connection) as captured:
        find(process, text, filters=filters)

    assert len(captured) == VOCABULARY + queries, "\n".join(
        query["sql"][:200] for query in captured
    )


def test_the_queries_of_a_search_when_everything_is_cached(process, publish, find) -> None:
    publish(texts={"propuesta_1": "agua potable"})
    with scope.collecting():
        find(process, "agua")
        with CaptureQueriesContext(connection) as captured:
            find(process, "agua")

    assert len(captured) == 2


# --- the ballot's order


def test_browsing_is_in_the_order_of_the_ballot(process, publish, find, actor, other_actor) -> None:
    second = publish(name="Zulema", actor=other_actor, cvegeo="05033")
    alternate = publish(name="Alba", seat_kind="suplente", cvegeo="05033")
    holder = publish(name="Zoila", cvegeo="05033")
    elsewhere = publish(name="Ana", cvegeo="05030", actor=other_actor)

    assert ids(find(process)) == [
        row.candidacy_id for row in (elsewhere, holder, alternate, second)
    ]


def test_many_hits_are_ranked_with_names_first_and_no_page_repeats_a_hit(
    process, publish, find
) -> None:
    publish(name="Plantilla", texts={"propuesta_1": "agua"})
    template = PublishedCandidacy.objects.get(name="Plantilla")
    copies = []
    for number in range(450):
        template.pk = 1_000_000 + number
        template.name = "Rosa Agua" if number == 222 else f"Persona {number}"
        copies.append(
            PublishedCandidacy(
                **{
                    field.attname: getattr(template, field.attname)
                    for field in PublishedCandidacy._meta.concrete_fields
                }
            )
        )
    PublishedCandidacy.objects.bulk_create(copies)
    seen = [
        candidacy_id
        for page in range(1, 7)
        for candidacy_id in ids(find(process, "agua", page=page, page_size=100))
    ]

    assert seen[0] == 1_000_222
    assert len(seen) == len(set(seen)) == 451


def test_an_unknown_age_sex_or_degree_is_not_counted(process, publish, find) -> None:
    publish(age=None, sex="", texts={"propuesta_1": "agua"})
    for filters in ({}, {"municipio": ("05033",)}):
        facets = find(process, "agua", filters=filters).facets

        assert sum(option.total for option in facets["municipio"]) == 1
        unknown = [option for name in ("edad", "sexo", "grado") for option in facets[name]]
        assert sum(option.total for option in unknown) == 0
    assert find(process, "agua", filters={"edad": ("18-29",)}).total == 0
