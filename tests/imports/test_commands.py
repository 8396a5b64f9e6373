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
from cms.publication.imports import ImportRequest, import_official_file
from cms.publication.models import ImportRecord
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
        call_command("import_conoceles", *(path if one == "FILE" else one for one in arguments))

    assert not CandidacyPage.objects.exists()


@pytest.fixture
def real_process(tmp_path: Path) -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    """Run manage.py as a process of its own, in a database of its own."""
    environment = own_database.create("conoceles_tests_imports", tmp_path)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=own_database.ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    yield run
    own_database.drop("conoceles_tests_imports")


def test_a_process_ends_with_0_1_or_2(real_process, file_of, tmp_path: Path) -> None:
    call = ("--process=pel-2024", "--format=json")
    good = real_process("import_conoceles", str(file_of(INE_2022)), *call)
    refused = real_process("import_conoceles", str(file_of(INE_2022, {"EDAD": "abc"})), *call)
    wrong = real_process("import_registry", str(tmp_path / "no-existe.csv"), *call)
    without_process = real_process("import_conoceles", str(file_of(INE_2022)))

    assert (good.returncode, good.stderr) == (0, "")
    assert json.loads(good.stdout)["created"] == 1
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["errors"][0]["column"] == "EDAD"
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "no-existe.csv" in wrong.stderr
    assert (without_process.returncode, without_process.stdout) == (2, "")


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
