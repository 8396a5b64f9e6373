"""Reads a manual: its title, its contents, its pictures, and its blocks as the printer takes them.

What is in bold is on a screen: a button, a menu, a field. `tests/site/test_manuals_words.py` checks
that it still is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from PIL import Image

FOLDER: Final = Path(__file__).parents[2] / "docs" / "manuales"
PICTURES: Final = FOLDER / "imagenes"
# Raw HTML is shown as text: whatever a file says, no page gets markup that is not made here.
PARSER: Final = MarkdownIt("commonmark", {"html": False}).enable("table")
# Narrower pictures show a telephone.
WIDEST_TELEPHONE: Final = 900
# Pixels: 260 for each inch of the width that a telephone has on paper.
TELEPHONE_ON_PAPER: Final = (540, 2000)
QUALITY_ON_PAPER: Final = 78
Block = dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """A picture of a manual: its file, what it shows in words, and its size in pixels."""

    name: str
    alt: str
    width: int
    height: int

    @property
    def path(self) -> Path:
        return PICTURES / self.name

    @property
    def is_of_telephone(self) -> bool:
        return self.width < WIDEST_TELEPHONE

    @property
    def name_on_paper(self) -> str:
        return f"{self.path.stem}.jpg"

    def on_paper(self) -> bytes:
        """The picture as a document holds it: WebP would be stored there many times as large."""
        written = BytesIO()
        with Image.open(self.path) as stored:
            picture = stored.convert("RGB")
            if self.is_of_telephone:
                picture.thumbnail(TELEPHONE_ON_PAPER)
            picture.save(written, "JPEG", quality=QUALITY_ON_PAPER, optimize=True)
        return written.getvalue()


@dataclass(frozen=True)
class Read:
    """A manual that was read.

    Attributes:
        title: its first heading. contents: (anchor, heading) of each section, in order.
        named: everything in bold. blocks: for the printer. tokens: for the page.
    """

    title: str
    contents: tuple[tuple[str, str], ...]
    pictures: tuple[Picture, ...]
    named: tuple[str, ...]
    blocks: tuple[Block, ...]
    tokens: tuple[Token, ...]
    changed_at: float


@cache  # As many as there are manuals; they change with the release.
def read(slug: str) -> Read:
    """A manual by its name. Raises FileNotFoundError."""
    path = FOLDER / f"{slug}.md"
    tokens = PARSER.parse(path.read_text(encoding="utf-8"))
    tree = SyntaxTreeNode(tokens)
    headings = [node for node in tree.children if node.type == "heading"]
    pictures = tuple(_picture(node) for node in tree.walk() if node.type == "image")
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slugify(following.content))
    stamps = [path.stat().st_mtime, *(picture.path.stat().st_mtime for picture in pictures)]
    return Read(
        title=_words(headings[0]),
        contents=tuple(
            (slugify(_source(node)), _words(node)) for node in headings if node.tag == "h2"
        ),
        pictures=pictures,
        named=tuple(_words(node) for node in tree.walk() if node.type == "strong"),
        blocks=tuple(_block(node) for node in tree.children),
        tokens=tuple(tokens),
        changed_at=max(stamps),
    )


def _source(heading: SyntaxTreeNode) -> str:
    return heading.children[0].content


def _words(node: SyntaxTreeNode) -> str:
    """The text of a node, without its marks."""
    texts = (
        " " if inner.type == "softbreak" else inner.content
        for inner in node.walk()
        if inner.type in {"text", "code_inline", "softbreak"}
    )
    return "".join(texts).strip()


@cache  # As many as there are pictures.
def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def _picture(node: SyntaxTreeNode) -> Picture:
    name = str(node.attrs["src"]).removeprefix("imagenes/")
    return Picture(name, _words(node), *_size(PICTURES / name))


# -- blocks for the printer -----------------------------------------------------------------------


def _block(node: SyntaxTreeNode) -> Block:
    """A block: a dictionary with its kind, and what it holds.

    Raises: ValueError, for markup that the printer has no words for.
    """
    children: Sequence[SyntaxTreeNode] = node.children
    match node.type:
        case "heading":
            return {"kind": "heading", "level": int(node.tag[1:]), "words": _inline(children[0])}
        case "paragraph":
            only = children[0].children
            if [inner.type for inner in only] == ["image"]:
                picture = _picture(only[0])
                return {
                    "kind": "picture",
                    "name": picture.name_on_paper,
                    "alt": picture.alt,
                    "narrow": picture.is_of_telephone,
                }
            return {"kind": "paragraph", "words": _inline(children[0])}
        case "bullet_list" | "ordered_list":
            items = [[_block(inner) for inner in item.children] for item in children]
            return {"kind": "list", "numbered": node.type == "ordered_list", "items": items}
        case "blockquote":
            return {"kind": "note", "blocks": [_block(inner) for inner in children]}
        case "table":
            rows = [
                [_inline(cell.children[0]) if cell.children else [] for cell in row.children]
                for part in children
                for row in part.children
            ]
            return {"kind": "table", "header": rows[0], "rows": rows[1:]}
    raise ValueError(f"manuals have no {node.type}")


def _inline(node: SyntaxTreeNode) -> list[dict[str, str]]:
    """Pieces of text: how each is written, its words, and where a link leads."""
    return list(_pieces(node, "plain"))


def _pieces(node: SyntaxTreeNode, how: str) -> Iterator[dict[str, str]]:
    for inner in node.children:
        match inner.type:
            case "text":
                yield {"how": how, "words": inner.content}
            case "softbreak" | "hardbreak":
                yield {"how": how, "words": " "}
            case "code_inline":
                yield {"how": "code", "words": inner.content}
            case "strong" | "em":
                yield from _pieces(inner, inner.type)
            case "link":
                yield {"how": "plain", "words": _words(inner)}
            case _:
                raise ValueError(f"manuals have no {inner.type} in a line")
