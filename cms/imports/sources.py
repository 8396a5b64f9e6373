"""Opens a file, whether it is a text or a spreadsheet: both give the same rows."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cms.imports.books import apart, kinds
from cms.imports.reading import SourceFile, fingerprint, inspect_file, inspect_rows


@contextmanager
def opened(path: Path, *, repair: bool = False, sheet: str = "") -> Iterator[SourceFile]:
    """A file that can be read while the context lasts.

    Args:
        repair: read the names of columns that were encoded twice as what they were.
        sheet: the sheet of a book; empty for the only one that holds something.

    Raises: FileRefused with what to do.
    """
    kind = kinds.kind_of(path)
    if kind is None:
        yield inspect_file(path, repair=repair)
        return
    with tempfile.TemporaryDirectory(prefix="conoceles-") as folder:
        rows = Path(folder) / "rows"
        digest = fingerprint(path)
        name = apart.rows_of(path, kind, sheet, rows)
        yield inspect_rows(path, rows, kind=kind, sheet=name, sha256=digest, repair=repair)
