"""Sends, applies and looks at files, in its own process: `begin ROWS`, `apply WHO`, `states`."""

import json
import os
import sys
from datetime import date

import django


def begin(rows: int) -> dict[str, str]:
    """Ana and Beto each send a file for the same process; Beto's has the same rows and one more."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from cms.accounts.services import create_staff
    from cms.candidacies.services import ensure_process
    from cms.imports.models import Kind
    from cms.imports.uploads import Wanted, receive_upload
    from tests.imports.books import HEADER, xlsx
    from tests.imports.conftest import REGISTRY

    page = ensure_process(slug="pel-2027", name="PEL 2027", election_date=date(2027, 6, 6))
    wanted = Wanted(process=page.process, kind=Kind.REGISTER)
    for name, more in (("ana", 0), ("beto", 1)):
        people = [
            {**REGISTRY, "nombre": f"Hortensia {_letters(number)}", "numero_lista": str(number + 1)}
            for number in range(rows + more)
        ]
        content = xlsx(rows=[HEADER, *([*one.values()] for one in people)])
        user = create_staff(username=name, role="administracion")
        file = SimpleUploadedFile(f"{name}.xlsx", content)
        receive_upload(user=user, file=file, wanted=wanted)
    return {}


def _letters(number: int) -> str:
    """A name that no other number has."""
    return "".join(chr(97 + int(digit)) for digit in f"{number:05d}").capitalize() + " Mezquite"


def apply(name: str) -> dict[str, str]:
    """Ask for the file of a person to be applied; returns why not, or nothing."""
    from cms.accounts.models import User
    from cms.imports.models import Upload
    from cms.imports.uploads import UploadRefused, apply_upload

    user = User.objects.get(username=name)
    try:
        apply_upload(user=user, upload_id=Upload.objects.get(uploaded_by=user).pk)
    except UploadRefused as refused:
        return {"answer": str(refused)}
    return {"answer": ""}


def states() -> dict[str, str]:
    """Where the file of each person stands."""
    from cms.imports.models import Upload

    return dict(Upload.objects.values_list("uploaded_by__username", "state"))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conoceles_site.settings.production")
    django.setup()
    what, *rest = sys.argv[1:]
    answer = begin(int(rest[0])) if what == "begin" else apply(*rest) if rest else states()
    sys.stdout.write(json.dumps(answer) + "\n")
