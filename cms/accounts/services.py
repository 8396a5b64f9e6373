"""Making accounts and changing their roles. Each gets exactly what its role needs."""

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from cms.accounts import audit, open_sessions, permissions, throttle, told
from cms.accounts.groups import GROUP_OF_ROLE, group_of
from cms.accounts.models import CAPTURE_ROLES, ActorScope, Role, User
from cms.catalogs.models import PoliticalActor


@transaction.atomic
def create_liaison(
    *,
    username: str,
    actors: Iterable[PoliticalActor],
    password: str | None = None,
    by: User | None = None,
) -> User:
    """Make the account of an actor's liaison; without a password it cannot sign in yet."""
    user = User.objects.create_user(username=username, password=password)
    set_role(user=user, role=Role.LIAISON, actors=actors)
    audit.record(audit.Event.MADE, account=user, by=by, role=user.role)
    return user


@transaction.atomic
def create_staff(
    *, username: str, role: str, password: str | None = None, by: User | None = None
) -> User:
    """Make the account of a person of the institute, in the CMS group of the role.

    Raises: ValueError for a role that is not of the institute.
    """
    if role not in GROUP_OF_ROLE:
        raise ValueError(f"«{role}» no es una función del Instituto")
    user = User.objects.create_user(username=username, password=password)
    set_role(user=user, role=role)
    audit.record(audit.Event.MADE, account=user, by=by, role=user.role)
    return user


@transaction.atomic
def create_candidate(*, username: str) -> User:
    """Make the account of a candidacy, which cannot sign in before somebody activates it."""
    user = User.objects.create_user(username=username, password=None)
    set_role(user=user, role=Role.CANDIDATE)
    return user


@transaction.atomic
def close_accounts(*, users: Collection[User], by: User | None, because: str) -> None:
    """Close accounts at once: their sessions end with the next request, and nothing signs them in.

    Args:
        because: the cause as a word of the program.
    """
    for user in users:
        user.is_active = False
        user.set_unusable_password()
    User.objects.bulk_update(users, ["is_active", "password"])
    closed = [(user, {"because": because}) for user in users]
    audit.record_all(audit.Event.REVOKED, closed, by=by, at=timezone.now())


@transaction.atomic
def set_role(*, user: User, role: str, actors: Iterable[PoliticalActor] = ()) -> None:
    """Give an account a role, only the group of that role, and exactly these scopes."""
    user.role = role
    user.is_superuser = user.is_superuser and role not in CAPTURE_ROLES
    user.save(update_fields=["role", "is_superuser"])
    group = group_of(role)
    user.groups.set([group] if group is not None else [])
    user.scopes.all().delete()
    ActorScope.objects.bulk_create(ActorScope(user=user, actor=actor) for actor in actors)


# What people change in their own account. The views ask for a fresh proof before.


@transaction.atomic
def change_own_password(*, user: User, password: str) -> None:
    """Give oneself another password. The view lets its own session live on.

    Raises: ValidationError for a password that is too easy to guess.
    """
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    told.tell(audit.record(audit.Event.PASSWORD_CHANGED, account=user, by=user, way="mi cuenta"))


@transaction.atomic
def change_password_from_server(*, user: User, password: str) -> None:
    """Whoever operates the server gives an account another password. Every session ends.

    Raises: ValidationError for a password that is too easy to guess.
    """
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    open_sessions.end_all(user=user, by=None)
    event = audit.record(audit.Event.PASSWORD_CHANGED, account=user, by=None, way=audit.SERVER)
    told.tell(event)


@transaction.atomic
def change_own_email(*, user: User, email: str) -> None:
    """Change the address to which links and notices go. The audit keeps neither address.

    `new_email` sees to it that it is the owner's.
    """
    before, user.email = user.email, email
    user.save(update_fields=["email"])
    event = audit.record(audit.Event.EMAIL_CHANGED, account=user, by=user)
    told.tell_the_former_address(event, before)


# How the fields of the form of an account are told in the audit.
_OF_A_FIELD = {
    "role": audit.Event.ROLE_CHANGED,
    "actors": audit.Event.ROLE_CHANGED,
    "password1": audit.Event.PASSWORD_CHANGED,
    "email": audit.Event.EMAIL_CHANGED,
}


@transaction.atomic
def note_changes(*, user: User, changed: set[str], by: Any) -> None:
    """Write down what an administrator changed in somebody's account, and tell its owner.

    Args:
        changed: names of fields of the form. Their values are nobody's business in the audit.
    """
    events = {_OF_A_FIELD.get(name, audit.Event.CHANGED) for name in changed - {"password2"}}
    if "is_active" in changed:
        events.discard(audit.Event.CHANGED)
        events.add(audit.Event.REACTIVATED if user.is_active else audit.Event.DEACTIVATED)
    ways = {
        audit.Event.ROLE_CHANGED: {"role": user.role},
        audit.Event.PASSWORD_CHANGED: {"way": "por administracion"},
    }
    for event in sorted(events):
        told.tell(audit.record(event, account=user, by=by, **ways.get(event, {})))


@transaction.atomic
def give_attempts_back(*, user: User, by: Any) -> None:
    """Let an account try again from new places. What each place itself has spent stays spent.

    Raises: permissions.NotAnAdministrator.
    """
    permissions.require_administration(by)
    throttle.let_in_again(user)
    audit.record(audit.Event.LET_IN, account=user, by=by)
