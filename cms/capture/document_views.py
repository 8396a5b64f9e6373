"""The document of a submission: for the accounts that capture it, and for those who review it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from cms.capture import documents
from cms.capture.entry import asked, for_capture_accounts
from cms.moderation.permissions import may_review, reviewed_kinds
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import Submission


def _found(**which: Any) -> Submission:
    submission = (
        Submission.objects.select_related(
            "definition",
            "questionnaire__candidacy__office",
            "questionnaire__candidacy__territory",
            "questionnaire__candidacy__actor",
            "questionnaire__candidacy__process",
        )
        .filter(**which)
        .first()
    )
    if submission is None:
        raise Http404
    return submission


def _own(request: HttpRequest, candidacy_id: int, kind: Kind | None, number: int) -> Submission:
    """A submission of a candidacy that the account captures. Raises Http404 for any other."""
    if number > 2**31:
        raise Http404
    questionnaire = asked(request, candidacy_id, kind)
    return _found(
        questionnaire__candidacy=questionnaire.candidacy,
        questionnaire__kind=questionnaire.kind.key,
        number=number,
    )


def _download(content: bytes, *, mime: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _pdf(submission: Submission) -> HttpResponse:
    name = documents.file_name_of(submission)
    return _download(documents.pdf_of(submission), mime="application/pdf", name=name)


@for_capture_accounts
@require_safe
def pdf(
    request: HttpRequest, candidacy_id: int, number: int, kind: Kind | None = None
) -> HttpResponseBase:
    """/captura/<id>/acuse/<number>.pdf: what was sent, on paper."""
    return _pdf(_own(request, candidacy_id, kind, number))


@for_capture_accounts
@require_safe
def sealed(
    request: HttpRequest, candidacy_id: int, number: int, kind: Kind | None = None
) -> HttpResponseBase:
    """/captura/<id>/acuse/<number>/sellado/: the bytes whose hash is on the receipt."""
    file = documents.sealed_file(_own(request, candidacy_id, kind, number))
    return _download(file.content, mime=file.mime, name=file.name)


@require_safe
def pdf_in_the_admin(request: HttpRequest, submission_id: int) -> HttpResponseBase:
    """/admin/envios/<id>.pdf: the same document, for those who review its kind."""
    if not reviewed_kinds(request.user):
        raise PermissionDenied
    submission = _found(pk=submission_id)
    if not may_review(request.user, submission.questionnaire):
        raise Http404
    return _pdf(submission)
