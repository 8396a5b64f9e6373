"""What a file said of a candidacy that may have been replaced or corrected: staff decide.

A row that was not applied stands in the report of its file, with what it says, as long as the
report keeps its rows. Addresses name the file and the row, and no person.
"""

from typing import Any

from cms.candidacies.bulk_register import Registration
from cms.candidacies.former_names import words_of
from cms.catalogs.models import PoliticalActor
from cms.imports.models import Upload

_KEPT = ("name", "nickname", "sex", "age", "list_number", "email", "external_id", "actor")
_LISTS = ("errors", "warnings", "not_applied", "left_alone", "changes")
FORGOTTEN = "(nombre que ya no se usa)"


def as_kept(registration: Registration | None) -> dict[str, Any] | None:
    """What a report keeps of a row that was not applied."""
    if registration is None:
        return None
    born = registration.birth_date
    kept = {name: getattr(registration, name) for name in _KEPT}
    return {**kept, "birth_date": born.isoformat() if born is not None else ""}


def row_of(*, upload_id: int, row: int, candidacy_id: int, process_id: int) -> dict[str, Any]:
    """What a row says of a candidacy, as a form begins with it; empty if nobody knows any more.

    `actor` is the key of the actor in its table. Two queries.
    """
    upload = Upload.objects.filter(pk=upload_id, process=process_id).first()
    notes = upload.report.get("not_applied", []) if upload is not None else []
    for note in notes:
        if (note["row"], note["candidacy"]) == (row, candidacy_id) and note.get("register"):
            said = {name: value for name, value in note["register"].items() if value != ""}
            actors = PoliticalActor.objects.filter(process=process_id, key=said.get("actor", ""))
            return {**said, "actor": actors.first()}
    return {}


def forget_name(*, process_ids: set[int], former: str) -> None:
    """Take a name that nobody may read any more out of the reports of files."""
    words = words_of([former])
    for upload in Upload.objects.filter(process__in=process_ids).exclude(report={}):
        report = {
            name: [_without(one, words) for one in value] if name in _LISTS else value
            for name, value in upload.report.items()
        }
        if report != upload.report:
            Upload.objects.filter(pk=upload.pk).update(report=report)


def _without(said: Any, words: frozenset[str]) -> Any:
    if isinstance(said, dict):
        return {name: _without(value, words) for name, value in said.items()}
    is_named = isinstance(said, str) and bool(words) and words <= words_of([said])
    return FORGOTTEN if is_named else said
