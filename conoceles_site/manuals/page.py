"""A manual as HTML: written by markdown-it from our own files, with raw HTML shown as text."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from conoceles_site.manuals.reading import PARSER, Picture, Read

# Pictures are taken with twice the pixels of the screen that they show.
PIXELS: Final = 2
ELSEWHERE_OR_HERE: Final = ("https://", "mailto:", "#")


class _Renderer(RendererHTML):
    """The usual HTML, with our pictures, links and tables.

    Each method is called by its name with the tokens and the place of the one to write.
    """

    def __init__(self, pictures: Sequence[Picture], readable: Collection[str]) -> None:
        super().__init__()
        self.pictures = {picture.name: picture for picture in pictures}
        self.readable = readable
        self.open_links: list[bool] = []
        self.tables = 0

    def heading_open(self, tokens: Sequence[Token], idx: int, *_rest: Any) -> str:
        # The title of the manual is written by the template.
        return format_html('<{} id="{}">', tokens[idx].tag, tokens[idx].attrs["id"])

    def image(self, tokens: Sequence[Token], idx: int, *_rest: Any) -> str:
        token = tokens[idx]
        picture = self.pictures[str(token.attrs["src"]).removeprefix("imagenes/")]
        return format_html(
            '<img class="manual-picture" src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
            reverse("manuals:picture", args=[picture.name.removesuffix(".webp")]),
            picture.alt,
            picture.width // PIXELS,
            picture.height // PIXELS,
        )

    def link_open(self, tokens: Sequence[Token], idx: int, *_rest: Any) -> str:
        address = self._address(str(tokens[idx].attrs["href"]))
        self.open_links.append(bool(address))
        return format_html('<a href="{}">', address) if address else ""

    def link_close(self, *_rest: Any) -> str:
        return "</a>" if self.open_links.pop() else ""

    def table_open(self, *_rest: Any) -> str:
        self.tables += 1
        return format_html(
            '<div class="manual-table" role="region" aria-label="Tabla {}" tabindex="0"><table>',
            self.tables,
        )

    def table_close(self, *_rest: Any) -> str:
        return "</table></div>"

    def th_open(self, *_rest: Any) -> str:
        return '<th scope="col">'

    def td_open(self, *_rest: Any) -> str:
        return "<td>"

    def _address(self, written: str) -> str:
        """Where a link leads; nothing where this reader has no such page: its words stay."""
        if written.startswith(ELSEWHERE_OR_HERE):
            return written
        name, _sharp, anchor = written.partition("#")
        slug = name.removesuffix(".md")
        if not name.endswith(".md") or slug not in self.readable:
            return ""
        return reverse("manuals:manual", args=[slug]) + (f"#{anchor}" if anchor else "")


def html_of(manual: Read, *, readable: Collection[str]) -> SafeString:
    """The contents below the title.

    Args:
        readable: the names of the manuals to which links may lead.
    """
    renderer = _Renderer(manual.pictures, readable)
    # The title: opening, text and closing.
    written = renderer.render(list(manual.tokens[3:]), PARSER.options, {})
    return mark_safe(written)  # noqa: S308 (the parser and the methods above escape every text)
