"""The kinds of questionnaire: each kind is an object, and no other code asks which kind it has.

The application that brings a kind registers it when Django starts. A kind names what belongs to the
rooms above this one (its review task, its publisher) by a label or a dotted path, so that this room
imports none of them. See ADR 0032.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import REVIEW_ROLES, User
from cms.privacy import selectors as privacy
from cms.privacy.models import NoticeAcceptance
from cms.privacy.services import require_acceptance
from cms.questionnaires.storage import AnswerStorage, PlainStorage

LONGEST_KEY = 12
REGISTRY: "dict[str, Kind]" = {}


class UnknownKind(LookupError):
    """No application of this installation registered such a kind of questionnaire."""


class NoticeInForce:
    """The simplified privacy notice that the institute has in force, accepted by each account."""

    def has_been_accepted(self, *, user: User) -> bool:
        """Whether the account accepted the text in force."""
        return privacy.has_accepted(user=user)

    def require_acceptance(self, *, user: User) -> NoticeAcceptance:
        """The account's acceptance of the text in force. Raises NoticeNotAccepted."""
        return require_acceptance(user=user)


@dataclass(frozen=True)
class Kind:
    """One kind of questionnaire.

    Attributes:
        key: its name in the database, in definitions and in sealed bytes (LONGEST_KEY characters).
        name: what people call it, in Spanish, without capital letter.
        page_type: label of its page model, a `models.QuestionnairePage`.
        task: label of its review task, a `moderation.models.ReviewTask`.
        workflow: name of the workflow that is made for the task.
        publisher: dotted path of `publish(row, answers, definition)`, which adds what is public of
            the answers to an unsaved row of `cms.published`.
        reviewers: the roles that review it.
        storage: how its answers are kept.
        notice: the privacy notice that an account accepts before anything is stored.
        path: its part of the addresses of capture, /captura/<id>/<path>/…; empty for one kind only.
        is_sensitive: whether its answers are sensitive data. That somebody began it then says that
            they consented, so counts of few people are not broken down (ADR 0049).
    """

    key: str
    name: Any
    page_type: str
    task: str
    workflow: str
    publisher: str
    reviewers: frozenset[str]
    path: str
    storage: AnswerStorage = field(default_factory=PlainStorage)
    notice: NoticeInForce = field(default_factory=NoticeInForce)
    is_sensitive: bool = False

    @property
    def page_model(self) -> Any:
        """The page model, a subclass of `models.QuestionnairePage`."""
        return apps.get_model(self.page_type)

    @property
    def task_model(self) -> Any:
        """The model of the review task, a subclass of `moderation.models.ReviewTask`."""
        return apps.get_model(self.task)

    @property
    def publish(self) -> Callable[..., None]:
        """The publisher itself."""
        publish: Callable[..., None] = import_string(self.publisher)
        return publish

    def may_review(self, user: Any) -> bool:
        """Whether an account reviews this kind: by its role, never by being superuser.

        Source: Plan de trabajo 2024, 1 (Unidad Técnica de Transparencia, a).
        """
        return isinstance(user, User) and user.is_active and user.role in self.reviewers

    def new_page(self, definition: Any) -> Any:
        """A page of this kind, not saved nor published, for answers given under a definition."""
        name = str(self.name)
        return self.page_model(
            title=capfirst(name), slug=slugify(name), live=False, definition=definition
        )


CURRICULAR = Kind(
    key="curricular",
    name=_("cuestionario curricular"),
    page_type="questionnaires.CurricularQuestionnairePage",
    task="moderation.CurricularReviewTask",
    workflow="Revisión curricular",
    publisher="cms.publication.rows.add_answers",
    reviewers=frozenset(REVIEW_ROLES),
    path="",
)


def register(kind: Kind) -> None:
    """Add a kind; called from `AppConfig.ready`. Raises ValueError if it clashes with another.

    No two kinds share a page type or a task: by them Wagtail's rows are told apart.
    """
    for other in kinds():
        for name in ("key", "path", "page_type", "task"):
            if getattr(other, name) == getattr(kind, name):
                raise ValueError(f"«{kind.key}» and «{other.key}» have the same `{name}`.")
    if not 0 < len(kind.key) <= LONGEST_KEY:
        raise ValueError(f"The key of the kind «{kind.key}» does not fit in its column.")
    REGISTRY[kind.key] = kind


def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order in which they were registered."""
    return tuple(REGISTRY.values())


def kind(key: str) -> Kind:
    """The kind with this key. Raises UnknownKind."""
    try:
        return REGISTRY[key]
    except KeyError:
        raise UnknownKind(key) from None


def kind_at(path: str) -> Kind:
    """The kind whose capture has this part in its addresses. Raises UnknownKind."""
    for registered in kinds():
        if registered.path == path:
            return registered
    raise UnknownKind(path)


def choices() -> list[tuple[str, Any]]:
    """Keys and names, for the columns and forms that hold the key of a kind."""
    return [(registered.key, registered.name) for registered in kinds()]
