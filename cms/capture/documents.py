"""What was sent of a questionnaire, as an accessible PDF that anybody can verify without us.

The document is made of what is sealed: the same submission gives the same bytes. It carries the
sealed file as an attachment, from which its hash is computed.
"""

from dataclasses import dataclass
from typing import Any

from django.core.files.storage import storages
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cms import printing
from cms.catalogs.models import PortalSettings, SeatKind
from cms.questionnaires.answers import applies
from cms.questionnaires.definitions import Question, QuestionKind
from cms.questionnaires.kinds import kind
from cms.questionnaires.models import Submission
from cms.questionnaires.selectors import parsed, submission_answers

TEMPLATE = "envio"
_PORTRAIT = "fotografia.jpg"


@dataclass(frozen=True)
class Sealed:
    """The file whose hash is the seal: its name, its type and its bytes."""

    name: str
    mime: str
    content: bytes


def folio_of(submission: Submission) -> str:
    """The folio of a submission: candidacy, kind if it has a path, and number."""
    dossier = submission.questionnaire
    path = kind(dossier.kind).path
    return "-".join([str(dossier.candidacy_id), *([path] if path else []), str(submission.number)])


def sealed_file(submission: Submission) -> Sealed:
    """The bytes that were sealed, as they are stored: JSON, or ciphertext where it is encrypted."""
    content = bytes(submission.sealed_bytes)
    is_text = content.startswith(b"{")
    name = f"envio-{folio_of(submission)}.{'json' if is_text else 'bin'}"
    return Sealed(name, "application/json" if is_text else "application/octet-stream", content)


def pdf_of(submission: Submission) -> bytes:
    """A submission as PDF/UA-1, with its hash and the sealed file inside.

    The caller has checked who asks. Raises: BrokenSeal, if what is stored was altered.
    """
    answers = submission_answers(submission)
    sealed = sealed_file(submission)
    pictures = {sealed.name: sealed.content}
    sections = _sections(submission, answers, pictures)
    data = {
        **_head(submission),
        "sections": sections,
        "silence": _("Sin respuesta."),
        "left_out": _(
            "Lo que solo ve el Instituto, como tu correo para aclaraciones, no viene aquí."
        ),
        **_verification(submission, sealed),
    }
    return printing.pdf(
        TEMPLATE, data, title=data["heading"], at=submission.submitted_at, pictures=pictures
    )


def _head(submission: Submission) -> dict[str, Any]:
    candidacy = submission.questionnaire.candidacy
    name = kind(submission.questionnaire.kind).name
    office = str(candidacy.office.name)
    if candidacy.seat_kind == SeatKind.ALTERNATE:
        office = _("%s, suplente") % office
    sent = timezone.localtime(submission.submitted_at)
    sender = submission.actor_snapshot
    facts = [
        (_("Folio"), folio_of(submission)),
        (_("Candidatura"), candidacy.name),
        (_("Cargo"), f"{office}, {candidacy.territory.name}"),
        (_("Actor político"), candidacy.actor.name),
        (_("Proceso"), candidacy.process.name),
        (_("Recibido"), date_format(sent, r"j \d\e F \d\e Y, H:i:s \h")),
        (_("Envió"), sender.get("name") or sender["username"]),
        (_("Versión del cuestionario"), submission.definition.version),
        (_("Institución"), PortalSettings.load().institute_name),
    ]
    return {
        "heading": _("Acuse de envío %(folio)s: %(kind)s")
        % {"folio": folio_of(submission), "kind": name},
        "facts": [{"name": name, "value": str(value)} for name, value in facts],
        "late": submission.extemporaneous,
    }


def _sections(
    submission: Submission, answers: dict[str, Any], pictures: dict[str, bytes]
) -> list[dict[str, Any]]:
    """What was asked, as it was worded then, with its answers. Photographs go to `pictures`."""
    return [
        {
            "title": section.title,
            "answers": [
                _answer(question, answers.get(question.key), submission, pictures)
                for question in section.questions
                if not question.is_internal and applies(question, answers)
            ],
        }
        for section in parsed(submission.definition).sections
    ]


def _answer(
    question: Question, value: Any, submission: Submission, pictures: dict[str, bytes]
) -> dict[str, Any]:
    shown: dict[str, Any] = {"question": question.label, "text": "", "items": [], "picture": ""}
    if not value:
        return shown
    if question.is_photograph:
        return {**shown, **_photograph(str(value), submission, pictures)}
    if isinstance(value, list):
        return {**shown, "items": [str(item) for item in value]}
    is_option = question.kind == QuestionKind.OPCION
    return {**shown, "text": question.option_label(value) if is_option else str(value)}


def _photograph(
    identifier: str, submission: Submission, pictures: dict[str, bytes]
) -> dict[str, Any]:
    found = submission.questionnaire.photographs.filter(pk=identifier).first()
    storage, file = storages["photographs"], f"{identifier}.jpg"
    if found is None or not storage.exists(file):
        return {"text": _("La fotografía ya no está guardada.")}
    with storage.open(file) as stored:
        pictures[_PORTRAIT] = stored.read()
    name = submission.questionnaire.candidacy.name
    return {
        "picture": _PORTRAIT,
        "alt": _("Fotografía de %s") % name,
        "text": found.sha256,
    }


def _verification(submission: Submission, sealed: Sealed) -> dict[str, Any]:
    """How to compute the hash with any computer, without asking the institute."""
    return {
        "attachment": sealed.name,
        "mime": sealed.mime,
        "attached": _("El envío tal como se selló"),
        "verify": {
            "intro": _(
                "Este PDF lleva adjunto el archivo %s, que es tu envío tal como se guardó. Con él"
                " puedes comprobar que nada cambió, sin conexión y sin preguntarle a nadie:"
            )
            % sealed.name,
            "steps": [
                _("Guarda el archivo adjunto (en tu lector de PDF, busca «Archivos adjuntos»)."),
                _("En la carpeta donde lo guardaste, ejecuta la orden de abajo."),
                _("Compara el resultado con la huella del envío: si es igual, es lo que enviaste."),
            ],
            "command": f"(printf '%s\\n' '{submission.previous_seal}'; cat {sealed.name})"
            " | sha256sum",
        },
        "hashes": [
            {"name": _("Huella del envío (SHA-256)"), "value": submission.seal},
            {"name": _("Huella del envío anterior"), "value": submission.previous_seal},
            {
                "name": _("Huella del aviso de privacidad que se aceptó"),
                "value": submission.notice_hash,
            },
        ],
        "note": _(
            "Un signo que estas letras no tienen, como un emoji, se ve como «%s»; en el archivo"
            " adjunto está tal cual."
        )
        % printing.NO_SIGN,
    }


def file_name_of(submission: Submission) -> str:
    """The name of the document as a file."""
    return f"acuse-{folio_of(submission)}.pdf"
