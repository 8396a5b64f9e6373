"""Reads and writes `addresses.txt`: what every address answers to every role."""

from pathlib import Path

from tests.security.scene import ROLES

FILE = Path(__file__).with_name("addresses.txt")
Rows = dict[str, tuple[str, str]]
HEAD = """\
# What each address answers to each role, asked with GET and with POST. ADR 0020.
# A line that moves to another group is a permission that changes: review it as one. Test:
# tests/security/test_walk.py; WRITE_ADDRESSES=1 writes this file anew from what was answered.
#
# Columns: {roles}
# o  shown or done           r  led elsewhere          e  led to sign in
# h  refused, led home       f  refused (403)          n  does not exist for this role (404)
# m  not with this method    a  signed out (401)       b  not understood (400)
# c  moved meanwhile (409)   g  gone (410)             u  not accepted (422)
# l  too many (429)          -  not asked
"""


def written(rows: Rows) -> str:
    """The text of the file: addresses with the same answers form a group."""
    groups: dict[tuple[str, str], list[str]] = {}
    for name, answers in rows.items():
        groups.setdefault(answers, []).append(name)
    parts = [HEAD.format(roles=" ".join(ROLES))]
    for (looked, sent), names in groups.items():
        lines = "".join(f"    {name}\n" for name in names)
        parts.append(f"GET {' '.join(looked)}   POST {' '.join(sent)}\n{lines}")
    return "\n".join(parts)


def read() -> Rows:
    """Address → (answers to GET, answers to POST), a letter for each role."""
    rows: Rows = {}
    answers = ("", "")
    for line in FILE.read_text().splitlines():
        if line.startswith("GET "):
            looked, _space, sent = line.removeprefix("GET ").partition("   POST ")
            answers = (looked.replace(" ", ""), sent.replace(" ", ""))
            assert {len(letters) for letters in answers} == {len(ROLES)}, line
        elif line.startswith("    "):
            assert line.strip() not in rows, f"twice: {line.strip()}"
            rows[line.strip()] = answers
    return rows
