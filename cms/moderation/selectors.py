"""What is read about the reviews."""

from django.db.models import Exists, F, OuterRef, QuerySet

from cms.accounts.models import User
from cms.catalogs.models import CandidacyState, PortalSettings, Process
from cms.moderation.models import Decision, Observation, Outcome
from cms.moderation.permissions import reviewed_kinds
from cms.questionnaires.models import Questionnaire, QuestionnaireState, Submission

_UNDER_CORRECTION = {QuestionnaireState.OBSERVED, QuestionnaireState.CORRECTION}


def _later() -> QuerySet[Submission]:
    return Submission.objects.filter(
        questionnaire=OuterRef("questionnaire"), number__gt=OuterRef("number")
    )


def queue(reviewer: User) -> QuerySet[Submission]:
    """The last submission of every questionnaire that this account reviews, the oldest first.

    Each comes with what names its candidacy (one query).
    """
    reviewed = [kind.key for kind in reviewed_kinds(reviewer)]
    found: QuerySet[Submission] = Submission.objects.filter(
        ~Exists(_later()), questionnaire__kind__in=reviewed
    ).defer("sealed_bytes")
    return found.select_related(
        "questionnaire__candidacy__territory",
        "questionnaire__candidacy__actor",
        "questionnaire__candidacy__office",
    ).order_by("submitted_at", "pk")


def processes_of(reviewer: User) -> list[Process]:
    """The processes of which this account reviews something, the current one first (one query)."""
    reviewed = [kind.key for kind in reviewed_kinds(reviewer)]
    sent = Submission.objects.filter(questionnaire__kind__in=reviewed)
    current = PortalSettings.objects.filter(current_process=OuterRef("pk"))
    found = Process.objects.filter(pk__in=sent.values("questionnaire__candidacy__process"))
    return list(
        found.annotate(is_current=Exists(current)).order_by(
            "-is_current", F("election_date").desc(nulls_last=True), "-pk"
        )
    )


def pending(reviewer: User) -> QuerySet[Submission]:
    """What waits for a decision of this account or its colleagues, the oldest first."""
    return undecided(queue(reviewer))


def undecided(found: QuerySet[Submission]) -> QuerySet[Submission]:
    """Those that wait for a decision. Of candidacies that ended nobody decides any more."""
    return found.filter(
        questionnaire__state=QuestionnaireState.SUBMITTED,
        questionnaire__candidacy__state=CandidacyState.ACTIVE,
    )


def next_pending(*, for_user: User, among: QuerySet[Submission] | None = None) -> Submission | None:
    """The oldest submission that waits, `among` some, and that this account did not capture."""
    found = pending(for_user) if among is None else among
    return found.exclude(questionnaire__submissions__hands__contains=[for_user.pk]).first()


def submission_to_review(submission_id: int) -> Submission | None:
    """A submission with the candidacy and the decision that its record shows (one query)."""
    found: Submission | None = (
        Submission.objects.select_related(
            "questionnaire__candidacy__territory",
            "questionnaire__candidacy__actor",
            "questionnaire__candidacy__office",
            "definition",
            "revision",
            "decision",
        )
        .filter(pk=submission_id)
        .first()
    )
    return found


def has_ended(submission: Submission) -> bool:
    """Whether the candidacy left the ballot: it resigned, was cancelled or the like."""
    return bool(submission.questionnaire.candidacy.state == CandidacyState.ENDED)


def newest_of(submission: Submission) -> Submission:
    """The last submission of the same questionnaire."""
    return submission.questionnaire.submissions.order_by("-number").defer("sealed_bytes")[0]


def has_later_submission(submission: Submission) -> bool:
    """Whether a newer submission of the same questionnaire was sent."""
    return Submission.objects.filter(
        questionnaire_id=submission.questionnaire_id, number__gt=submission.number
    ).exists()


def waiting_decisions() -> list[int]:
    """Ids of the decisions whose publication waits for the end of an electoral silence."""
    return list(
        Decision.objects.filter(
            outcome=Outcome.APPROVED,
            published_at__isnull=True,
            submission__questionnaire__state=QuestionnaireState.VALIDATED,
            submission__questionnaire__candidacy__state=CandidacyState.ACTIVE,
        )
        .order_by("decided_at")
        .values_list("pk", flat=True)
    )


def observations_for(*, questionnaire: Questionnaire) -> list[Observation]:
    """What the party has to correct now: empty unless the last submission was returned."""
    if questionnaire.state not in _UNDER_CORRECTION:
        return []
    last = questionnaire.submissions.order_by("-number").first()
    if last is None:
        return []
    return list(Observation.objects.filter(decision__submission=last))


def observations_around(submission: Submission) -> list[Observation]:
    """The observations on this submission and on the one before, to see what was corrected."""
    return list(
        Observation.objects.filter(
            decision__submission__questionnaire_id=submission.questionnaire_id,
            decision__submission__number__in=(submission.number - 1, submission.number),
        ).select_related("decision")
    )
