"""Which encoding a client gets, and that what was compressed is the same text."""

import gzip

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from conoceles_site.encodings import compress, decompress, negotiate

ENCODINGS = ("br", "zstd", "gzip", "identity")
PAGE = (
    "<li><a href='/candidaturas/1/'>Noé Pinabete</a> pide tu voto: ¿qué propone?</li>" * 600
).encode()


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip,zstd", "zstd"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("deflate", "identity"),
        ("", "identity"),
        (" , ,", "identity"),
    ],
)
def test_of_what_a_client_accepts_the_one_that_is_made_soonest_is_taken(header, encoding) -> None:
    assert negotiate(header) == encoding


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0.5, zstd;q=0.7, gzip;q=0.6", "zstd"),
        ("br ; q=1.000 , gzip;Q=1", "br"),
        ("br;q=0.001", "br"),
        ("br;q=0, gzip;q=0.000", "identity"),
        ("br;q=0., gzip", "gzip"),
        ("identity, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip", "gzip"),
        ("identity, gzip", "gzip"),
        ("gzip, gzip;q=0", "identity"),
    ],
)
def test_what_a_client_likes_better_comes_first(header, encoding) -> None:
    assert negotiate(header) == encoding


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("*", "zstd"),
        ("*;q=0", "identity"),
        ("zstd;q=0, *", "br"),
        ("gzip, *;q=0.1", "gzip"),
        ("gzip;q=0.5, *;q=0", "gzip"),
        ("identity;q=0, *", "zstd"),
        ("identity;q=1, *;q=0.5", "identity"),
    ],
)
def test_the_asterisk_stands_for_whatever_is_not_named(header, encoding) -> None:
    assert negotiate(header) == encoding


@pytest.mark.parametrize("header", ["identity;q=0", "identity;q=0, br;q=0", "*;q=0, identity;q=0"])
def test_where_nothing_is_acceptable_the_answer_is_plain_text(header) -> None:
    assert negotiate(header) == "identity"


@pytest.mark.parametrize(
    "junk",
    [
        "br;q=2",
        "br;q=-1",
        "br;q=",
        "br;q=abc",
        "br;q=0.1234",
        "br;q=1.5",
        "br;q=nan",
        "br;nivel=11",
        "br gzip",
        "br;q=0.5;q=1",
        "br;",
        "bг",
        "ＢＲ",
        "\x00br",
    ],
)
def test_entries_that_are_not_well_formed_do_not_count(junk) -> None:
    assert negotiate(junk) == "identity"
    assert negotiate(f"{junk}, gzip;q=0.5") == "gzip"


def test_a_header_that_no_browser_sends_takes_no_memory() -> None:
    assert negotiate("gzip, " + "a" * 60_000) == "identity"


@given(st.text(max_size=300))
def test_any_header_is_answered_with_an_encoding(header) -> None:
    assert negotiate(header) in ENCODINGS


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("body", [b"", b"a", PAGE], ids=["empty", "letter", "page"])
def test_the_compressed_body_is_the_same_text(encoding, body) -> None:
    assert decompress(compress(body, encoding), encoding) == body


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip"])
def test_a_page_gets_smaller_and_is_compressed_always_alike(encoding) -> None:
    once = compress(PAGE, encoding)
    assert len(once) < len(PAGE) / 10
    assert compress(PAGE, encoding) == once


def test_any_client_of_the_format_can_read_it() -> None:
    assert brotli.decompress(compress(PAGE, "br")) == PAGE
    assert gzip.decompress(compress(PAGE, "gzip")) == PAGE
    frame = compress(PAGE, "zstd")
    # Browsers refuse windows of more than 8 MB.
    assert zstandard.get_frame_parameters(frame).window_size <= 8 * 1024 * 1024
    assert zstandard.ZstdDecompressor().decompress(frame) == PAGE


@pytest.mark.parametrize("encoding", ["deflate", "", "BR"])
def test_an_encoding_that_is_not_ours_is_an_error(encoding) -> None:
    with pytest.raises(KeyError):
        compress(PAGE, encoding)
    with pytest.raises(KeyError):
        decompress(PAGE, encoding)
