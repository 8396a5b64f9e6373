"""Prints, as JSON, what an upgraded installation shows, its broken seals and its permissions.

It runs as a separate process on the upgraded database, and reads addresses from standard input.
"""

import html
import json
import re
import sys
from typing import Any

import django

django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.test import Client  # noqa: E402

from cms.candidacies.models import CandidacyPage  # noqa: E402
from cms.questionnaires.models import Submission  # noqa: E402
from cms.questionnaires.seal import seal_of  # noqa: E402
from tests.upgrade.permissions import permissions_of  # noqa: E402


def _visible_text(page: str) -> str:
    """The text of a page without tags, with single blanks."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def _broken_seals() -> list[int]:
    """The submissions whose seal does not match their bytes and the previous submission."""
    broken, last = [], {}
    for submission in Submission.objects.order_by("questionnaire_id", "number"):
        before = last.get(submission.questionnaire_id, "")
        sealed = seal_of(submission.sealed_bytes, submission.previous_seal)
        if (submission.previous_seal, submission.seal) != (before, sealed):
            broken.append(submission.pk)
        last[submission.questionnaire_id] = submission.seal
    return broken


def main(addresses: list[str]) -> dict[str, Any]:
    client = Client(SERVER_NAME="localhost")
    pages = {
        page.pk: client.get(f"/candidaturas/{page.pk}/", follow=True)
        for page in CandidacyPage.objects.order_by("pk")
    }
    return {
        "public": {address: client.get(address).json() for address in addresses},
        "pages": {
            str(number): _visible_text(answer.content.decode())
            for number, answer in pages.items()
            if answer.status_code == 200
        },
        "broken_seals": _broken_seals(),
        "permissions": {
            group.name: permissions_of(group) for group in Group.objects.order_by("name")
        },
    }


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))  # noqa: T201
