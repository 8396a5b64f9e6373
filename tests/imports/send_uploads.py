"""Sends, applies and looks at files, in its own process.

`begin ROWS`, `send WHO ROWS`, `apply WHO`, `screen WHO`, `states`.
"""

import json
import os
import sys
from datetime import date

import django


def begin(rows: int) -> dict[str, str]:
    """Ana and Beto each send a file for the same process; Beto's has the same rows and one more."""
    from cms.candidacies.services import ensure_process

    ensure_process(slug="pel-2027", name="PEL 2027", election_date=date(2027, 6, 6))
    send("ana", rows)
    return send("beto", rows + 1)


def send(name: str, rows: int) -> dict[str, str]:
    """Somebody sends a file of so many rows; returns how large it is."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from cms.accounts.services import create_staff
    from cms.catalogs.models import Process
    from cms.imports.models import Kind
    from cms.imports.uploads import Wanted, receive_upload
    from tests.imports.books import HEADER, xlsx
    from tests.imports.conftest import REGISTRY

    people = [
        {**REGISTRY, "nombre": f"Hortensia {_letters(number)}", "numero_lista": str(number + 1)}
        for number in range(rows)
    ]
    content = xlsx(rows=[HEADER, *([*one.values()] for one in people)])
    receive_upload(
        user=create_staff(username=name, role="administracion"),
        file=SimpleUploadedFile(f"{name}.xlsx", content),
        wanted=Wanted(process=Process.objects.get(slug="pel-2027"), kind=Kind.REGISTER),
    )
    return {"bytes": str(len(content))}


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


def screen(name: str) -> dict[str, str]:
    """What the screen of the file of a person says, in one line."""
    from django.test import Client
    from django.urls import reverse

    from cms.accounts.models import User
    from cms.imports.models import Upload

    client = Client(headers={"host": "localhost", "x-forwarded-proto": "https"})
    user = User.objects.get(username=name)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    upload = Upload.objects.get(uploaded_by=user)
    page = client.get(reverse("uploads:detail", args=[upload.pk]))
    return {"answer": " ".join(page.content.decode().split())}


def states() -> dict[str, str]:
    """Where the file of each person stands."""
    from cms.imports.models import Upload

    return dict(Upload.objects.values_list("uploaded_by__username", "state"))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conoceles_site.settings.production")
    django.setup()
    what, *rest = sys.argv[1:]
    if what == "begin":
        answer = begin(int(rest[0]))
    elif what == "send":
        answer = send(rest[0], int(rest[1]))
    else:
        answer = {"apply": apply, "screen": screen}[what](*rest) if rest else states()
    sys.stdout.write(json.dumps(answer) + "\n")
