"""The simplified notice is complete, never altered, and accepted with the hash of its text."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.privacy import selectors, services
from cms.privacy.default_notice import DEFAULT_NOTICE, ensure_default_notice
from cms.privacy.models import (
    LONGEST_PART,
    NOTICE_ELEMENTS,
    NoticeAcceptance,
    SimplifiedNotice,
)
from cms.privacy.services import NoticeChanged, NoticeNotAccepted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("new_installation")]


def forget_notices() -> None:
    """Delete all notices, which no account can do: the trigger against it is off meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("alter table privacy_simplifiednotice disable trigger user")
        cursor.execute("delete from privacy_simplifiednotice")
        cursor.execute("alter table privacy_simplifiednotice enable trigger user")


@pytest.fixture
def new_installation(db: None) -> None:
    """Only the default notice in its current text, whatever the template of the tests has."""
    forget_notices()
    ensure_default_notice()


def in_force() -> SimplifiedNotice:
    notice = selectors.notice_in_force()
    assert notice is not None
    return notice


def a_notice(**changes: Any) -> SimplifiedNotice:
    return SimplifiedNotice(**{**DEFAULT_NOTICE, "in_force_from": timezone.now(), **changes})


def accept(user: Any) -> NoticeAcceptance:
    return services.accept_notice(user=user, notice_hash=selectors.notice_hash(in_force()))


def test_an_installation_begins_with_a_complete_notice_to_be_replaced() -> None:
    notice = in_force()

    assert all(getattr(notice, name).strip() for name in NOTICE_ELEMENTS)
    assert "texto de inicio" in notice.title
    assert "el Instituto lo sustituye por el suyo" in notice.responsible
    assert SimplifiedNotice.objects.count() == 1


def test_the_default_notice_is_not_written_again_after_the_institutes_own() -> None:
    a_notice(title="Aviso del Instituto").save()
    ensure_default_notice()

    assert SimplifiedNotice.objects.count() == 2
    assert in_force().title == "Aviso del Instituto"


@pytest.mark.parametrize("element", NOTICE_ELEMENTS)
@pytest.mark.parametrize("blank", ["", " \n\t"])
def test_no_element_may_be_blank(element: str, blank: str) -> None:
    notice = a_notice(**{element: blank})

    with pytest.raises(ValidationError) as refused:
        notice.full_clean()
    assert element in refused.value.message_dict
    with pytest.raises(IntegrityError, match=f"notice_says_{element}"), transaction.atomic():
        notice.save()


def test_a_notice_is_not_in_force_before_its_date() -> None:
    now = in_force()
    a_notice(title="Para mañana", in_force_from=timezone.now() + timedelta(days=1)).save()
    assert in_force() == now


def test_a_notice_is_not_in_force_before_it_was_written() -> None:
    old = a_notice(in_force_from=timezone.now() - timedelta(days=30))

    with pytest.raises(ValidationError, match="no rige hacia atrás"):
        old.full_clean()
    moment = timezone.now()
    with time_machine.travel(moment, tick=False):
        old.save()
    assert old.in_force_from == moment


def test_the_hash_covers_every_text_that_was_shown() -> None:
    same, first = selectors.notice_hash(a_notice()), selectors.notice_hash(in_force())

    assert same == first
    assert len(first) == 64
    for name in ("title", *NOTICE_ELEMENTS):
        changed = a_notice(**{name: DEFAULT_NOTICE[name] + "."})
        assert selectors.notice_hash(changed) != first


def test_an_acceptance_keeps_the_hash_the_account_and_its_capacity(liaison: Any) -> None:
    assert not selectors.has_accepted(user=liaison)
    moment = timezone.now()
    with time_machine.travel(moment, tick=False):
        acceptance = accept(liaison)

    assert selectors.has_accepted(user=liaison)
    assert acceptance.notice_hash == selectors.notice_hash(in_force())
    assert (acceptance.username, acceptance.capacity) == ("enlace.pd", "enlace")
    assert acceptance.accepted_at == moment


def test_accepting_twice_is_recorded_once(liaison: Any) -> None:
    assert accept(liaison) == accept(liaison)
    assert NoticeAcceptance.objects.count() == 1


def test_an_acceptance_does_not_count_for_another_account(liaison: Any, other_liaison: Any) -> None:
    accept(liaison)
    assert not selectors.has_accepted(user=other_liaison)


def test_a_text_that_is_not_in_force_is_not_accepted(liaison: Any) -> None:
    read = selectors.notice_hash(in_force())
    a_notice(purposes="Otras finalidades.").save()

    with pytest.raises(NoticeChanged):
        services.accept_notice(user=liaison, notice_hash=read)
    assert not NoticeAcceptance.objects.exists()


def test_a_new_notice_has_to_be_accepted_again(liaison: Any) -> None:
    accept(liaison)
    a_notice(purposes="Otras finalidades.").save()

    assert not selectors.has_accepted(user=liaison)
    with pytest.raises(NoticeNotAccepted):
        services.require_acceptance(user=liaison)


def test_without_any_notice_nothing_can_be_accepted(liaison: Any) -> None:
    forget_notices()

    assert selectors.notice_in_force() is None
    with pytest.raises(NoticeChanged):
        services.accept_notice(user=liaison, notice_hash="")
    with pytest.raises(NoticeNotAccepted):
        services.require_acceptance(user=liaison)


def test_notices_and_acceptances_are_written_once(liaison: Any) -> None:
    acceptance, notice = accept(liaison), in_force()

    with pytest.raises(TypeError, match="haz una versión nueva"):
        notice.save()
    with pytest.raises(TypeError, match="no se modifica"):
        acceptance.save()
    with pytest.raises(TypeError, match="no se elimina"):
        acceptance.delete()


@pytest.mark.parametrize(
    "statement",
    [
        "update privacy_simplifiednotice set purposes = 'Otras'",
        "update privacy_simplifiednotice set in_force_from = now() - interval '1 year'",
        "delete from privacy_simplifiednotice",
        "update privacy_noticeacceptance set notice_hash = repeat('0', 64)",
        "update privacy_noticeacceptance set accepted_at = now() - interval '1 year'",
        "delete from privacy_noticeacceptance",
    ],
)
def test_the_database_refuses_changes_that_bypass_the_models(liaison: Any, statement: str) -> None:
    accept(liaison)
    with pytest.raises(DatabaseError, match=r"never (altered|deleted)"), transaction.atomic():
        connection.cursor().execute(statement)


def test_an_acceptance_outlives_its_account_and_cannot_be_given_to_another(
    liaison: Any, other_liaison: Any
) -> None:
    accept(liaison)
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        NoticeAcceptance.objects.update(user=other_liaison)

    liaison.delete()
    kept = NoticeAcceptance.objects.get()
    assert (kept.user, kept.username) == (None, "enlace.pd")


@pytest.fixture
def admin(client: Client) -> Client:
    from cms.accounts.services import create_staff

    client.force_login(
        create_staff(username="innova.uno", role="administracion", password="palabra-de-prueba-7")
    )
    return client


def written(**changes: str) -> dict[str, str]:
    moment = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    return {**DEFAULT_NOTICE, "in_force_from": moment, **changes}


def test_the_institute_writes_its_own_notice_in_the_admin(admin: Client) -> None:
    before = in_force()
    form = admin.get(reverse("simplifiednotice:add")).context["form"]
    assert form["purposes"].value() == before.purposes

    made = admin.post(reverse("simplifiednotice:add"), written(title="Aviso del Instituto"))
    assert made.status_code == 302
    assert in_force().title == "Aviso del Instituto"
    assert SimplifiedNotice.objects.filter(pk=before.pk, title=before.title).exists()


@pytest.mark.parametrize("element", NOTICE_ELEMENTS)
def test_the_admin_refuses_a_blank_element(admin: Client, element: str) -> None:
    page = admin.post(reverse("simplifiednotice:add"), written(**{element: "  "}))

    assert element in page.context["form"].errors
    assert SimplifiedNotice.objects.count() == 1


@pytest.mark.parametrize("name", ["edit", "delete"])
def test_a_notice_is_neither_edited_nor_deleted_by_anyone(
    client: Client, superuser: Any, name: str
) -> None:
    client.force_login(superuser)
    client.post(reverse(f"simplifiednotice:{name}", args=[in_force().pk]), written(title="Otro"))

    titles = [notice.title for notice in SimplifiedNotice.objects.all()]
    assert titles == [DEFAULT_NOTICE["title"]]


def test_each_part_of_a_notice_has_a_longest_length() -> None:
    for name in NOTICE_ELEMENTS:
        field = SimplifiedNotice._meta.get_field(name).formfield()
        assert field.clean("a" * LONGEST_PART)
        with pytest.raises(ValidationError):
            field.clean("a" * (LONGEST_PART + 1))
