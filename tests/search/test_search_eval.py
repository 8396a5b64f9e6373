"""`search_eval`: what the search finds for the queries of a file."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


@pytest.fixture
def asked(tmp_path: Path):
    """Answer a list of queries with the command."""

    def ask(queries: object, process: str = "pel-2024") -> dict[str, list[str]]:
        path = tmp_path / "consultas.json"
        path.write_text(json.dumps(queries), encoding="utf-8")
        said = StringIO()
        call_command("search_eval", str(path), process=process, format="json", stdout=said)
        return json.loads(said.getvalue())

    return ask


def test_each_query_is_answered_with_identifiers_in_order(publish, asked) -> None:
    publish(name="Rosalba Agua Ruiz", external_id="X-1")
    publish(external_id="X-2", texts={"propuesta_1": "Llevar agua a los ejidos."})
    publish(external_id="X-3", texts={"propuesta_1": "Abrir una biblioteca."})

    assert asked(
        [{"id": "1", "q": "agua"}, {"id": "dos", "q": "biblioteca"}, {"id": 3, "q": "tranvía"}]
    ) == {"1": ["X-1", "X-2"], "dos": ["X-3"], "3": []}


def test_at_most_fifty_are_answered(publish, asked) -> None:
    for number in range(51):
        publish(external_id=f"X-{number}", texts={"propuesta_1": "Más alumbrado."})

    assert len(asked([{"id": "1", "q": "alumbrado"}])["1"]) == 50


def test_a_candidacy_without_official_identifier_is_named_by_its_number(publish, asked) -> None:
    row = publish(texts={"propuesta_1": "Más alumbrado."}, external_id="")

    assert asked([{"id": "1", "q": "alumbrado"}]) == {"1": [str(row.candidacy_id)]}


@pytest.mark.parametrize(
    ("queries", "said"),
    [
        ({"id": "1", "q": "agua"}, "El archivo es una lista JSON"),
        ([{"id": "1"}], "La consulta 1 no tiene «id» y «q»"),
        ([{"id": "1", "q": "a"}, {"id": 1, "q": "b"}], "La consulta «1» está dos veces"),
    ],
)
def test_a_file_of_another_form_is_explained(process, asked, queries, said) -> None:
    with pytest.raises(CommandError, match=said):
        asked(queries)


def test_an_unknown_process_is_told_the_known_ones(process, asked) -> None:
    with pytest.raises(CommandError, match=r"No hay un proceso «pel-1900». Los que hay: pel-2024"):
        asked([], process="pel-1900")


def test_a_search_server_that_there_is_not_is_told(process, tmp_path) -> None:
    path = tmp_path / "consultas.json"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(CommandError, match="ELASTICSEARCH_URL está vacía"):
        call_command("search_eval", str(path), process="pel-2024", engine="elasticsearch")
