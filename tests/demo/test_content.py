"""The texts of the demonstration are complete, and neighbours have different texts and names."""

import json
import re
from pathlib import Path

from cms.catalogs.files import municipalities_of
from cms.demo.composer import compose_answers
from cms.demo.names import compose_name
from cms.demo.roster import places
from cms.questionnaires.answers import problems
from cms.questionnaires.definitions import Definition
from cms.questionnaires.loading import DATA

CONTENT = Path(__file__).resolve().parents[2] / "cms" / "demo" / "content"
TEXTS = (
    "historia_profesional",
    "trayectoria_politica",
    "motivo_cargo",
    "propuesta_1",
    "propuesta_2",
    "propuesta_genero",
)
DEFINITION = Definition.from_content(
    json.loads((DATA / "curricular-2024.json").read_text(encoding="utf-8"))
)


def written():
    return [
        entry
        for path in sorted(CONTENT.glob("written_*.json"))
        for entry in json.loads(path.read_text(encoding="utf-8"))
    ]


def composed(seed):
    return compose_answers(
        seed=seed,
        sex=("mujer", "hombre")[seed % 2],
        office="regiduria",
        municipality="San Pedro",
        age=25 + seed % 40,
    )


def sentences(answers):
    return {part for key in TEXTS for part in re.split(r"(?<=[.!?])\s", answers[key])}


def wrong(answers):
    found = problems(DEFINITION, answers)
    return [problem for problem in found if problem.question != "fotografia"]


def test_the_forty_entries_written_by_hand_are_complete():
    entries = written()
    known = {row["cvegeo"] for row in municipalities_of("05")}
    assert len(entries) == 40
    assert len({entry["cvegeo"] for entry in entries}) == 33
    for entry in entries:
        assert entry["cvegeo"] in known
        answers = {**composed(1), **entry["answers"]}
        assert wrong(answers) == [], entry["id"]


def test_no_two_written_texts_begin_in_the_same_way_or_share_a_sentence():
    openings = [entry["answers"][key][:30] for entry in written() for key in TEXTS]
    assert len(openings) == len(set(openings))
    seen: set[str] = set()
    for entry in written():
        own = sentences(entry["answers"])
        assert not own & seen, entry["id"]
        seen |= own


def test_composed_answers_are_complete_and_the_same_each_time():
    for seed in range(0, 701, 7):
        assert wrong(composed(seed)) == [], seed
        assert composed(seed) == composed(seed)


def test_neighbours_never_begin_in_the_same_way_or_share_a_sentence():
    texts = [composed(seed) for seed in range(450)]
    parts = [sentences(answers) for answers in texts]
    for seed in range(450):
        for other in range(seed + 1, min(seed + 13, 450)):
            assert not parts[seed] & parts[other], (seed, other)
            for key in TEXTS:
                assert texts[seed][key][:40] != texts[other][key][:40], (seed, other, key)


def test_proposals_on_the_same_theme_are_worded_differently():
    """A search for a theme lists the candidacies that share it next to each other."""
    for name, fewest in (("propuesta_1", 6), ("propuesta_2", 6), ("propuesta_genero", 4)):
        themes = json.loads((CONTENT / "bank" / f"{name}.json").read_text(encoding="utf-8"))
        assert all(len(theme) >= fewest for theme in themes), name
        openings = [text[:30] for theme in themes for text in theme]
        assert len(openings) == len(set(openings)), name


def test_no_two_people_have_the_same_name():
    names = [compose_name(seed=seed, sex=("mujer", "hombre")[seed % 2]) for seed in range(1500)]
    assert len(names) == len(set(names))


def test_the_roster_covers_a_whole_state():
    found = places()
    assert len(found) == 423
    presidencies = {place.cvegeo for place in found if place.office == "presidencia_municipal"}
    assert len(presidencies) == 38
