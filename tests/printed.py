"""The words of documents in PDF, as a program that reads them aloud finds them."""

import subprocess


def pages_of(document: bytes) -> list[str]:
    """The text of each page of a PDF; `tests/require_packages.sh` brings the program."""
    read = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=document, capture_output=True, check=True
    )
    return [page for page in read.stdout.decode().split("\f") if page.strip()]


def text_of(document: bytes) -> str:
    """The text of a PDF in one line."""
    return " ".join(" ".join(pages_of(document)).split())
