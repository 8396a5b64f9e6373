"""The forms of a draft: a question, a section, a chapter, and the title."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from cms.catalogs.spanish import WITH_BLANKS, WITHOUT_BLANKS, clean_line, clean_text
from cms.questionnaires.definitions import (
    KIND_LABELS,
    QuestionKind,
    Role,
    Weight,
)
from cms.questionnaires.versions import editing
from cms.questionnaires.versions.difference import SAID_UNANSWERED
from cms.questionnaires.versions.keys import questions_in
from cms.questionnaires.versions.options import OptionRows
from cms.questionnaires.versions.written import (
    ANSWER,
    INTERNAL,
    as_written,
    problem_of_question,
)

_SITE = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
_TEXTS = {QuestionKind.TEXTO_CORTO, QuestionKind.TEXTO_LARGO}
_ITEM_KINDS = (QuestionKind.TEXTO_CORTO, QuestionKind.CORREO, QuestionKind.TELEFONO)
USES = [
    (ANSWER, "Se publica como respuesta"),
    (str(Role.CONTACTO), "Se publica como medio de contacto"),
    (str(Role.FOTOGRAFIA), "Es la fotografía o su descripción"),
    (str(Role.CONTROL), "No se publica: solo decide qué se pregunta después"),
    (INTERNAL, "Solo la ve el Instituto: es el correo al que avisa"),
]
_RULES = [(WITHOUT_BLANKS, "Sin contar espacios"), (WITH_BLANKS, "Contando espacios")]


class Line(forms.CharField):
    """One line of text, without what people paste and nobody sees."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class Text(forms.CharField):
    """A text of several lines, cleaned likewise."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class Number(forms.IntegerField):
    """A limit; empty: none."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=most, required=False, **kwargs)


class PartForm(forms.Form):
    """A part of a draft whose fields are named as definitions name what it says."""

    def said(self) -> dict[str, Any]:
        """What the part is to say."""
        return dict(self.cleaned_data)


class NamesForm(PartForm):
    """The title of the questionnaire, and how it counts characters."""

    title = Line(
        label="Título",
        max_length=160,
        help_text="Se lee en la administración y en el acuse de quien envía.",
    )
    counting_rule = forms.ChoiceField(
        label="Cómo se cuentan los caracteres",
        choices=_RULES,
        help_text="Decide si un texto cumple el mínimo y el máximo. Quien captura ve las dos"
        " cuentas.",
    )


def _chapters(content: Mapping[str, Any], empty: str) -> list[tuple[str, str]]:
    listed = [(one["key"], one["title"]) for one in content.get("chapters", [])]
    return [("", empty), *listed]


class SectionForm(PartForm):
    """A section: a step of the form of capture."""

    title = Line(
        label="Nombre del apartado",
        max_length=120,
        help_text="Es el título de un paso de la captura. Si el apartado tiene un capítulo propio,"
        " también es su título en la página de la candidatura.",
    )
    lead = Text(
        label="Introducción",
        required=False,
        max_length=600,
        help_text="Se lee en la captura, debajo del nombre. El público no la ve.",
    )
    chapter = forms.ChoiceField(
        label="Dónde se lee",
        required=False,
        help_text="El capítulo de la página de la candidatura en que el público lee las respuestas"
        " de este apartado.",
    )

    def __init__(self, *args: Any, content: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = "En un capítulo con su nombre"
        self.fields["chapter"].choices = _chapters(content, own)  # type: ignore[attr-defined]


class ChapterForm(PartForm):
    """A chapter: a part of the public page of a candidacy."""

    title = Line(
        label="Título del capítulo",
        max_length=120,
        help_text="El público lo lee en la página de cada candidatura y en su índice.",
    )
    weight = forms.ChoiceField(
        label="Peso en la búsqueda",
        choices=[(Weight.BAJO, "Normal"), (Weight.ALTO, "Alto: sus palabras cuentan más")],
        help_text="De las preguntas que no digan otra cosa. Cambia el orden de los resultados.",
    )
    unanswered = forms.ChoiceField(
        label="Si una pregunta no se respondió",
        choices=[(way, f"La página {words}") for way, words in SAID_UNANSWERED.items()],
    )


class QuestionForm(PartForm):
    """A question: what is asked, its limits, when it is asked, who sees it and where it is read."""

    label = Line(
        label="Pregunta",
        max_length=300,
        help_text="Se lee en la captura y, con la respuesta, en la página de la candidatura.",
    )
    kind = forms.ChoiceField(
        label="Tipo de respuesta",
        choices=[(kind, capfirst(words)) for kind, words in KIND_LABELS.items()],
        help_text="Con otro tipo es otra pregunta: lo que ya se respondió queda en la versión"
        " anterior y se pregunta de nuevo.",
    )
    section = forms.ChoiceField(
        label="Apartado", help_text="El paso de la captura en que se pregunta."
    )
    required = forms.BooleanField(
        label="Obligatoria",
        required=False,
        help_text="Sin ella no se puede enviar el cuestionario. Quien ya lo envió la responde la"
        " próxima vez que envíe.",
    )
    help = Text(
        label="Ayuda",
        required=False,
        max_length=1000,
        help_text="Se lee junto al campo de la captura.",
    )
    remedy = Line(
        label="Consejo si la respuesta es corta",
        required=False,
        max_length=300,
        help_text="Se lee junto al aviso de que faltan caracteres.",
    )
    min_length = Number(
        50_000, label="Mínimo de caracteres", help_text="Vacío: no hay. De una lista, por registro."
    )
    max_length = Number(
        50_000, label="Máximo de caracteres", help_text="De una lista, por registro."
    )
    counting_rule = forms.ChoiceField(
        label="Cómo se cuentan",
        required=False,
        choices=[("", "Como en el resto del cuestionario"), *_RULES],
    )
    max_items = Number(
        100, label="Máximo de registros", help_text="Solo de una lista: cuántos caben."
    )
    item_kind = forms.ChoiceField(
        label="Registros de la lista",
        required=False,
        choices=[(kind, capfirst(KIND_LABELS[kind])) for kind in _ITEM_KINDS],
    )
    hosts = Text(
        label="Sitios que se admiten",
        required=False,
        help_text="Solo de una dirección web. Uno por renglón, como facebook.com. Vacío:"
        " cualquiera.",
    )
    use = forms.ChoiceField(
        label="Quién la ve", choices=USES, help_text="Decide si la respuesta llega al público."
    )
    when = forms.ChoiceField(
        label="Cuándo se pregunta",
        choices=[
            ("", "Siempre"),
            ("in", "Solo si se respondió una de las marcadas abajo"),
            ("not_in", "Solo si se respondió otra que no sea de las marcadas abajo"),
        ],
        required=False,
    )
    given = forms.MultipleChoiceField(
        label="Respuestas que lo deciden",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="De una sola pregunta anterior.",
    )
    chapter = forms.ChoiceField(
        label="Capítulo en que se lee",
        required=False,
        help_text="En la página de la candidatura.",
    )
    reading_order = Number(
        1000,
        label="Lugar en el capítulo",
        help_text="Desde el menor. Vacío: después de las que llevan número, en el orden de la"
        " captura.",
    )
    weight = forms.ChoiceField(
        label="Peso en la búsqueda",
        required=False,
        choices=[
            ("", "El de su capítulo"),
            (Weight.ALTO, "Alto: sus palabras cuentan más"),
            (Weight.BAJO, "Normal"),
        ],
    )
    facet = Line(
        label="Filtro de la búsqueda",
        required=False,
        max_length=40,
        help_text="Solo de una pregunta de opciones: una palabra en minúsculas, como lengua, que"
        " queda en las direcciones de la búsqueda y de la API. Vacío: no es filtro.",
    )
    facet_label = Line(
        label="Título del filtro",
        required=False,
        max_length=80,
        help_text="Lo que el público lee sobre las casillas. Vacío: la pregunta.",
    )
    where_found = Line(
        label="Cómo la nombran los resultados",
        required=False,
        max_length=120,
        help_text="Por ejemplo: En su primera propuesta. Vacío: la pregunta entre comillas.",
    )
    comparison = Line(
        label="Grupo de comparación",
        required=False,
        max_length=40,
        help_text="Las respuestas del mismo grupo se comparan entre sí al buscar parecidas."
        " Vacío: las de su capítulo.",
    )

    GROUPS = (
        ("La pregunta", ("label", "kind", "section", "required", "help", "remedy")),
        (
            "Límites",
            ("min_length", "max_length", "counting_rule", "max_items", "item_kind", "hosts"),
        ),
        ("Quién la ve y cuándo se pregunta", ("use", "when", "given")),
        (
            "Cómo la lee el público",
            (
                *("chapter", "reading_order", "weight", "facet", "facet_label"),
                *("where_found", "comparison"),
            ),
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        content: Mapping[str, Any],
        key: str = "",
        section: str = "",
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.content, self.key = content, key
        question = editing.question_of(content, key) or {}
        known = {one["value"] for one in question.get("options", [])}
        self.options = (
            OptionRows.from_question(question)
            if data is None
            else OptionRows.from_post(data, known=known)
        )
        fields: Any = self.fields
        fields["section"].choices = [(one["key"], one["title"]) for one in content["sections"]]
        fields["section"].initial = section
        fields["chapter"].choices = _chapters(content, "El de su apartado")
        fields["given"].choices = self._offered(section)

    def _offered(self, section: str) -> list[tuple[str, list[tuple[str, str]]]]:
        """The options of the questions that are asked before this one, under their questions."""
        found = []
        condition = (editing.question_of(self.content, self.key) or {}).get("condition") or {}
        for question in self._before(section, str(condition.get("question", ""))):
            options = [
                (f"{question['key']}={one['value']}", one["label"])
                for one in question.get("options", [])
            ]
            if options:
                found.append((str(question["label"]), options))
        return found

    def _before(self, section: str, on: str) -> list[Mapping[str, Any]]:
        """Questions before this one (of a new one: up to the end of its section), and `on`."""
        before: list[Mapping[str, Any]] = []
        last = editing.section_of(self.content, section)
        for question in questions_in(self.content):
            if self.key and question["key"] == self.key:
                break
            before.append(question)
            if not self.key and last and last["questions"] and question is last["questions"][-1]:
                break
        if on and all(question["key"] != on for question in before):
            later = editing.question_of(self.content, on)
            before += [later] if later is not None else []
        return before

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """Titles of the parts of the form, each with its fields."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            for name, words in self._problems(cleaned):
                self.add_error(name, ValidationError(words))
        if not self.errors:
            problem = problem_of_question(self.content, self.key, self.said())
            if problem:
                self.add_error(None, ValidationError(problem))
        return cleaned

    def _problems(self, cleaned: Mapping[str, Any]) -> list[tuple[str | None, str]]:
        return [*_wrong_limits(cleaned), *_wrong_use(cleaned), *self._wrong_choice(cleaned)]

    def _wrong_choice(self, cleaned: Mapping[str, Any]) -> list[tuple[str | None, str]]:
        found: list[tuple[str | None, str]] = []
        is_choice = cleaned["kind"] == QuestionKind.OPCION
        if is_choice and (problem := self.options.problem()):
            found.append((None, problem))
        if cleaned["facet"] and not is_choice:
            found.append(("facet", "Solo una pregunta de opciones puede ser filtro."))
        on = {value.partition("=")[0] for value in cleaned["given"]}
        if cleaned["when"] and not on:
            found.append(("given", "Marca al menos una respuesta."))
        if len(on) > 1:
            found.append(("given", "Marca respuestas de una sola pregunta."))
        return found

    def said(self) -> dict[str, Any]:
        """What the question is to say, as definitions write it."""
        return as_written(self.cleaned_data, self.options.as_written())


def _wrong_limits(cleaned: Mapping[str, Any]) -> list[tuple[str | None, str]]:
    found: list[tuple[str | None, str]] = []
    kind, is_list = cleaned["kind"], cleaned["kind"] == QuestionKind.LISTA
    holds = cleaned["item_kind"] or QuestionKind.TEXTO_CORTO if is_list else kind
    least, most = cleaned["min_length"] or 0, cleaned["max_length"] or 0
    if holds in _TEXTS and not most:
        found.append(("max_length", "Un texto lleva un máximo de caracteres."))
    if most and least > most:
        found.append(("min_length", "El mínimo es mayor que el máximo."))
    if is_list and not cleaned["max_items"]:
        found.append(("max_items", "Di cuántos registros caben."))
    if cleaned["hosts"] and kind != QuestionKind.URL:
        found.append(("hosts", "Solo una dirección web lleva sitios: déjalo vacío."))
    found += [
        ("hosts", f"«{site[:60]}» no es un sitio: escríbelo como facebook.com.")
        for site in cleaned["hosts"].split()
        if not _SITE.fullmatch(site.lower())
    ]
    return found


def _wrong_use(cleaned: Mapping[str, Any]) -> list[tuple[str | None, str]]:
    kind, use = cleaned["kind"], cleaned["use"]
    allowed: dict[str, tuple[set[QuestionKind], str]] = {
        str(Role.FOTOGRAFIA): (
            {QuestionKind.FOTOGRAFIA, QuestionKind.TEXTO_CORTO},
            "una fotografía, o un texto corto que la describe",
        ),
        str(Role.CONTROL): ({QuestionKind.OPCION}, "una pregunta de opciones"),
        INTERNAL: ({QuestionKind.CORREO}, "un correo"),
    }
    if kind == QuestionKind.FOTOGRAFIA and use != Role.FOTOGRAFIA:
        return [("use", "De una fotografía, elige «Es la fotografía o su descripción».")]
    if use in allowed and kind not in allowed[use][0]:
        return [("use", f"Eso solo va con {allowed[use][1]}.")]
    return []
