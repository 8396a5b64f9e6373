"""`python -m conoceles_site.citations`: whatever is cited can be read. Part of `make lint`.

A reader has the repository and the law, and nothing else. So a link, the name of a document, an ADR
and, in the documents, the name of a module must lead to a file of the repository; and the source of
a rule must be one of the texts that `docs/fuentes.md` names in full.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import normpath

SOURCES = "docs/fuentes.md"
READ_ENDINGS = frozenset(
    {".py", ".html", ".xml", ".sql", ".js", ".css", ".md", ".txt", ".toml", ".yaml", ".json", ".sh"}
)
READ_NAMES = frozenset({"Makefile", "Dockerfile", "Caddyfile", ".dockerignore", "run"})
# Texts of others, lists that a tool writes, the test that plants what is refused, and a migration
# that installations have applied, which is not edited any more.
NOT_READ = re.compile(
    r"/vendor/|/locale/|^requirements|LICENSE|OFL|test_citations\.py$"
    r"|published/migrations/0003_search_engine\.py$"
)
# What a visitor asks for; no file of that name need exist.
SERVED_TEXTS = frozenset({"robots.txt", "security.txt", "llms.txt"})

LINK = re.compile(r"\]\(<?([^)\s>]+)>?\)")
URL = re.compile(r"\b[a-z]+://\S+")
WRITTEN_DOCUMENT = re.compile(r"(?<![\w./@{}<>*-])(/?(?:[\w.-]+/)*[\w-][\w.-]*\.(?:md|rst|adoc))\b")
OTHER_DOCUMENT = re.compile(
    r"(?<![\w./@{}<>*-])(/?(?:[\w.-]+/)*[\w-][\w.-]*\.(?:txt|pdf|docx?|odt))\b"
)
FOLDER_OF_DOCUMENTS = re.compile(r"(?<![\w/.-])docs/[\w./-]*\w")
ADR = re.compile(r"\bADRs?[ -]?(\d{1,4}(?:(?:, | and | y )\d{4})*)")
LAW = re.compile(r"\b(LG[A-Z]{2,})(?:,? arts?\.)? \d")
OUTSIDE = re.compile(
    r"\.\./shared\b|(?<![\w/])shared/\w|\bwork plan \d|\b[Ii]ssues? #?\d"
    r"|\b(?:design|contract|domain|law|style|brief)(?:\.md)?,? (?:§|section) ?\d"
)
SOURCE = re.compile(r"\bSource: (.+?)(?:\.(?=\s+[A-Z]|\s*$)|\n\s*\n|\Z)", re.S)
IN_CODE_MARKS = re.compile(r"`([^`\n]+)`")
OUR_PATH = re.compile(r"(?:cms|search|api|conoceles_site|templates|tests|bench|docs)/[\w./-]*")
OUR_MODULE = re.compile(r"(?:cms|search|api|conoceles_site|bench)(?:\.[A-Za-z_]\w*)+")


@dataclass(frozen=True)
class Problem:
    """Something cited that a reader of the repository cannot find."""

    path: str
    line: int
    cited: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: «{self.cited}»: {self.remedy}"


@dataclass(frozen=True)
class Passage:
    """A text to be read, and the line at which it begins."""

    first_line: int
    text: str

    def line_of(self, position: int) -> int:
        return self.first_line + self.text.count("\n", 0, position)


@dataclass(frozen=True)
class Repository:
    """The files that a clone would hold, by their paths from the root."""

    root: Path
    files: frozenset[str]

    @classmethod
    def at(cls, root: Path) -> "Repository":
        """The repository as it would be committed now: new files count, ignored ones do not."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split("\0")
        return cls(root, frozenset(name for name in listed if name and (root / name).is_file()))

    @cached_property
    def folders(self) -> frozenset[str]:
        return frozenset(
            str(parent) for name in self.files for parent in PurePosixPath(name).parents
        )

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(PurePosixPath(name).name for name in self.files)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The short names of the first column of the table of sources."""
        if SOURCES not in self.files:
            return ()
        rows = re.findall(r"^\| *([^|\n]+?) *\|", self.read(SOURCES), re.M)
        return tuple(name for name in rows[1:] if not set(name) <= {"-", ":"})

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def holds(self, path: str, *, beside: str = "") -> bool:
        """Whether a file or folder has this path, from the root or from the folder of another."""
        spelt = [normpath(path), normpath(str(PurePosixPath(beside).parent / path))]
        return any(name in self.files or name in self.folders for name in spelt)

    def begins(self, path: str) -> bool:
        """Whether some file's path begins so: «docs/adr/0017» is enough for its whole name."""
        return any(name.startswith(path) for name in self.files)

    def names_module(self, dotted: str) -> bool:
        """Whether a dotted name is a module, or something that its module or package writes."""
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            base = "/".join(parts[:length])
            if f"{base}.py" in self.files:
                rest = parts[length:]
                return not rest or re.search(rf"\b{rest[0]}\b", self.read(f"{base}.py")) is not None
            if base in self.folders:
                return length == len(parts)
        return False


def _prose_of_python(source: str) -> Iterator[Passage]:
    """Docstrings, and runs of comments as one text each."""
    for node in ast.walk(ast.parse(source)):
        said = node.value if isinstance(node, ast.Expr) else None
        if isinstance(said, ast.Constant) and isinstance(said.value, str):
            yield Passage(said.lineno, said.value)
    begun, lines, last = 0, list[str](), -1
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        if token.start[0] != last + 1 and lines:
            yield Passage(begun, "\n".join(lines))
            lines = []
        if not lines:
            begun = token.start[0]
        last = token.start[0]
        lines.append(token.string.lstrip("# "))
    if lines:
        yield Passage(begun, "\n".join(lines))


def _prose(path: str, content: str) -> list[Passage]:
    """What people read in a file: all of it, but for a module."""
    return list(_prose_of_python(content)) if path.endswith(".py") else [Passage(1, content)]


def _without_urls(text: str) -> str:
    return URL.sub(lambda found: " " * len(found[0]), text)


def _documents(
    repository: Repository, path: str, passage: Passage, kind: re.Pattern[str]
) -> Iterator[Problem]:
    for found in kind.finditer(_without_urls(passage.text)):
        name = found[1]
        known = name in repository.names or PurePosixPath(name).name in SERVED_TEXTS
        if not known and not repository.holds(name, beside=path):
            yield Problem(path, passage.line_of(found.start()), name, "no está en el repositorio.")


def _references(repository: Repository, path: str, passage: Passage) -> Iterator[Problem]:
    """ADRs and folders of documents by their numbers and paths."""
    for found in ADR.finditer(passage.text):
        for number in re.findall(r"\d+", found[1]):
            if not repository.begins(f"docs/adr/{number}-"):
                yield Problem(
                    path,
                    passage.line_of(found.start()),
                    f"ADR {number}",
                    "no hay tal ADR en docs/adr/.",
                )
    for found in FOLDER_OF_DOCUMENTS.finditer(_without_urls(passage.text)):
        if not repository.holds(found[0]) and not repository.begins(f"{found[0]}-"):
            yield Problem(
                path, passage.line_of(found.start()), found[0], "no está en el repositorio."
            )


def _links(repository: Repository, path: str, passage: Passage) -> Iterator[Problem]:
    """Links of a Markdown document to files beside it or below it."""
    for found in LINK.finditer(passage.text):
        target = found[1].split("#")[0]
        if not target or re.match(r"[a-z]+:", target):
            continue
        if not repository.holds(target, beside=path):
            yield Problem(
                path, passage.line_of(found.start()), found[1], "el enlace no lleva a nada."
            )


def _ours(repository: Repository, path: str, passage: Passage) -> Iterator[Problem]:
    """Files and modules of ours that a document names between code marks."""
    for found in IN_CODE_MARKS.finditer(passage.text):
        named = found[1].removesuffix("()")
        gone = (
            OUR_PATH.fullmatch(named)
            and not repository.holds(named)
            and not repository.begins(named)
        ) or (OUR_MODULE.fullmatch(named) and not repository.names_module(named))
        if gone:
            yield Problem(path, passage.line_of(found.start()), named, "no está en el repositorio.")


def _outside(path: str, passage: Passage) -> Iterator[Problem]:
    for found in OUTSIDE.finditer(passage.text):
        yield Problem(
            path,
            passage.line_of(found.start()),
            found[0],
            "es de fuera del repositorio: explica aquí lo que haga falta.",
        )


def _sources(repository: Repository, path: str, passage: Passage) -> Iterator[Problem]:
    """Legal sources: each by a short name of the table."""
    remedy = f"no está en {SOURCES}: agrega su nombre completo, o cita otro."
    for found in SOURCE.finditer(passage.text):
        for citation in found[1].split(";"):
            cited = " ".join(citation.split()).removeprefix("the ")
            if not cited.startswith(
                (*repository.sources, "ADR ", "RFC ", "WCAG ", "docs/", "http")
            ):
                yield Problem(path, passage.line_of(found.start()), cited, remedy)
    for found in LAW.finditer(passage.text):
        if found[1] not in repository.sources:
            yield Problem(path, passage.line_of(found.start()), found[1], remedy)


def problems_of(repository: Repository, path: str) -> list[Problem]:
    """What one file cites and nobody can find, in the order of its lines."""
    content = repository.read(path)
    whole = Passage(1, content)
    found = [
        *_documents(repository, path, whole, WRITTEN_DOCUMENT),
        *_references(repository, path, whole),
    ]
    if path.endswith(".md"):
        found += [*_links(repository, path, whole), *_ours(repository, path, whole)]
    # A test may read a file that only some workplaces have; it may not explain itself by it.
    if not path.startswith("tests/"):
        found += _outside(path, whole)
    for passage in _prose(path, content):
        found += _documents(repository, path, passage, OTHER_DOCUMENT)
        found += _sources(repository, path, passage)
        if path.startswith("tests/"):
            found += _outside(path, passage)
    return sorted(set(found), key=lambda problem: (problem.line, problem.cited))


def is_read(path: str) -> bool:
    """Whether people read this file: its text is ours, and is text."""
    name = PurePosixPath(path)
    return (name.suffix in READ_ENDINGS or name.name in READ_NAMES) and not NOT_READ.search(path)


def main(root: Path) -> int:
    """Print every problem of the repository at `root`; 1 when there is any, else 0."""
    repository = Repository.at(root)
    found = [
        problem
        for path in sorted(repository.files)
        if is_read(path)
        for problem in problems_of(repository, path)
    ]
    for problem in found:
        print(problem)  # noqa: T201 - this is what the command says
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
