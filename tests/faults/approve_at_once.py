"""`python -m tests.faults.approve_at_once VALIDATOR`: decides what it is told, when it is told.

Reads one JSON object a line, {"id", "seal", "do", "at"}: waits until the monotonic clock of the
machine, which all its processes share, says `at`; then approves or returns; prints what happened.
"""

import json
import sys
import time
from typing import Any

import django


def decide(order: dict[str, Any], validator: Any) -> dict[str, str]:
    """What the service said: "done", or the name and the words of its refusal."""
    from cms.moderation.services import ObservationInput, approve_submission, return_submission

    which = {"submission_id": order["id"], "seal": order["seal"], "validator": validator}
    while time.monotonic() < order["at"]:
        pass
    try:
        if order["do"] == "approve":
            approve_submission(**which)
        else:
            observation = ObservationInput("propuesta_1", "lema", "Quita el lema.")
            return_submission(**which, observations=[observation])
    except Exception as refusal:  # noqa: BLE001 (told to who started us)
        words = getattr(refusal, "explanation", "")
        return {"outcome": type(refusal).__name__, "explanation": str(words)}
    return {"outcome": "done", "explanation": ""}


def main(username: str) -> None:
    """Follow orders until the input ends."""
    django.setup()
    from django.db import connection

    from cms.accounts.models import User

    validator = User.objects.get(username=username)
    connection.ensure_connection()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(decide(json.loads(line), validator)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
