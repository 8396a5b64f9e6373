"""What other programs leave in cells: spreadsheet errors, codes of web pages, lost letters.

Pure functions. Only what is certainly a trace is cleaned; a lost letter cannot be restored, so it
is reported.
"""

import html
from functools import cache
from html.entities import html5
from pathlib import Path
from typing import Final

import regex

from cms.catalogs.spanish import fold

MOST_LAYERS: Final = 4
_TAGS: Final = (
    "a|abbr|address|article|b|big|blockquote|body|br|caption|center|cite|code|col|colgroup|dd|del"
    "|div|dl|dt|em|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label"
    "|li|link|main|mark|meta|nav|object|ol|option|p|pre|q|s|script|section|select|small|span"
    "|strike|strong|style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|video"
    "|[ovw]:[a-z]+|st1:[a-z]+|!doctype"
)
_TAG = regex.compile(rf"<(/?)({_TAGS})(?:[\s/][^<>]*)?>", regex.IGNORECASE)
_LINES: Final = regex.compile(
    r"br|p|div|li|tr|hr|h[1-6]|ul|ol|table|section|article|blockquote|dd|dt", regex.IGNORECASE
)
_BLANK: Final = regex.compile(r"td|th|option|label", regex.IGNORECASE)
_UNSEEN = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"), ("<![cdata[", "]]>"))
_ENTITY = regex.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_CODE = regex.compile(r"_x([0-9a-fA-F]{4})_")
_MAY_HAVE_TRACES = regex.compile(r"&[#a-zA-Z]|<[a-zA-Z/!]|_x[0-9a-fA-F]{4}_")

# What spreadsheets write instead of a value that they cannot compute, in English and in Spanish.
_ERROR = regex.compile(
    r"[#¡¿\s]*#\s?[¿¡]?\s?(?:name|nombre|ref|value|valor|div/0|num|núm|null|nulo|n/a|n/d|spill"
    r"|desbordamiento|calc|c[aá]lc|field|campo|blocked|bloqueado|busy|ocupado|connect|conectar"
    r"|unknown|desconocido|getting_data|obteniendo_datos|python|external|timeout|error)[!?]*"
    r"|#{3,}|Err:\s?\d{3}|#ERROR!?",
    regex.IGNORECASE,
)
# «MU?IZ» and «ni?os» lost a letter; «qué?Porque» only lacks a blank.
_TEXT_FORMULA = regex.compile(r'\s*="([^"]*)"\s*')
_LOST = regex.compile(r"(?<=\p{Ll})\?(?=\p{Ll})|(?<=\p{Lu})\?(?=\p{L})")
# One half of «Á» or «Í» encoded twice; the other half has no sign in Windows-1252. Not «JOÃO».
_LONE = regex.compile(r"Ã(?![OE])")
_ADDRESS = regex.compile(r"\S*(?:://|www\.|[@=/])\S*")
_WORD = regex.compile(r"[\p{L}\p{M}?\uFFFD]+")
# Without one of these no letter was lost.
_MAY_HAVE_LOST = regex.compile(r"[?\uFFFDÃ]")


def spreadsheet_error(cell: str) -> bool:
    """Whether a cell holds nothing but the error of a formula, like «#NAME?» or «#¡REF!»."""
    return len(cell) < 60 and _ERROR.fullmatch(cell.strip()) is not None


def without_traces(cell: str) -> tuple[str, list[str]]:
    """A cell without the codes of other programs, and which codes it had.

    `_x000D_` is a character that Excel wrote as a code; `&amp;` and `<br>` come from a web page.
    """
    found: dict[str, None] = {}
    text = cell
    for _ in range(MOST_LAYERS):
        if not _MAY_HAVE_TRACES.search(text):
            break
        before = text
        text = _without_tags(_without_unseen(text, found), found)
        text = _decoded(text, found)
        if text == before:
            break
    return text, list(found)


def without_text_signs(cell: str) -> tuple[str, list[str]]:
    """A short cell without the signs that tell a spreadsheet «this is text»: «'044», «="044"»."""
    formula = _TEXT_FORMULA.fullmatch(cell)
    if formula:
        return formula[1], ['=""']
    if cell.startswith("'") and "'" not in cell[1:] and cell[1:2].isalnum():
        return cell[1:], ["'"]
    return cell, []


def _without_unseen(text: str, found: dict[str, None]) -> str:
    """A text without comments, scripts and styles, whose content was never meant to be read."""
    for start, end in _UNSEEN:
        pieces, at, lowered = [], 0, text.lower()
        while (begins := lowered.find(start, at)) >= 0:
            ends = lowered.find(end, begins)
            if ends < 0:
                break
            found.setdefault(f"{start}…{end}")
            pieces.append(text[at:begins])
            at = ends + len(end)
        text = " ".join([*pieces, text[at:]]) if pieces or at else text
    return text


def _without_tags(text: str, found: dict[str, None]) -> str:
    def replace(match: regex.Match[str]) -> str:
        name = match[2]
        found.setdefault(f"<{match[1]}{name}>")
        if _LINES.fullmatch(name):
            return "\r"  # with a line end that follows it is one
        return " " if _BLANK.fullmatch(name) else ""

    return _TAG.sub(replace, text)


def _decoded(text: str, found: dict[str, None]) -> str:
    def entity(match: regex.Match[str]) -> str:
        if not match[1].startswith("#") and f"{match[1]};" not in html5:
            return match[0]
        found.setdefault(match[0])
        return html.unescape(match[0]).replace("\u00a0", " ")

    def code(match: regex.Match[str]) -> str:
        found.setdefault(match[0])
        return chr(int(match[1], 16))

    return _CODE.sub(code, _ENTITY.sub(entity, text))


@cache
def _accented_names() -> frozenset[str]:
    """Frequent names with letters that files lose, in capitals."""
    text = Path(__file__).with_name("accented_names.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def lost_letters(cell: str, *, name: bool = False) -> list[tuple[str, str]]:
    """The words of a cell that lost a letter, each with the name that it probably was.

    «MU?IZ» was «MUÑIZ», and so was «MU\ufffdIZ»; in «DÃVILA» the Á was encoded twice and lost one
    half. The probable name is empty unless exactly one frequent name fits. With `name`, the cell is
    the name of a person, in which every «?» is a lost letter.
    """
    if not _MAY_HAVE_LOST.search(cell):
        return []
    found = []
    for match in _WORD.finditer(_ADDRESS.sub(" ", cell)):
        marked = _LONE.sub("\ufffd", _LOST.sub("\ufffd", match[0]))
        if name:
            marked = marked.replace("?", "\ufffd")
        if "\ufffd" in marked:
            found.append((match[0], _probable(marked)))
    return found


def with_lone_halves(cell: str) -> str:
    """A cell in which words like «DÃVILA» are replaced by the only frequent name that fits."""
    halves = [(word, name) for word, name in lost_letters(cell) if "Ã" in word and name]
    for word, probable in halves:
        cell = cell.replace(word, probable)
    return cell


def _probable(word: str) -> str:
    """The only frequent name that fits a word with lost letters (U+FFFD), in the word's case."""
    if word.count("\ufffd") > 2 or len(word) > 30:
        return ""
    fitting = {
        name
        for name in _accented_names()
        if len(name) == len(word)
        and all(
            not other.isascii() if char == "\ufffd" else fold(char) == fold(other)
            for char, other in zip(word, name, strict=True)
        )
    }
    if len(fitting) != 1:
        return ""
    (name,) = fitting
    return name if word.replace("\ufffd", "").isupper() else name.capitalize()
