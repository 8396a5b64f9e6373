"""The addresses of capture: of each step of a questionnaire of a candidacy.

The kind of questionnaire without a path has the short ones, /captura/<id>/…; every other kind has
its own, /captura/<id>/<path>/….
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from cms.questionnaires.kinds import Kind


@dataclass(frozen=True)
class Addresses:
    """Where a questionnaire of a candidacy is captured."""

    candidacy_id: int
    kind: Kind

    def _of(self, view: str, **more: UUID | str | int) -> str:
        kind = {"kind": self.kind} if self.kind.path else {}
        arguments: dict[str, Any] = {"candidacy_id": self.candidacy_id, **kind, **more}
        return reverse(f"capture:{view}", kwargs=arguments)

    @property
    def start(self) -> str:
        """Leads to the step that is next."""
        return self._of("start")

    @property
    def review(self) -> str:
        """Where everything is read once more, and sent."""
        return self._of("review")

    @property
    def receipt(self) -> str:
        """The receipt of the last submission."""
        return self._of("receipt")

    def document(self, number: int) -> str:
        """A submission as PDF."""
        return self._of("document", number=number)

    def sealed(self, number: int) -> str:
        """The file of a submission whose hash is its seal."""
        return self._of("sealed", number=number)

    @property
    def copy(self) -> str:
        """Where the answers of the person's other candidacy are copied."""
        return self._of("copy")

    def section(self, key: str) -> str:
        """A step."""
        return self._of("section", key=key)

    def autosave(self, key: str) -> str:
        """Where a step sends what is typed meanwhile."""
        return self._of("autosave", key=key)

    def photograph(self, photograph_id: UUID | str) -> str:
        """A photograph of the draft."""
        return self._of("photograph", photograph_id=photograph_id)

    def small_photograph(self, photograph_id: UUID | str) -> str:
        """A photograph of the draft as lists show it."""
        return self._of("small_photograph", photograph_id=photograph_id)
