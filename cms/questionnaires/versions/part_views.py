"""The pages on which a part of a draft is edited: its names, a section, a question, a chapter.

Nothing that was typed is lost: a form that cannot be saved is shown again with it, and so is a
form whose part somebody else changed meanwhile, beside what is stored now.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from cms.questionnaires.definitions import Unanswered, Weight
from cms.questionnaires.versions import editing, forms, selectors, services
from cms.questionnaires.versions.editing import Content, EditRefused
from cms.questionnaires.versions.forms import QuestionForm
from cms.questionnaires.versions.options import BUTTON
from cms.questionnaires.versions.views import DraftScreen, address
from cms.questionnaires.versions.written import as_typed

OPENED = "as_opened"


class PartView(DraftScreen):
    """A form over one part of a draft.

    Attributes:
        part_key: the key of the part; empty for one that is being added.
    """

    template_name = "questionnaires/part.html"
    anchor: ClassVar[str] = ""
    part_key = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.part_key = kwargs.get("key", "")

    def mark(self) -> str:
        """The mark of the part as it is now."""
        raise NotImplementedError

    def initial(self) -> dict[str, Any]:
        """What the form begins with. Raises Http404 for a part that is not there."""
        raise NotImplementedError

    def form(self, data: Any = None, initial: dict[str, Any] | None = None) -> Any:
        """The form, empty or as it was typed."""
        raise NotImplementedError

    def write(self, form: Any, opened: str) -> str:
        """Keep what the form says; gives the key of the part."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown(self.form(initial=self.initial()))

    def shown(self, form: Any, status: int = 200, **context: Any) -> HttpResponse:
        """The form with everything that was typed."""
        opened = context.pop("opened", self.mark())
        back = address("draft", self.draft_id)
        return self.screen(status, draft=self.draft, form=form, opened=opened, back=back, **context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form(request.POST)
        opened = request.POST.get(OPENED, "")
        if button := request.POST.get(BUTTON):
            form.options.press(button)
            return self.shown(form, opened=opened, is_pressed=True)
        if not form.is_valid():
            return self.shown(form, 422, opened=opened)
        try:
            key = self.write(form, opened)
        except services.PartChanged as changed:
            self.draft.content = changed.content
            return self.shown(form, 409, moved=changed.explanation, theirs=self.theirs(form))
        except EditRefused as refused:
            form.add_error(None, refused.explanation)
            return self.shown(form, 422, opened=opened)
        messages.success(request, self.said_when_kept(key))
        return self.back(f"{self.anchor}-{key}" if self.anchor else "")

    def said_when_kept(self, key: str) -> str:
        """What is told when the part was kept under this key."""
        return "Se guardó en el borrador. Nadie lo ve hasta que lo pongas en vigor."

    def theirs(self, form: Form) -> list[tuple[str, str]]:
        """Label and stored value of each field that says something else than was typed."""
        try:
            now = self.initial()
        except Http404:
            return [("Lo que editabas", "lo quitaron del borrador")]
        return [
            (str(bound.label), _shown(form, bound.name, now.get(bound.name)))
            for bound in form
            if (form.cleaned_data.get(bound.name) or "") != (now.get(bound.name) or "")
        ]


def _shown(form: Form, name: str, value: Any) -> str:
    """A stored value as people read it."""
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) or "nada"
    choices: Mapping[Any, Any] = dict(getattr(form.fields[name], "choices", []))
    return str(choices.get(value, value)) if value not in (None, "") else "nada"


class NamesView(PartView):
    """The title, and how characters are counted."""

    page_title = _("Título y conteo")

    def mark(self) -> str:
        return selectors.names_mark(self.draft.content)

    def initial(self) -> dict[str, Any]:
        return {name: self.draft.content[name] for name in ("title", "counting_rule")}

    def form(self, data: Any = None, initial: dict[str, Any] | None = None) -> forms.NamesForm:
        return forms.NamesForm(data, initial=initial)

    def write(self, form: forms.NamesForm, opened: str) -> str:
        services.write_names(
            draft_id=self.draft_id, said=form.said(), opened=opened, user=self.user
        )
        return ""


@dataclass(frozen=True)
class _Listed:
    """What differs between sections and chapters.

    Attributes:
        titles: of the page that changes one, and of the page that adds one.
        usual: what the form of a new one begins with, by the name of each field.
        find, mark: the part with a key, and its mark. keep: the service that writes it.
    """

    titles: tuple[Any, Any]
    usual: Mapping[str, str]
    find: Callable[[Mapping[str, Any], str], Content | None]
    mark: Callable[[Mapping[str, Any], str], str]
    keep: Callable[..., str]


class _ListedPartView(PartView):
    """A section or a chapter: found in the draft by its key, or new."""

    listed: ClassVar[_Listed]

    def get_page_title(self) -> Any:
        changed, added = self.listed.titles
        return changed if self.part_key else added

    def mark(self) -> str:
        return self.listed.mark(self.draft.content, self.part_key)

    def initial(self) -> dict[str, Any]:
        usual = self.listed.usual
        if not self.part_key:
            return dict(usual)
        part = self.listed.find(self.draft.content, self.part_key)
        if part is None:
            raise Http404
        return {name: part.get(name, value) for name, value in usual.items()}

    def write(self, form: forms.PartForm, opened: str) -> str:
        return self.listed.keep(
            draft_id=self.draft_id,
            key=self.part_key,
            said=form.said(),
            opened=opened,
            user=self.user,
        )


class SectionView(_ListedPartView):
    """A section: its name, its introduction and the chapter in which it is read."""

    anchor = "apartado"
    listed = _Listed(
        titles=(_("Editar apartado"), _("Agregar apartado")),
        usual={"title": "", "lead": "", "chapter": ""},
        find=editing.section_of,
        mark=selectors.section_mark,
        keep=services.write_section,
    )

    def form(self, data: Any = None, initial: dict[str, Any] | None = None) -> forms.SectionForm:
        return forms.SectionForm(data, initial=initial, content=self.draft.content)


class ChapterView(_ListedPartView):
    """A chapter of the public page."""

    anchor = "capitulo"
    listed = _Listed(
        titles=(_("Editar capítulo"), _("Agregar capítulo")),
        usual={
            "title": "",
            "weight": str(Weight.BAJO),
            "unanswered": str(Unanswered.JUNTO),
        },
        find=editing.chapter_of,
        mark=selectors.chapter_mark,
        keep=services.write_chapter,
    )

    def form(self, data: Any = None, initial: dict[str, Any] | None = None) -> forms.ChapterForm:
        return forms.ChapterForm(data, initial=initial)


class QuestionView(PartView):
    """A question, or a new one at the end of a section."""

    template_name = "questionnaires/question.html"
    anchor = "pregunta"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.section_key: str = kwargs.get("key", "")
        self.part_key = kwargs.get("question", "")

    def get_page_title(self) -> Any:
        return _("Editar pregunta") if self.part_key else _("Agregar pregunta")

    @property
    def section(self) -> str:
        """The section in which the question is asked, or will be."""
        holder = editing.holder_of(self.draft.content, self.part_key)
        return str(holder["key"]) if holder is not None else self.section_key

    def mark(self) -> str:
        return selectors.question_mark(self.draft.content, self.part_key)

    def initial(self) -> dict[str, Any]:
        if not self.part_key:
            if editing.section_of(self.draft.content, self.section_key) is None:
                raise Http404
            return {"section": self.section_key}
        question = editing.question_of(self.draft.content, self.part_key)
        if question is None:
            raise Http404
        return as_typed(question, self.section)

    def form(self, data: Any = None, initial: dict[str, Any] | None = None) -> QuestionForm:
        return QuestionForm(
            data,
            content=self.draft.content,
            key=self.part_key,
            section=self.section,
            initial=initial,
        )

    def write(self, form: QuestionForm, opened: str) -> str:
        return services.write_question(
            draft_id=self.draft_id,
            key=self.part_key,
            said=form.said(),
            section=form.cleaned_data["section"],
            opened=opened,
            user=self.user,
        )

    def said_when_kept(self, key: str) -> str:
        if self.part_key and key != self.part_key:
            return (
                "Se guardó en el borrador. Con otro tipo es otra pregunta: se pregunta de nuevo a"
                " todas las candidaturas, y lo que ya se respondió queda en la versión anterior."
            )
        return super().said_when_kept(key)
