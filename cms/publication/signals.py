"""Public rows follow the catalogues: a name that is corrected is corrected in them too."""

from typing import Any

from django.db import transaction

from cms.candidacies.models import CandidacyPage
from cms.catalogs.models import Office, PoliticalActor, Territory
from cms.publication.questions import publish_questions
from cms.publication.services import write_published
from cms.published import changes
from cms.questionnaires.models import ProcessQuestionnaire

_FIELD = {PoliticalActor: "actor", Office: "office", Territory: "territory"}


@transaction.atomic
def rewrite_rows(sender: Any, instance: Any, created: bool = False, **kwargs: Any) -> None:
    """Receiver of post_save of actors, offices and territories."""
    if created or kwargs.get("raw"):
        return
    candidacies = CandidacyPage.objects.filter(**{_FIELD[sender]: instance})
    candidacy_ids = list(candidacies.values_list("pk", flat=True))
    write_published(candidacy_ids=candidacy_ids)
    # Rows that stay as they are may be filed under the old key or in the old order of the ballot.
    changes.tell(candidacy_ids)


def say_what_is_asked(
    sender: Any, instance: ProcessQuestionnaire, raw: bool = False, **kwargs: Any
) -> None:
    """Receiver of post_save: a process asks another version from now on."""
    if not raw:
        publish_questions(process=instance.process)
