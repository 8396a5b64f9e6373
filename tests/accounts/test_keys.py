"""CONOCELES_ENCRYPTION_KEY: used, changed without losing anything, refused when it is weak."""

import secrets
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from time_machine import travel

from cms.accounts.keys import Unreadable, fingerprint, seal, unseal
from conoceles_site.settings.encryption import parsed

OLD, NEW = secrets.token_urlsafe(50), secrets.token_urlsafe(50)


def test_what_is_sealed_is_read_for_its_purpose_alone(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = seal("uno", "peyote")
    assert "peyote" not in sealed
    assert unseal("uno", sealed) == "peyote"
    for purpose, value in (("dos", sealed), ("uno", sealed[:-1]), ("uno", ""), ("uno", "ñ")):
        with pytest.raises(Unreadable):
            unseal(purpose, value)


def test_a_new_key_before_the_old_one_opens_both_and_seals_with_the_new(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    before = seal("uno", "peyote")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert unseal("uno", before) == "peyote"
    after = seal("uno", "peyote")
    settings.ENCRYPTION_KEYS = [NEW]
    assert unseal("uno", after) == "peyote"
    with pytest.raises(Unreadable):
        unseal("uno", before)


def test_what_is_sealed_may_grow_old(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = seal("uno", "peyote")
    with travel(timezone.now() + timedelta(hours=2)), pytest.raises(Unreadable):
        unseal("uno", sealed, max_age=timedelta(hours=1))


def test_a_fingerprint_needs_the_key_and_tells_lists_apart(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    assert fingerprint("uno", "ab", "c") != fingerprint("uno", "a", "bc")
    first = fingerprint("uno", "198.51.100.9")
    settings.ENCRYPTION_KEYS = [NEW]
    assert first != fingerprint("uno", "198.51.100.9")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("corta", "La clave 1"),
        ("y" * 60, "La clave 1"),
        (f"{OLD},abc123", "La clave 2"),
        (f"{OLD},", "coma de más"),
        (f"{OLD},{OLD}", "repite una clave"),
        ("build", "token_urlsafe"),
    ],
    ids=["short", "one letter", "second too short", "comma too many", "twice", "of the build"],
)
def test_a_key_that_somebody_could_guess_is_refused_and_not_quoted(value, said):
    with pytest.raises(ImproperlyConfigured) as refused:
        parsed(value)
    assert said in str(refused.value)
    assert value not in str(refused.value)


def test_several_good_keys_are_taken_in_their_order():
    assert parsed(f" {NEW} , {OLD} ") == [NEW, OLD]
