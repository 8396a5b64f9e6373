"""How the answers of a kind of questionnaire are kept: in its draft, its submissions and its page.

Services and selectors never read `Draft.answers`, the bytes of a submission or the fields of a page
themselves: they ask the storage of the kind. A kind whose answers must be encrypted brings its own.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from cms.questionnaires import seal


class AnswerStorage(Protocol):
    """What a kind's storage does.

    Attributes:
        page_fields: the fields of the page that `keep_in_page` sets, for those who write in bulk.
    """

    page_fields: tuple[str, ...]

    def keep_in_draft(self, draft: Any, answers: Mapping[str, Any]) -> None:
        """Set the answers of a draft, which the caller saves."""

    def draft_answers(self, draft: Any) -> dict[str, Any]:
        """The answers of a draft, by question key."""

    def sealed_bytes(self, canonical: bytes, *, candidacy_id: int) -> bytes:
        """What a submission stores, and seals, of its canonical bytes."""

    def canonical_bytes(self, submission: Any) -> bytes:
        """The canonical bytes of a stored submission."""

    def keep_in_page(self, page: Any, answers: Mapping[str, Any], *, seal: str) -> None:
        """Set the answers of a page, which the caller saves or makes a revision of.

        `seal` is the seal of the submission that holds them; empty when a file brought them.
        """

    def page_answers(self, page: Any) -> dict[str, Any]:
        """The answers of a page, or of the page as it was in a revision."""


class PlainStorage:
    """Answers as JSON: in the draft, in the submission, and in the page with each revision."""

    page_fields: tuple[str, ...] = ("answers", "seal")

    def keep_in_draft(self, draft: Any, answers: Mapping[str, Any]) -> None:
        draft.answers = dict(answers)

    def draft_answers(self, draft: Any) -> dict[str, Any]:
        return dict(draft.answers)

    def sealed_bytes(self, canonical: bytes, *, candidacy_id: int) -> bytes:
        return canonical

    def canonical_bytes(self, submission: Any) -> bytes:
        return bytes(submission.sealed_bytes)

    def keep_in_page(self, page: Any, answers: Mapping[str, Any], *, seal: str) -> None:
        page.answers, page.seal = dict(answers), seal

    def page_answers(self, page: Any) -> dict[str, Any]:
        return dict(page.answers)


def submitted_answers(storage: AnswerStorage, submission: Any) -> dict[str, Any]:
    """The answers that a submission holds, by question key."""
    return seal.answers_in(storage.canonical_bytes(submission))
