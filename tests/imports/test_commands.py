"""How the commands are called and how they end: 0 done, 1 refused, 2 a wrong call."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cms.candidacies.models import CandidacyPage
from cms.catalogs.models import Process
from cms.imports.models import ImportRecord
from cms.imports.services import ImportRequest, import_official_file
from tests import own_database
from tests.imports.conftest import INE_2022, REGISTRY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("command", "sample"), [("import_conoceles", INE_2022), ("import_registry", REGISTRY)]
)
def test_a_good_file_ends_well_and_says_it_in_spanish(file_of, capfd, command, sample) -> None:
    call_command(command, str(file_of(sample)), "--process=pel-2024")

    printed = capfd.readouterr()
    assert "1 nueva" in printed.out
    assert printed.err == ""
    assert CandidacyPage.objects.count() == ImportRecord.objects.count() == 1
    assert ImportRecord.objects.get().operator


def test_a_refused_file_ends_with_1_and_names_every_error(file_of, capfd) -> None:
    path = file_of(INE_2022, {"EDAD": "abc"}, {"CARGO": "VIRREY"})

    with pytest.raises(SystemExit) as left:
        call_command("import_conoceles", str(path), "--process=pel-2024")

    printed = capfd.readouterr().out
    assert left.value.code == 1
    assert "Fila 2, EDAD: «abc» no es un número." in printed
    assert "Fila 4, CARGO: «VIRREY»" in printed
    assert "2 errores. No se importó nada." in printed


def test_a_refused_file_says_so_in_json_too(file_of, capfd) -> None:
    with pytest.raises(SystemExit):
        call_command(
            "import_conoceles",
            str(file_of(INE_2022, {"EDAD": "abc"})),
            "--process=pel-2024",
            "--format=json",
        )

    told = json.loads(capfd.readouterr().out)
    assert told["created"] == 0
    assert [error["value"] for error in told["errors"]] == ["abc"]
    assert set(told["errors"][0]) == {"row", "column", "value", "problem", "remedy"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-existe.csv", "--process=pel-2024"],
        ["FILE"],
        ["FILE", "--process=Pel 2024"],
        ["FILE", "--process=pel-2024", "--profile=ninguno"],
        ["FILE", "--process=pel-2024", "--election-date=ayer"],
        ["FILE", "--process=pel-2024", "--user=nadie"],
    ],
)
def test_a_wrong_call_says_so_and_writes_nothing(file_of, arguments) -> None:
    path = str(file_of(INE_2022))

    with pytest.raises(CommandError):
        call_command(
            "import_conoceles",
            *(path if argument == "FILE" else argument for argument in arguments),
        )

    assert not CandidacyPage.objects.exists()


@pytest.fixture
def real_process(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start manage.py as a process of its own, in a database of its own."""
    environment = own_database.create("imports", tmp_path)

    def start(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=own_database.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    yield start
    own_database.drop("imports")


def ending(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a process that was started."""
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


CALL = ("--process=pel-2024", "--format=json")


def test_two_imports_at_once_write_each_candidacy_once(real_process, file_of) -> None:
    path = str(file_of(INE_2022, *({"NOMBRE_CANDIDATO": f"PERSONA {n}"} for n in range(40))))

    both = [real_process("import_conoceles", path, *CALL) for _ in range(2)]
    ends = [ending(process) for process in both]

    assert [(status, err) for status, _, err in ends] == [(0, ""), (0, "")]
    told = [json.loads(out) for _, out, _ in ends]
    assert sorted((report["created"], report["unchanged"]) for report in told) == [(0, 40), (40, 0)]


def test_a_process_ends_with_0_1_or_2(real_process, file_of, tmp_path: Path) -> None:
    good = ending(real_process("import_conoceles", str(file_of(INE_2022)), *CALL))
    broken = str(file_of(INE_2022, {"EDAD": "abc"}))
    refused = ending(real_process("import_conoceles", broken, *CALL))
    wrong = ending(real_process("import_registry", str(tmp_path / "no-existe.csv"), *CALL))
    without_process = ending(real_process("import_conoceles", broken))

    assert (good[0], good[2]) == (0, "")
    assert json.loads(good[1])["created"] == 1
    assert refused[0] == 1
    assert json.loads(refused[1])["errors"][0]["column"] == "EDAD"
    assert wrong[:2] == (2, "")
    assert "no-existe.csv" in wrong[2]
    assert without_process[:2] == (2, "")


def test_name_and_date_are_those_of_a_new_process(file_of) -> None:
    call_command(
        "import_conoceles",
        str(file_of(INE_2022)),
        "--process=extra-2025",
        "--process-name=Elección extraordinaria",
        "--election-date=2025-11-23",
    )

    process = CandidacyPage.objects.get().process
    assert (process.name, str(process.election_date)) == ("Elección extraordinaria", "2025-11-23")
    assert process.entity_code == "05"
    assert process.questionnaires.get().definition.version == "curricular-2024"


def test_a_file_that_changes_while_it_is_read_leaves_nothing_behind(file_of) -> None:
    path = file_of(INE_2022)

    def change(doing: str, done: int, total: int | None) -> None:
        if doing == "Escribiendo":
            path.write_text("otra cosa", encoding="utf-8")

    report = import_official_file(ImportRequest(path=path, process="pel-2024"), progress=change)

    assert "cambió mientras se leía" in report.errors[0].problem
    assert report.created == 0
    assert not CandidacyPage.objects.exists()
    assert not Process.objects.exists()
