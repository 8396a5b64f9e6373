"""Documents of the library: the content of a file must be of the type that its ending says."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm

START = 8192


def problem_of(name: str, start: bytes) -> str | None:
    """Why a file is refused, in Spanish; None if it begins as files with its ending do."""
    ending = name.rsplit(".", 1)[-1].lower()
    if ending == "pdf":
        # Programs that read PDF accept some bytes before the mark.
        return None if b"%PDF-" in start[:1024] else _("No es un PDF: ábrelo, guárdalo y súbelo.")
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _("No es un texto: el archivo contiene otra cosa que lo que dice su nombre.")
    return None


class CheckedDocumentForm(BaseDocumentForm):
    """Every form of the document library."""

    def clean_file(self) -> Any:
        """Judge the file by its content and not only by its name."""
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            file.seek(0)
            problem = problem_of(file.name, file.read(START))
            file.seek(0)
            if problem:
                raise ValidationError(problem)
        return file
