"""Imports of files: official exports, and the register of an institute."""

from cms.imports.institute_register import institute_register
from cms.imports.official_file import official_file
from cms.imports.report import ImportReport
from cms.imports.request import ImportRequest, Progress, no_progress
from cms.imports.run import ImportRun

__all__ = ["ImportRequest", "import_institute_register", "import_official_file"]

OFFICIAL, REGISTER = "import_conoceles", "import_registry"


def import_official_file(
    request: ImportRequest, *, progress: Progress = no_progress
) -> ImportReport:
    """Import an official export: the register and the answers of its candidacies.

    Returns: what was done; with `errors`, nothing was written.
    Raises: profiles.ProfileError when the profile that was named cannot be used.
    """
    return ImportRun(request, OFFICIAL, official_file(request), progress).execute()


def import_institute_register(
    request: ImportRequest, *, progress: Progress = no_progress
) -> ImportReport:
    """Import the register of an institute (docs/registro.md), which brings no answers.

    Returns: what was done; with `errors`, nothing was written.
    """
    return ImportRun(request, REGISTER, institute_register(request), progress).execute()
