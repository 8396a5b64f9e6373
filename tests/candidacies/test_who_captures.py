"""Lists, checks and services agree on who may capture a candidacy."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, transaction

from cms.accounts.models import AccountEvent, Role, User
from cms.accounts.services import set_role
from cms.candidacies.permissions import NotYourCandidacy, require_capture
from cms.candidacies.selectors import capturable_by, capturers_of, in_ballot_order
from cms.candidacies.services import give_own_account, revoke_own_accounts
from cms.capture.own_list import own_list
from cms.capture.selectors import may_see, own_candidacy


def captures(user: Any, candidacy: Any) -> bool:
    """Whether the queryset lets an account capture, after asserting that the checks agree."""
    is_listed = capturable_by(user).filter(pk=candidacy.pk).exists()
    assert (own_candidacy(user, candidacy.pk) is not None) == is_listed
    assert may_see(user, {"candidacy_id": candidacy.pk}) == is_listed
    assert (candidacy.pk in {row.candidacy.pk for row in own_list(user).rows}) == is_listed
    assert (user in capturers_of(candidacy)) == is_listed
    if is_listed:
        require_capture(user, candidacy)
    else:
        with pytest.raises(NotYourCandidacy):
            require_capture(user, candidacy)
    return is_listed


def test_the_liaison_of_the_actor_captures(
    make_candidacy: Any, liaison: Any, other_liaison: Any
) -> None:
    candidacy = make_candidacy()
    assert captures(liaison, candidacy)
    assert not captures(other_liaison, candidacy)


def test_the_responsible_party_of_a_coalition_captures_as_well_as_the_coalition(
    make_candidacy: Any, liaison: Any, other_liaison: Any, actor: Any, other_actor: Any
) -> None:
    named = make_candidacy(actor=other_actor, responsible_actor=actor)
    unnamed = make_candidacy(name="Otra Sauz Nogal", actor=other_actor)
    assert captures(liaison, named)
    assert captures(other_liaison, named)
    assert not captures(liaison, unnamed)
    assert captures(other_liaison, unnamed)


def test_a_liaison_of_both_sees_the_candidacy_once(
    make_candidacy: Any, liaison: Any, actor: Any, other_actor: Any
) -> None:
    set_role(user=liaison, role=Role.LIAISON, actors=[actor, other_actor])
    make_candidacy(actor=other_actor, responsible_actor=actor)
    assert capturable_by(liaison).count() == 1


def test_staff_do_not_capture_even_if_they_were_given_a_scope(
    make_candidacy: Any, validator: Any, superuser: Any, actor: Any
) -> None:
    candidacy = make_candidacy()
    for user in (validator, superuser):
        user.scopes.create(actor=actor)
        assert not captures(user, candidacy)


@pytest.mark.parametrize("change", ["left", "another role", "without the scope"])
def test_the_stored_account_counts_and_not_the_instance_that_was_read_before(
    make_candidacy: Any, liaison: Any, change: str
) -> None:
    candidacy = make_candidacy()
    stored = type(liaison).objects.get(pk=liaison.pk)
    if change == "left":
        stored.is_active = False
        stored.save()
    elif change == "another role":
        stored.role = Role.OBSERVER
        stored.save()
    else:
        stored.scopes.all().delete()

    assert not captures(liaison, candidacy)


def test_an_anonymous_visitor_captures_nothing(make_candidacy: Any) -> None:
    candidacy = make_candidacy()
    assert not capturable_by(AnonymousUser()).exists()
    with pytest.raises(NotYourCandidacy):
        require_capture(AnonymousUser(), candidacy)


def test_the_list_and_the_check_take_one_query_each(
    make_candidacy: Any, liaison: Any, django_assert_num_queries: Any
) -> None:
    candidacy = make_candidacy()
    with django_assert_num_queries(1):
        require_capture(liaison, candidacy)
    with django_assert_num_queries(1):
        assert [found.actor.key for found in in_ballot_order(capturable_by(liaison))] == ["pd"]


def test_the_account_of_a_candidacy_captures_that_candidacy_until_it_is_closed(
    make_candidacy: Any, validator: Any
) -> None:
    candidacy, other = make_candidacy(), make_candidacy(name="Otra Sauz Nogal")
    own = give_own_account(candidacy=candidacy, username="candidatura-1", by=validator)
    assert captures(own, candidacy)
    assert not captures(own, other)

    assert revoke_own_accounts(candidacies=[candidacy], by=validator, because="renuncia")

    assert not captures(own, candidacy)
    events = AccountEvent.objects.filter(account=own.pk).order_by("pk")
    assert [(row.event, row.by_name) for row in events] == [
        ("creada", validator.username),
        ("revocada", validator.username),
    ]


def test_what_was_done_to_accounts_outlives_them_and_is_never_altered(
    make_candidacy: Any, validator: Any
) -> None:
    own = give_own_account(candidacy=make_candidacy(), username="candidatura-1", by=validator)
    User.objects.filter(pk=own.pk).delete()
    [event] = AccountEvent.objects.filter(account_name="candidatura-1")

    with pytest.raises(ProgrammingError), transaction.atomic():
        AccountEvent.objects.filter(pk=event.pk).update(account_name="otra")
    with pytest.raises(ProgrammingError), transaction.atomic():
        event.delete()
