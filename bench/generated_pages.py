"""What the pages are measured over: 10,000 published candidacies on 80 ballots of 125 people.

`python -m bench.generated_pages` publishes them, and prints what may be asked as a JSON object. On
each ballot one person has not answered yet: their questionnaire is under review, and waits for
whoever approves it.
"""

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

BALLOTS, PEOPLE = 80, 125
CANDIDACIES = BALLOTS * PEOPLE
PROCESS = "banco-2024"
VALIDATOR, PARTY = "banco.validacion", "banco.enlace"
# The place on the ballot of the person who has not answered yet.
PARTY_OF_THE_LATE, PLACE_OF_THE_LATE = "MC", 7


def name_of_ballot(number: int, known: list[str]) -> str:
    """The municipalities of Coahuila first, and invented ones after them."""
    return known[number] if number < len(known) else f"Municipio Inventado {number:02}"


def _seats() -> Iterator[tuple[str, int, str]]:
    """Party, place on the slate (0: presidency), seat: whole slates as far as people suffice."""
    from bench.generated_files import PARTIES

    for place in count():
        for party in PARTIES:
            for seat in ("PROPIETARIA", "SUPLENTE"):
                is_late = (party, place) == (PARTY_OF_THE_LATE, PLACE_OF_THE_LATE)
                if not (is_late and seat == "SUPLENTE"):
                    yield party, place, seat


def rows(names: list[str]) -> Iterator[dict[str, str]]:
    """Everybody but the late ones, in the columns of `ine-2022`."""
    from bench import generated_files

    people = generated_files.rows(CANDIDACIES)
    for name in names:
        seats = _seats()
        for _person in range(PEOPLE - 1):
            party, place, seat = next(seats)
            yield {
                **next(people),
                "PARTIDO_COALICION": party,
                "CARGO": "PRESIDENCIA MUNICIPAL" if place == 0 else "REGIDURÍA MR",
                "MUNICIPIO": name.upper(),
                "NUM_LISTA_O_FORMULA": str(place),
                "TIPO_CANDIDATO": seat,
            }


def _territories() -> list[Any]:
    """The municipalities of the ballots; those that the catalogue does not have are made."""
    from cms.catalogs.files import municipalities_of
    from cms.catalogs.models import TerritoryKind
    from cms.catalogs.services import NewTerritory, TerritoryKey, ensure_territory, folded_key

    known = [row["nombre"] for row in municipalities_of("05")]
    found = []
    for number in range(BALLOTS):
        name = name_of_ballot(number, known)
        key = TerritoryKey("05", TerritoryKind.MUNICIPALITY, folded_key(name))
        found.append(ensure_territory(NewTerritory(key, name)))
    return found


def _import(names: list[str]) -> None:
    import csv

    from cms.imports.services import ImportRequest, import_official_file

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "candidaturas.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            found = list(rows(names))
            writer = csv.DictWriter(file, list(found[0]))
            writer.writeheader()
            writer.writerows(found)
        report = import_official_file(ImportRequest(path=path, process=PROCESS, publish=True))
    if report.errors or report.created != CANDIDACIES - BALLOTS:
        sys.exit(f"La importación no es la esperada: {report.counts()} {report.errors[:3]}")


def _accounts(process: Any) -> Any:
    """The liaison who sends; a validator is made beside them."""
    from cms.accounts.services import create_liaison, create_staff
    from cms.catalogs.models import PoliticalActor
    from tests.moderation.samples import accept_notice_in_force

    create_staff(username=VALIDATOR, role="revision_curricular")
    actor = PoliticalActor.objects.get(process=process, acronym=PARTY_OF_THE_LATE)
    party = create_liaison(username=PARTY, actors=[actor])
    accept_notice_in_force(party)
    return party, actor


def _submissions(process: Any, territories: list[Any]) -> list[dict[str, Any]]:
    """Register the late ones and send their questionnaires; what is asked of each approval."""
    from cms.candidacies.services import register_candidacy
    from cms.catalogs.models import Office
    from cms.publication.services import write_published
    from tests.faults.scene import ANSWERS
    from tests.moderation.samples import send

    party, actor = _accounts(process)
    office = Office.objects.get(code="regiduria")
    sent = []
    for number, territory in enumerate(territories):
        candidacy = register_candidacy(
            process=process,
            territory=territory,
            office=office,
            actor=actor,
            name=f"Persona Tardía {number}",
            seat_kind="suplente",
            list_number=PLACE_OF_THE_LATE,
            principle="mr",
            sex="mujer",
            age=40,
        )
        write_published(candidacy_ids=[candidacy.pk])
        marker = f"La persona tardía {number} ya respondió."
        answers = {**ANSWERS, "propuesta_1": f"{marker} {ANSWERS['propuesta_1']}"[:1500]}
        submission = send(candidacy, answers, party)
        sent.append(
            {
                "id": submission.pk,
                "seal": submission.seal,
                "candidacy": candidacy.pk,
                "marker": marker,
                "ballot": f"/municipios/{territory.slug}/",
            }
        )
    return sent


def fill() -> dict[str, Any]:
    """Publish everything, and say what may be asked.

    Returns: `candidacies`, `ballots` (addresses), `submissions` (id, seal, page, ballot, marker).
    """
    from django.db import connection

    from cms.catalogs.models import PortalSettings, Process
    from cms.published.models import PublishedCandidacy
    from cms.questionnaires.models import ProcessQuestionnaire, QuestionnaireDefinition

    territories = _territories()
    _import([territory.name for territory in territories])
    process = Process.objects.get(slug=PROCESS)
    portal = PortalSettings.load()
    portal.current_process = process
    portal.save()
    version = QuestionnaireDefinition.objects.get(version="curricular-2024")
    ProcessQuestionnaire.objects.update_or_create(
        process=process, kind=version.kind, defaults={"definition": version}
    )
    submissions = _submissions(process, territories)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    addresses = {row.pk: row.get_absolute_url() for row in PublishedCandidacy.objects.all()}
    mixed = sorted(addresses.values())
    random.Random(2024).shuffle(mixed)
    return {
        "candidacies": mixed,
        "ballots": [f"/municipios/{territory.slug}/" for territory in territories],
        "submissions": [{**one, "page": addresses[one["candidacy"]]} for one in submissions],
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(fill()))
