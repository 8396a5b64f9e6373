"""`python -m tests.faults.approve_at_once VALIDATOR`: takes decisions at given times.

Each line of its input is a JSON object, {"id", "seal", "do", "at"}. The process waits until the
machine's monotonic clock, which all processes share, reaches `at`; then it approves or returns
the submission, and prints the outcome.
"""

import json
import sys
import time
from typing import Any

import django


def decide(order: dict[str, Any], validator: Any) -> dict[str, str]:
    """The outcome: "done", or the class of the refusal and its explanation."""
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
    except Exception as refusal:  # noqa: BLE001 (reported to the process that started this one)
        words = getattr(refusal, "explanation", "")
        return {"outcome": type(refusal).__name__, "explanation": str(words)}
    return {"outcome": "done", "explanation": ""}


def main(username: str) -> None:
    """Take the decisions of the input until it ends."""
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
