"""What the manuals show and the demonstration lacks: terms, accounts on their way, questions."""

import time
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from cms.accounts import activation
from cms.accounts.activation_mail import NOTIFICATION
from cms.accounts.activation_models import ActivationLink, Way
from cms.accounts.factors import set_up_codes
from cms.accounts.models import User
from cms.candidacies import people
from cms.candidacies.models import CandidacyPage
from cms.candidacies.own_accounts import generation, receipts, runs, selectors
from cms.candidacies.own_accounts.models import AccountRun, Arrival, RunState
from cms.candidacies.services import give_own_account
from cms.capture.advice import services as advice
from cms.capture.models import Topic
from cms.catalogs.models import PortalSettings, Process
from cms.demo.accounts import secret_of
from cms.notifications.models import Notification
from cms.portal.models import NewsPage
from cms.privacy.selectors import notice_hash, notice_in_force
from cms.privacy.services import accept_notice
from cms.questionnaires.models import Questionnaire, QuestionnaireState, Submission
from conoceles_site.manual_pictures.screens import (
    ADMINISTRATOR,
    CANDIDATE,
    INTERNAL_BODY,
    LATE,
    LIAISON,
    PASSPHRASE,
)

ACTOR: Final = "PAN"
# How far the first accounts of the list are, in its order.
ON_THEIR_WAY: Final = (
    "activated",
    "mailed",
    "received",
    "printed",
    "expired",
    "activated",
    "mailed",
    "made",
    "revoked",
    "activated",
    "printed",
    "mailed",
)
RUN_SECONDS: Final = 300
Places = dict[str, int | str]


def prepare() -> Places:
    """Complete the demonstration. Returns what the addresses of the screens name."""
    process = PortalSettings.load().current_process
    if process is None:
        raise LookupError("the demonstration has no current process")
    own = _walked(QuestionnaireState.CAPTURE, 1)
    candidate = _own_account(own, CANDIDATE, days=3)
    set_up_codes(user=candidate, secret=secret_of(PASSPHRASE))
    late = _silent(process)
    _own_account(late, LATE, days=20)
    _same_person(own)
    sent = _walked(QuestionnaireState.SUBMITTED)
    return {
        "own": own.pk,
        "late": late.pk,
        "capturing": _walked(QuestionnaireState.CAPTURE).pk,
        "observed": _walked(QuestionnaireState.OBSERVED).pk,
        "published": _walked(QuestionnaireState.PUBLISHED, 1).pk,
        "sent": sent.pk,
        "submission": Submission.objects.filter(questionnaire__candidacy=sent).latest("pk").pk,
        "process": process.pk,
        "news": NewsPage.objects.live().order_by("pk")[0].pk,
        "register": reverse("register:index"),
        **_accounts(process),
        **_questions(candidate, own),
    }


def _walked(state: str, place: int = 0) -> CandidacyPage:
    """One of the candidacies that the demonstration took through capture and review."""
    rows = Questionnaire.objects.filter(
        state=state, candidacy__actor__acronym=ACTOR, kind="curricular"
    )
    if state == QuestionnaireState.PUBLISHED:
        # Published after a review, and not from a file.
        rows = rows.filter(Exists(Submission.objects.filter(questionnaire=OuterRef("pk"))))
    return rows.order_by("pk").select_related("candidacy")[place].candidacy


def _silent(process: Process) -> CandidacyPage:
    """A candidacy that never began."""
    begun = Questionnaire.objects.filter(candidacy=OuterRef("pk"))
    found = generation.without_account(process.pk).filter(~Exists(begun), actor__acronym=ACTOR)
    last: CandidacyPage = found.order_by("pk").reverse()[0]
    return last


def _own_account(candidacy: CandidacyPage, username: str, *, days: int) -> User:
    """The own account of a candidacy, delivered some days ago and in use."""
    user = give_own_account(candidacy=candidacy, username=username, by=None)
    user.email = candidacy.person.email
    user.set_password(PASSPHRASE)
    user.save(update_fields=["email", "password"])
    _deliver(user, None, days=days)
    notice = notice_in_force()
    if notice is not None:
        accept_notice(user=user, notice_hash=notice_hash(notice))
    return user


def _deliver(user: User, link: ActivationLink | None, *, days: int) -> None:
    at = timezone.now() - timedelta(days=days)
    arrived = [receipts.Arrived(user, link)]
    receipts.record(arrived, how=Arrival.SAID, at=at, received_by="", by=None)


def _same_person(own: CandidacyPage) -> None:
    """Another candidacy of the person, whose answers can be copied."""
    other = (
        Questionnaire.objects.filter(
            state=QuestionnaireState.PUBLISHED, candidacy__actor=own.actor_id
        )
        .exclude(candidacy__office=own.office_id)
        .earliest("pk")
    )
    people.link(
        candidacy_id=own.pk,
        same_as=other.candidacy_id,
        by=_named(ADMINISTRATOR),
        because="Lo dice el acuerdo de registro.",
    )


def _named(username: str) -> User:
    user: User = User.objects.get(username=username)
    return user


# -- accounts on their way ------------------------------------------------------------------------


def _accounts(process: Process) -> Places:
    by, now = _named(ADMINISTRATOR), timezone.now()
    waiting = generation.without_account(process.pk)
    first = list(selectors.in_process_order(waiting, by_actor=False)[: 2 * len(ON_THEIR_WAY)])
    with transaction.atomic():
        users = generation.make_accounts(first, at=now, by=by)
    groups: dict[str, list[User]] = {}
    for place, user in enumerate(users):
        groups.setdefault(ON_THEIR_WAY[place % len(ON_THEIR_WAY)], []).append(user)
    days_ago = now - timedelta(days=12)
    activation.make_links(users=groups["expired"], way=Way.MAIL, at=days_ago, by=by)
    activation.make_links(users=groups["revoked"], way=Way.PAPER, at=now, by=by)
    activation.revoke_links(users=groups["revoked"], at=now, by=by)
    for link in activation.make_links(users=groups["received"], way=Way.MAIL, at=now, by=by):
        activation.receive(link_id=link.pk)
    _activate(groups["activated"], by)
    _finish(runs.mail(process=process, users=_keys(groups["mailed"]), by=by, once=uuid.uuid4()))
    sheets = runs.print_sheets(
        process=process, users=_keys(groups["printed"]), by=by, once=uuid.uuid4()
    )
    _finish(sheets)
    mine = ActivationLink.objects.filter(user__in=groups["printed"], superseded_at=None)
    code = activation.code_of(mine.earliest("pk"))
    return {
        "sheets": sheets.pk,
        "account": groups["received"][0].pk,
        "activation": reverse("account_activation_arrived", args=[code]),
    }


def _keys(users: Sequence[User]) -> list[int]:
    return [user.pk for user in users]


def _activate(users: Sequence[User], by: User) -> None:
    """Received on different days, and activated."""
    for place, user in enumerate(users):
        days = 2 + place
        at = timezone.now() - timedelta(days=days)
        [link] = activation.make_links(users=[user], way=Way.MAIL, at=at, by=by)
        _deliver(user, link, days=days)
        activation.activate(link_id=link.pk, password=PASSPHRASE)


def _finish(run: AccountRun) -> None:
    """Wait for the worker of the demonstration, which also mails."""
    give_up = time.monotonic() + RUN_SECONDS
    at_work = AccountRun.objects.filter(pk=run.pk, state=RunState.WORKING)
    to_send = Notification.objects.filter(kind=NOTIFICATION.key, sent_at=None)
    while at_work.exists() or to_send.exists():
        if time.monotonic() > give_up:
            raise TimeoutError("the worker of the demonstration does not finish")
        time.sleep(1)


# -- questions ------------------------------------------------------------------------------------


def _questions(candidate: User, own: CandidacyPage) -> Places:
    answered = advice.ask(
        user=candidate,
        topic=Topic.ANSWERS,
        message="En mi historia profesional, ¿pongo también mi trabajo voluntario?",
        candidacy=own,
    )
    last = answered.messages.latest("pk")
    advice.answer(
        request_id=answered.pk,
        by=_named(INTERNAL_BODY),
        message="Sí. Escribe en qué años fue y qué hiciste, igual que con un empleo.",
        seen=last.pk,
    )
    waiting = advice.ask(
        user=_named(LIAISON),
        topic=Topic.PHOTOGRAPH,
        message="El teléfono guarda la fotografía con fondo borroso. ¿Sirve así?",
    )
    advice.ask(
        user=candidate,
        topic=Topic.TERM,
        message="Voy a estar de gira dos días. ¿Puedo enviar antes y corregir después?",
        candidacy=own,
    )
    return {"answered": answered.pk, "waiting": waiting.pk}
