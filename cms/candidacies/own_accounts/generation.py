"""Making the accounts of candidacies, many at a time."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db.models import Exists, OuterRef, QuerySet

from cms.accounts import audit
from cms.accounts.models import Role, User
from cms.candidacies.models import CandidacyPage, CandidateAccount
from cms.candidacies.own_accounts.names import new_names
from cms.catalogs.models import CandidacyState


def without_account(process_id: int) -> QuerySet[CandidacyPage]:
    """The active candidacies of a process that have no account in force."""
    own = CandidateAccount.objects.filter(candidacy=OuterRef("pk"), revoked_at=None)
    found: QuerySet[CandidacyPage] = CandidacyPage.objects.filter(
        ~Exists(own), process=process_id, state=CandidacyState.ACTIVE
    )
    return found


def make_accounts(
    candidacies: Sequence[CandidacyPage], *, at: datetime, by: User | None
) -> list[User]:
    """Make the account of each candidacy, which nobody can use before it is activated.

    It does in bulk what `candidacies.services.give_own_account` does for one, and takes over the
    e-mail of the person. The caller has locked the candidacies and checked who asks.

    Raises: django.db.IntegrityError, if a candidacy has an account in force.
    """
    names = new_names(len(candidacies))
    users = User.objects.bulk_create(
        User(
            username=name,
            email=candidacy.person.email,
            password=make_password(None),
            role=Role.CANDIDATE,
            date_joined=at,
        )
        for name, candidacy in zip(names, candidacies, strict=True)
    )
    pairs = list(zip(users, candidacies, strict=True))
    CandidateAccount.objects.bulk_create(
        CandidateAccount(user=user, candidacy=candidacy, made_at=at) for user, candidacy in pairs
    )
    audit.record_all(
        audit.Event.MADE,
        [(user, {"candidacy": candidacy.pk}) for user, candidacy in pairs],
        by=by,
        at=at,
    )
    return users
