"""What a version changes against another, in sentences that people of the institute read. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from cms.catalogs.spanish import WITHOUT_BLANKS
from cms.questionnaires.definitions import (
    Chapter,
    Condition,
    Definition,
    Question,
    QuestionKind,
    Role,
    Section,
    Unanswered,
    Weight,
)

USES = {
    Role.NONE: "se publica como respuesta",
    Role.CONTACTO: "se publica como medio de contacto",
    Role.FOTOGRAFIA: "es parte de la fotografía",
    Role.CONTROL: "solo decide qué se pregunta después y no se publica",
}
ONLY_THE_INSTITUTE = "solo la ve el Instituto"
SAID_UNANSWERED = {
    Unanswered.SIEMPRE: "dice siempre qué no se respondió",
    Unanswered.JUNTO: "dice qué no se respondió solo si algo se respondió",
    Unanswered.NUNCA: "no dice qué no se respondió",
}
# What somebody who captures notices: not how answers are found, compared or arranged in public.
_SEEN_IN_CAPTURE = frozenset(
    [
        *("counting", "section_new", "section_gone", "section_renamed"),
        *("question_new", "question_gone", "question_moved", "renamed", "kind", "required"),
        *("help", "hosts", "max_length", "min_length", "max_items", "condition", "use"),
        *("option_new", "option_renamed", "option_gone"),
    ]
)


@dataclass(frozen=True)
class Difference:
    """One change.

    Attributes:
        code: what happened, e.g. "question_new"; stable, for tests and styles.
        key: of the question, section or chapter; empty: of the questionnaire.
        words: the sentence, in Spanish.
        asks_again: whether somebody who had completed the questionnaire may have to answer this.
    """

    code: str
    key: str
    words: str
    asks_again: bool = False

    @property
    def is_seen_in_capture(self) -> bool:
        """Whether those who capture are told of it."""
        return self.code in _SEEN_IN_CAPTURE


def differences(before: Definition | None, after: Definition) -> list[Difference]:
    """Everything that `after` changes, in the order in which the form is read.

    Args:
        before: the version in force; None: the process asked nothing of this kind.
    """
    if before is None:
        return [
            Difference("first", "", f"El proceso empieza a usar «{after.title}».", asks_again=True)
        ]
    return [
        *_of_the_whole(before, after),
        *_of_sections(before, after),
        *_of_questions(before, after),
        *_of_chapters(before, after),
    ]


def _number(value: int) -> str:
    return f"{value:,}"


def counting_in_words(rule: str) -> str:
    """How a rule counts: «sin contar espacios»."""
    return "sin contar espacios" if rule == WITHOUT_BLANKS else "contando espacios"


def _of_the_whole(before: Definition, after: Definition) -> Iterator[Difference]:
    if before.title != after.title:
        words = f"El título cambió de «{before.title}» a «{after.title}»."
        yield Difference("title", "", words)
    if before.counting_rule != after.counting_rule:
        words = (
            f"Los caracteres se contaban {counting_in_words(before.counting_rule)};"
            f" ahora se cuentan {counting_in_words(after.counting_rule)}."
        )
        yield Difference("counting", "", words, asks_again=True)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest keys that changed their place among those that both lists have."""
    place = {key: number for number, key in enumerate(before)}
    shared = [key for key in after if key in place]
    # The longest run that kept its order; whatever is not in it was moved.
    best: list[list[str]] = []
    for at, key in enumerate(shared):
        earlier = [best[i] for i in range(at) if place[shared[i]] < place[key]]
        best.append([*_longest(earlier), key])
    return set(shared) - set(_longest(best))


def _length(run: Sequence[str]) -> int:
    return len(run)


def _longest(runs: Sequence[list[str]]) -> list[str]:
    return max(runs, key=_length, default=[])


def _of_sections(before: Definition, after: Definition) -> Iterator[Difference]:
    old = {section.key: section for section in before.sections}
    new = {section.key: section for section in after.sections}
    moved = _moved(list(old), list(new))
    for key, section in new.items():
        if key not in old:
            yield Difference("section_new", key, f"Apartado nuevo: «{section.title}».")
            continue
        yield from _of_section(old[key], section)
        if key in moved:
            yield Difference("section_moved", key, f"El apartado «{section.title}» se movió.")
    for key, section in old.items():
        if key not in new:
            yield Difference("section_gone", key, f"Ya no hay apartado «{section.title}».")


def _of_section(before: Section, after: Section) -> Iterator[Difference]:
    if before.title != after.title:
        words = f"El apartado «{before.title}» ahora se llama «{after.title}»."
        yield Difference("section_renamed", after.key, words)
    if before.lead != after.lead:
        words = f"Cambió la introducción del apartado «{after.title}»."
        yield Difference("section_lead", after.key, words)


def _of_questions(before: Definition, after: Definition) -> Iterator[Difference]:
    old = {question.key: question for question in before.questions()}
    moved = {
        key
        for section in after.sections
        for key in _moved(_keys_in(before, section.key), [q.key for q in section.questions])
    }
    for question in after.questions():
        was = old.get(question.key)
        if was is None:
            yield _new(question, after)
            continue
        yield from _of_question(was, question, before, after)
        if was.section != question.section and _has_section(after, was.section):
            words = (
                f"«{question.label}» se movió del apartado «{before.section(was.section).title}»"
                f" a «{after.section(question.section).title}»."
            )
            yield Difference("question_moved", question.key, words)
        elif was.section != question.section:
            words = (
                f"«{question.label}» pasó al apartado «{after.section(question.section).title}»."
            )
            yield Difference("question_moved", question.key, words)
        elif question.key in moved:
            words = f"«{question.label}» se movió dentro de su apartado."
            yield Difference("question_moved", question.key, words)
    for key, question in old.items():
        if not after.has(key):
            words = (
                f"«{question.label}» dejó de preguntarse; lo que ya se respondió se conserva en la"
                " versión con que se respondió."
            )
            yield Difference("question_gone", key, words)


def _has_section(definition: Definition, key: str) -> bool:
    return any(section.key == key for section in definition.sections)


def _keys_in(definition: Definition, section: str) -> list[str]:
    return [question.key for question in definition.questions() if question.section == section]


def _new(question: Question, after: Definition) -> Difference:
    need = "obligatoria" if question.required else "opcional"
    words = (
        f"Pregunta nueva en «{after.section(question.section).title}»: «{question.label}»"
        f" ({question.kind_label}, {need})."
    )
    return Difference("question_new", question.key, words, asks_again=question.required)


_Comparison = Callable[[Question, Question, Definition, Definition], Iterator[Difference]]


def _of_question(
    was: Question, now: Question, before: Definition, after: Definition
) -> Iterator[Difference]:
    comparisons: tuple[_Comparison, ...] = (
        _asked_otherwise,
        _limited_otherwise,
        _offered_otherwise,
        _conditioned_otherwise,
        _shown_otherwise,
        _read_otherwise,
    )
    for compare in comparisons:
        for found in compare(was, now, before, after):
            yield replace(found, key=now.key)


def _asked_otherwise(
    was: Question, now: Question, before: Definition, after: Definition
) -> Iterator[Difference]:
    if was.label != now.label:
        yield Difference("renamed", "", f"«{was.label}» ahora se pregunta así: «{now.label}».")
    if was.kind_label != now.kind_label:
        words = f"«{now.label}» era de tipo {was.kind_label} y ahora es {now.kind_label}."
        yield Difference("kind", "", words, asks_again=True)
    if was.required != now.required:
        need = "obligatoria" if now.required else "opcional"
        words = f"«{now.label}» ahora es {need}."
        yield Difference("required", "", words, asks_again=now.required)
    if was.help != now.help:
        yield Difference("help", "", f"Cambió la ayuda de «{now.label}».")
    if was.remedy != now.remedy:
        words = f"Cambió el consejo para completar «{now.label}»."
        yield Difference("remedy", "", words)
    if set(was.hosts) != set(now.hosts):
        sites = ", ".join(now.hosts) or "cualquier sitio"
        words = f"«{now.label}» ahora admite direcciones de: {sites}."
        gone = bool(now.hosts) and not set(was.hosts or ["*"]) <= set(now.hosts)
        yield Difference("hosts", "", words, asks_again=gone)


def _limited_otherwise(
    was: Question, now: Question, before: Definition, after: Definition
) -> Iterator[Difference]:
    shorter = now.max_length < was.max_length or not was.max_length
    fewer = now.max_items < was.max_items or not was.max_items
    limits = (
        ("max_length", "el máximo de caracteres", shorter),
        ("min_length", "el mínimo de caracteres", now.min_length > was.min_length),
        ("max_items", "el máximo de registros", fewer),
    )
    for name, what, is_narrower in limits:
        old, new = getattr(was, name), getattr(now, name)
        if old == new:
            continue
        if not old:
            words = f"«{now.label}» ahora tiene límite: {what} es {_number(new)}."
        elif not new:
            words = f"«{now.label}» ya no tiene límite: {what} era {_number(old)}."
        else:
            words = f"Cambió {what} de «{now.label}»: de {_number(old)} a {_number(new)}."
        yield Difference(name, "", words, asks_again=bool(new) and is_narrower)
    if was.counting_rule != now.counting_rule:
        rule = now.counting_rule or after.counting_rule
        words = f"Los caracteres de «{now.label}» ahora se cuentan {counting_in_words(rule)}."
        yield Difference("counting", "", words, asks_again=True)


def _offered_otherwise(
    was: Question, now: Question, before: Definition, after: Definition
) -> Iterator[Difference]:
    if now.kind != QuestionKind.OPCION:
        return
    old = {option.value: option.label for option in was.options}
    new = {option.value: option.label for option in now.options}
    for value, label in new.items():
        if value not in old:
            words = f"«{now.label}» ofrece una opción más: «{label}»."
            yield Difference("option_new", "", words)
        elif old[value] != label:
            words = f"En «{now.label}», la opción «{old[value]}» ahora dice «{label}»."
            yield Difference("option_renamed", "", words)
    for value, label in old.items():
        if value not in new:
            words = f"«{now.label}» ya no ofrece la opción «{label}»."
            yield Difference("option_gone", "", words, asks_again=True)
    if _moved(list(old), list(new)):
        yield Difference("options_moved", "", f"Cambió el orden de las opciones de «{now.label}».")


def condition_in_words(condition: Condition | None, definition: Definition) -> str:
    """When a question is asked: «si en «¿Tienes X?» se respondió «Sí»»."""
    if condition is None:
        return "siempre"
    on = definition.question(condition.question)
    chosen = condition.values or condition.excluded
    labels = " o ".join(f"«{option.label}»" for option in on.options if option.value in chosen)
    given = "se respondió" if condition.values else "se respondió algo que no sea"
    return f"si en «{on.label}» {given} {labels}"


def _conditioned_otherwise(
    was: Question, now: Question, before: Definition, after: Definition
) -> Iterator[Difference]:
    if was.condition == now.condition:
        return
    when = condition_in_words(now.condition, after)
    words = f"«{now.label}» ahora se pregunta {when}."
    yield Difference("condition", "", words, asks_again=now.required)


def _shown_otherwise(
    was: Question, now: Question, before: Definition, after: Definition
) -> Iterator[Difference]:
    old = ONLY_THE_INSTITUTE if was.is_internal else USES[Role(was.role)]
    new = ONLY_THE_INSTITUTE if now.is_internal else USES[Role(now.role)]
    if old != new:
        yield Difference("use", "", f"Cambió quién ve «{now.label}»: antes, {old}; ahora, {new}.")


def _read_otherwise(
    was: Question, now: Question, before: Definition, after: Definition
) -> Iterator[Difference]:
    if not (was.is_read and now.is_read):
        return
    if was.chapter != now.chapter:
        title = after.chapter(now.chapter).title
        yield Difference("chapter", "", f"«{now.label}» ahora se lee en el capítulo «{title}».")
    if was.reading_order != now.reading_order:
        words = f"«{now.label}» se lee en otro lugar de su capítulo."
        yield Difference("reading_order", "", words)
    if was.weight != now.weight:
        how = "más" if now.weight == Weight.ALTO else "menos"
        yield Difference("weight", "", f"En la búsqueda, «{now.label}» ahora cuenta {how}.")
    if (was.facet, was.facet_label) != (now.facet, now.facet_label):
        yield Difference("facet", "", _filter_in_words(was, now))
    if was.where_found != now.where_found and was.label == now.label:
        words = f"Los resultados de la búsqueda dicen de «{now.label}»: «{now.where_found}»."
        yield Difference("where_found", "", words)
    follows_chapter = (was.comparison, now.comparison) == (was.chapter, now.chapter)
    if was.comparison != now.comparison and not follows_chapter:
        yield Difference("comparison", "", f"«{now.label}» se compara con otras respuestas.")


def _filter_in_words(was: Question, now: Question) -> str:
    if not now.facet:
        return f"«{now.label}» ya no es un filtro de la búsqueda."
    if not was.facet:
        return f"«{now.label}» ahora es un filtro de la búsqueda: «{now.facet_label}»."
    return f"El filtro de «{now.label}» ahora se llama «{now.facet_label}»."


def _of_chapters(before: Definition, after: Definition) -> Iterator[Difference]:
    old = {chapter.key: chapter for chapter in before.chapters}
    new = {chapter.key: chapter for chapter in after.chapters}
    moved = _moved(list(old), list(new))
    for key, chapter in new.items():
        if key not in old:
            words = f"Capítulo nuevo en la página de la candidatura: «{chapter.title}»."
            yield Difference("chapter_new", key, words)
            continue
        yield from _of_chapter(old[key], chapter)
        if key in moved:
            words = f"El capítulo «{chapter.title}» se lee en otro lugar de la página."
            yield Difference("chapter_moved", key, words)
    for key, chapter in old.items():
        if key not in new:
            words = f"Ya no hay capítulo «{chapter.title}» en la página de la candidatura."
            yield Difference("chapter_gone", key, words)


def _of_chapter(before: Chapter, after: Chapter) -> Iterator[Difference]:
    if before.title != after.title:
        words = f"El capítulo «{before.title}» ahora se llama «{after.title}»."
        yield Difference("chapter_renamed", after.key, words)
    if before.unanswered != after.unanswered:
        words = f"El capítulo «{after.title}» {SAID_UNANSWERED[Unanswered(after.unanswered)]}."
        yield Difference("chapter_unanswered", after.key, words)
