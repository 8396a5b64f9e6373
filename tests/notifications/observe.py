"""`python -m tests.notifications.observe ADDRESS`: observes a submission of a party with ADDRESS.

It prints the id of the notification.
"""

import sys

import django


def observe(address: str) -> int:
    """Make a submission and return it with an observation, through the services."""
    from cms.accounts.models import User
    from cms.moderation.services import ObservationInput, return_submission
    from cms.notifications.models import Notification
    from tests.faults.scene import VALIDATORS, set_scene

    submission = set_scene(1)["submissions"][0]
    User.objects.filter(username="enlace.pd").update(email=address)
    return_submission(
        submission_id=submission["id"],
        seal=submission["seal"],
        validator=User.objects.get(username=VALIDATORS[0]),
        observations=[ObservationInput("propuesta_1", "lema", "Quita el lema.")],
    )
    return Notification.objects.get().pk


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(str(observe(sys.argv[1])))
