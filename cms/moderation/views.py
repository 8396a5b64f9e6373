"""The desk. Thin: the services know the rules, the views know HTTP."""

from typing import Any

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.accounts import resume
from cms.moderation import permissions, record, selectors, services
from cms.moderation.errors import (
    CandidacyEnded,
    InvalidObservations,
    NotYourReview,
    SealBroken,
    SubmissionMoved,
)
from cms.moderation.forms import ApprovalForm, DecisionForm, ReturnForm
from cms.moderation.queue import ReviewerOnly
from cms.questionnaires.models import Photograph, QuestionnaireState
from cms.questionnaires.selectors import BrokenSeal


class ReviewView(ReviewerOnly, WagtailAdminTemplateMixin, View):
    """One submission: at the left what is published, at the right what was sent."""

    template_name = "moderation/review.html"
    header_icon = "clipboard-list"
    form_class: type[DecisionForm] = DecisionForm
    http_method_names: tuple[str, ...] = ("get", "head")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = selectors.submission_to_review(kwargs["submission_id"])
        if found is None:
            raise Http404
        self.submission = found
        try:
            self.sections = record.sections(found)
        except BrokenSeal:
            self.sections = []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        came_back = resume.typed_into(request)
        if came_back is None:
            return self.screen(self.form(initial={"seal": self.submission.seal}))
        if why := self.obstacle() or self.newer():
            return resume.show_closed(request, came_back, why)
        return self.screen(self.form(came_back.posted))

    def newer(self) -> str:
        """What to say when a later sending took the place of this one; empty when none did."""
        if selectors.newest_of(self.submission).pk == self.submission.pk:
            return ""
        return _("Quien captura ya mandó otro envío: este solo se puede leer.")

    def form(self, *args: Any, **kwargs: Any) -> Any:
        questions = [
            answer.question
            for section in self.sections
            for answer in section.answers
            if answer.sent
        ]
        return self.form_class(*args, questions=questions, **kwargs)

    def screen(self, form: DecisionForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(
            submission=self.submission,
            candidacy=self.submission.questionnaire.candidacy,
            sections=self.sections,
            form=form,
            obstacle=self.obstacle(),
            newest=selectors.newest_of(self.submission),
            media=form.media,
        )
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def obstacle(self) -> str:
        """Why this person cannot decide this submission now; empty when it can be decided."""
        if not self.sections:
            return str(SealBroken.explanation)
        try:
            permissions.require_review(self.reviewer, self.submission)
        except NotYourReview as refusal:
            return str(refusal.explanation)
        if selectors.has_ended(self.submission) and not hasattr(self.submission, "decision"):
            return str(CandidacyEnded.explanation)
        if self.submission.questionnaire.state != QuestionnaireState.SUBMITTED or hasattr(
            self.submission, "decision"
        ):
            return _("Este envío ya no está en revisión: solo se puede leer.")
        return ""

    def get_page_title(self) -> str:
        return str(self.submission.questionnaire.candidacy.name)

    def get_page_subtitle(self) -> str:
        return _("Envío %(number)s") % {"number": self.submission.number}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("moderation:queue"), "label": _("Revisión")},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]


class DecideView(ReviewView):
    """What approving and returning share: the form, and what to say when something came first."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.screen(form, status=422)
        try:
            self.decide(form)
        except SubmissionMoved as moved:
            messages.warning(request, str(moved.explanation))
            newest = selectors.newest_of(self.submission)
            return redirect("moderation:review", newest.pk)
        except NotYourReview as refusal:
            messages.error(request, str(refusal.explanation))
            return redirect("moderation:review", self.submission.pk)
        except InvalidObservations as wrong:
            form.add_error(None, wrong.explanation)
            return self.screen(form, status=422)
        resume.let_go(request)
        return redirect("moderation:next")

    def decide(self, form: Any) -> None:
        raise NotImplementedError


class ApproveView(DecideView):
    """«Aprobar y publicar»."""

    form_class = ApprovalForm

    def decide(self, form: ApprovalForm) -> None:
        published = services.approve_submission(
            submission_id=self.submission.pk,
            seal=form.cleaned_data["seal"],
            validator=self.reviewer,
        )
        name = self.submission.questionnaire.candidacy.name
        if published is None:
            said = _("Quedó validado el envío de %(name)s. Se publicará al terminar la veda.")
        else:
            said = _("Se publicó el envío de %(name)s.")
        messages.success(self.request, said % {"name": name})


class ReturnView(DecideView):
    """«Devolver con N observaciones»."""

    form_class = ReturnForm

    def decide(self, form: ReturnForm) -> None:
        services.return_submission(
            submission_id=self.submission.pk,
            seal=form.cleaned_data["seal"],
            validator=self.reviewer,
            observations=form.observations(),
        )
        said = _("Se devolvió el envío de %(name)s con sus observaciones.")
        name = self.submission.questionnaire.candidacy.name
        messages.success(self.request, said % {"name": name})


class NextView(ReviewerOnly, View):
    """The oldest sending that waits; the queue when there is none."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        following = selectors.next_pending(for_user=self.reviewer)
        if following is None:
            messages.success(request, _("No queda ningún envío por revisar."))
            return redirect("moderation:queue")
        return redirect("moderation:review", following.pk)


class PhotographView(ReviewerOnly, View):
    """A photograph that is not public yet, for who reviews it. No cache keeps it."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, photograph_id: Any) -> HttpResponseBase:
        name = f"{photograph_id}.jpg"
        known = Photograph.objects.filter(pk=photograph_id).exists()
        if not known or not storages["photographs"].exists(name):
            raise Http404
        response = FileResponse(storages["photographs"].open(name, "rb"), content_type="image/jpeg")
        response["Cache-Control"] = "private, no-store"
        return response
