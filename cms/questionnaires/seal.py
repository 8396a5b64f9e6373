"""Sealed submissions: canonical bytes and their hash. Pure."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def _nfc(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_nfc(item) for item in value]
    return value


def canonical_bytes(
    *,
    candidacy_id: int,
    kind: str,
    definition: str,
    number: int,
    answers: Mapping[str, Any],
    files: Mapping[str, str],
    due_at: datetime | None = None,
    late: bool = False,
) -> bytes:
    """The bytes that are sealed: JSON in UTF-8, keys sorted, no blanks, texts in NFC.

    Args:
        files: identifier of each file that the answers name → SHA-256 of its content, so that the
            seal also covers the photograph.
        due_at: the last instant of the candidacy's term; None: no term ran, and none is written.
        late: whether it arrived after that instant.
    """
    content: dict[str, Any] = {
        "candidatura": candidacy_id,
        "cuestionario": kind,
        "version": definition,
        "envio": number,
        "archivos": dict(files),
        "respuestas": {key: _nfc(value) for key, value in answers.items()},
    }
    if due_at is not None:
        content["plazo"] = {"vence": due_at.astimezone(UTC).isoformat(), "extemporaneo": late}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def seal_of(sealed_bytes: bytes | memoryview, previous_seal: str) -> str:
    """SHA-256 (64 hexadecimal digits) over the previous seal and the bytes: a chain."""
    return hashlib.sha256(previous_seal.encode() + b"\n" + bytes(sealed_bytes)).hexdigest()


def answers_in(sealed_bytes: bytes | memoryview) -> dict[str, Any]:
    """The answers that a submission holds."""
    answers: dict[str, Any] = json.loads(bytes(sealed_bytes))["respuestas"]
    return answers
