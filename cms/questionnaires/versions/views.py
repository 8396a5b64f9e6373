"""The list of drafts of versions, and a draft with what is done to it as a whole."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from cms.accounts.models import User
from cms.catalogs.admin_screens import AdminScreen
from cms.catalogs.models import Process
from cms.catalogs.viewsets import number
from cms.questionnaires import kinds
from cms.questionnaires.models import (
    DefinitionDraft,
    ProcessQuestionnaire,
    QuestionnaireDefinition,
)
from cms.questionnaires.versions import editing, permissions, selectors, services
from cms.questionnaires.versions.editing import EditRefused
from cms.questionnaires.versions.outline import outline_of

SPACE = "version_drafts"


def address(name: str, *arguments: Any) -> str:
    """The address of a view of drafts."""
    return reverse(f"{SPACE}:{name}", args=arguments)


class VersionScreen(AdminScreen):
    """A page of the admin for accounts with a permission: those that write, and those that look."""

    permission = permissions.EDITS
    header_icon = "form"

    @property
    def user(self) -> User:
        """The account; `dispatch` has checked it."""
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        try:
            return super().dispatch(request, *args, **kwargs)
        except services.DraftGone as gone:
            messages.error(request, gone.explanation)
            return redirect(address("index"))

    def trail(self) -> list[tuple[str, Any]]:
        """The addresses and labels between the first page and this one."""
        return [(address("index"), _("Cambiar cuestionarios"))]


class DraftScreen(VersionScreen):
    """A page about one draft. Answers 404 to a GET of one that is not there."""

    draft: DefinitionDraft

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.draft_id: int = kwargs["draft_id"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.has_perm(self.permission):
            found = DefinitionDraft.objects.select_related("process", "begun_from", "changed_by")
            draft = found.filter(pk=self.draft_id).first()
            if draft is None and request.method != "POST":
                raise Http404
            if draft is None:
                messages.error(request, services.DraftGone.explanation)
                return redirect(address("index"))
            self.draft = draft
        return super().dispatch(request, *args, **kwargs)

    def trail(self) -> list[tuple[str, Any]]:
        return [*super().trail(), (address("draft", self.draft_id), self.draft_title())]

    def draft_title(self) -> str:
        """«Cuestionario curricular, Proceso Electoral 2027»."""
        return f"{capfirst(self.draft.get_kind_display())}, {self.draft.process}"

    def back(self, anchor: str = "") -> HttpResponseBase:
        """To the draft, at a part of it."""
        return redirect(address("draft", self.draft_id) + (f"#{anchor}" if anchor else ""))

    def told(self, error: Exception) -> HttpResponseBase:
        """To the draft, with why nothing was done."""
        messages.warning(self.request, getattr(error, "explanation", str(error)))
        return self.back()


class DraftsView(VersionScreen):
    """What each process asks, and the way to a new version of it."""

    permission = permissions.SEES
    template_name = "questionnaires/drafts.html"
    page_title = _("Cambiar cuestionarios")

    def trail(self) -> list[tuple[str, Any]]:
        return []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.screen(rows=_rows(), may_edit=request.user.has_perm(permissions.EDITS))


def _rows() -> list[dict[str, Any]]:
    """Each process and kind with its version, its draft, and versions to begin from."""
    chosen = {
        (one.process_id, one.kind): one
        for one in ProcessQuestionnaire.objects.select_related("definition")
    }
    drafts = {
        (draft.process_id, draft.kind): draft
        for draft in DefinitionDraft.objects.select_related("changed_by")
    }
    versions = list(QuestionnaireDefinition.objects.order_by("-pk").defer("content"))
    return [
        {
            "process": process,
            "kind": kind,
            "chosen": chosen.get((process.pk, kind.key)),
            "draft": drafts.get((process.pk, kind.key)),
            "bases": [version for version in versions if version.kind == kind.key],
        }
        for process in Process.objects.order_by("-election_date", "-pk")
        for kind in kinds.kinds()
    ]


class BeginView(VersionScreen):
    """Begins a draft, or opens the one that there is."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        process = Process.objects.filter(pk=number(request.POST.get("process"))).first()
        base = QuestionnaireDefinition.objects.filter(pk=number(request.POST.get("base"))).first()
        try:
            kind = kinds.kind(request.POST.get("kind", ""))
            if process is None:
                raise EditRefused("Elige el proceso.")
            draft = services.begin_draft(process=process, kind=kind, user=self.user, base=base)
        except (EditRefused, kinds.UnknownKind) as refused:
            messages.error(request, getattr(refused, "explanation", "Elige el cuestionario."))
            return redirect(address("index"))
        return redirect(address("draft", draft.pk))


class DraftView(DraftScreen):
    """A draft: its sections and questions in order, its chapters, and what it changes."""

    permission = permissions.SEES
    template_name = "questionnaires/draft.html"

    def trail(self) -> list[tuple[str, Any]]:
        return VersionScreen.trail(self)

    def get_page_title(self) -> str:
        return self.draft_title()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        prospect = selectors.prospect_of(self.draft)
        return self.screen(
            draft=self.draft,
            outline=outline_of(self.draft.content),
            prospect=prospect,
            may_edit=request.user.has_perm(permissions.EDITS),
            may_put_in_force=request.user.has_perm(permissions.PUTS_IN_FORCE),
        )


class MoveView(DraftScreen):
    """Moves a section, a question or a chapter one place: «pregunta:clave:subir»."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        what, key, way = [*request.POST.get("mover", "").split(":"), "", "", ""][:3]
        try:
            services.move_part(
                draft_id=self.draft_id,
                what=what,
                key=key,
                way=way,
                edition=number(request.POST.get("edition")),
                user=self.user,
            )
        except services.DraftMovedOn as moved:
            return self.told(moved)
        return self.back(f"{what}-{key}" if what in NAMES else "")


NAMES = {"apartado": _("apartado"), "pregunta": _("pregunta"), "capitulo": _("capítulo")}


class _Confirmed(DraftScreen):
    """Something that is asked about before it is done."""

    template_name = "questionnaires/confirm.html"

    def screen_of(self, status: int = 200, **context: Any) -> HttpResponse:
        return self.screen(
            status, draft=self.draft, back=address("draft", self.draft_id), **context
        )


class RemoveView(_Confirmed):
    """Takes a part out of a draft, after saying what that does."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.what: str = kwargs["what"]
        self.key: str = kwargs.get("key") or kwargs["question"]

    def part(self) -> dict[str, Any] | None:
        """What is to be taken out; None if it is not there any more."""
        find = {
            "apartado": editing.section_of,
            "pregunta": editing.question_of,
            "capitulo": editing.chapter_of,
        }
        return find[self.what](self.draft.content, self.key)

    def get_page_title(self) -> str:
        return f"Quitar {NAMES[self.what]}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        part = self.part()
        if part is None:
            raise Http404
        name = part.get("label") or part["title"]
        return self.screen_of(
            question=f"¿Quitar «{name}» del borrador?", says=self._consequences(part), verb="Quitar"
        )

    def _consequences(self, part: dict[str, Any]) -> list[str]:
        if self.what == "capitulo":
            return ["Sus respuestas se leerán en el capítulo de su propio apartado."]
        kept = (
            "Lo que ya se respondió y se publicó se conserva en la versión con que se respondió."
            " Nadie deja de verlo mientras no se envíe otra vez."
        )
        if self.what == "pregunta":
            return ["Dejará de preguntarse cuando pongas en vigor el borrador.", kept]
        inside = ", ".join(f"«{question['label']}»" for question in part["questions"])
        return [f"También se quitan sus preguntas: {inside}.", kept] if inside else []

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            services.remove_part(
                draft_id=self.draft_id,
                what=self.what,
                key=self.key,
                edition=number(request.POST.get("edition")),
                user=self.user,
            )
        except (services.DraftMovedOn, EditRefused) as refused:
            return self.told(refused)
        messages.success(request, f"Se quitó del borrador: {NAMES[self.what]}.")
        return self.back()


class DiscardView(_Confirmed):
    """Throws a draft away."""

    page_title = _("Descartar el borrador")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.screen_of(
            question="¿Descartar este borrador?",
            says=[
                "Se pierde todo lo que cambiaste en él. El proceso sigue con la versión que usa."
            ],
            verb="Descartar",
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        edition = number(request.POST.get("edition"))
        try:
            services.discard_draft(draft_id=self.draft_id, edition=edition, user=self.user)
        except services.DraftMovedOn as moved:
            return self.told(moved)
        messages.success(request, "Se descartó el borrador.")
        return redirect(address("index"))


class PutInForceView(DraftScreen):
    """Says what a draft changes and for whom, and puts it in force."""

    permission = permissions.PUTS_IN_FORCE
    template_name = "questionnaires/put_in_force.html"
    page_title = _("Poner en vigor")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._shown()

    def _shown(self, status: int = 200, problems: list[str] | None = None) -> HttpResponse:
        prospect = selectors.prospect_of(self.draft)
        return self.screen(
            status,
            draft=self.draft,
            prospect=prospect,
            problems=problems or prospect.problems,
            reach=selectors.reach_of(self.draft.process, self.draft.kind),
            name=services.free_version(self.draft),
            days=selectors.days(services.DAYS_TO_INFORM),
            back=address("draft", self.draft_id),
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            change = services.put_in_force(
                draft_id=self.draft_id,
                edition=number(request.POST.get("edition")),
                in_force=number(request.POST.get("in_force")) or None,
                user=self.user,
            )
        except services.DraftMovedOn as moved:
            messages.warning(request, moved.explanation)
            return self._shown(409)
        except services.NotReady as not_ready:
            return self._shown(422, not_ready.problems)
        messages.success(request, "La versión está en vigor: se pregunta desde ahora.")
        if change is None:
            return redirect(address("index"))
        return redirect(reverse("definitionchange:inspect", args=[change.pk]))
