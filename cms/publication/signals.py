"""Public rows follow the catalogues: a name that is corrected is corrected in them too."""

from typing import Any

from cms.candidacies.models import CandidacyPage
from cms.catalogs.models import Office, PoliticalActor, Territory
from cms.publication.questions import publish_questions
from cms.publication.services import write_published
from cms.questionnaires.models import ProcessQuestionnaire

_FIELD = {PoliticalActor: "actor", Office: "office", Territory: "territory"}


def rewrite_rows(sender: Any, instance: Any, created: bool = False, **kwargs: Any) -> None:
    """Receiver of post_save of actors, offices and territories."""
    if created or kwargs.get("raw"):
        return
    candidacies = CandidacyPage.objects.filter(**{_FIELD[sender]: instance})
    write_published(candidacy_ids=candidacies.values_list("pk", flat=True).iterator())


def say_what_is_asked(
    sender: Any, instance: ProcessQuestionnaire, raw: bool = False, **kwargs: Any
) -> None:
    """Receiver of post_save: a process asks another version from now on."""
    if not raw:
        publish_questions(process=instance.process)
