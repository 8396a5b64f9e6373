"""Sealed pages are changed only by the services. Every other way is refused, to every role."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from wagtail.models import (
    GroupApprovalTask,
    Page,
    PagePermissionTester,
    Revision,
    TaskState,
    Workflow,
    WorkflowState,
    WorkflowTask,
)

from cms.candidacies.sealed import SealedPermissionTester
from tests.security import side_doors

pytestmark = pytest.mark.django_db

# The second is the database's own refusal: a submission protects its pages from a cascade.
REFUSED = (PermissionDenied, ProtectedError)
PLANTED = "xiloteticpac"
SEALED = ("process", "territory", "candidacy", "questionnaire")
SCRIPT = {"x-requested-with": "XMLHttpRequest"}


@pytest.fixture
def complete_answers(complete_answers: dict[str, Any]) -> dict[str, Any]:
    """The sample answers with a word in them that exists nowhere else."""
    text = f"{complete_answers['propuesta_1']} {PLANTED}."
    return {**complete_answers, "propuesta_1": text}


@pytest.fixture
def sealed_pages(submission: Any) -> dict[str, Page]:
    """One page of each sealed type."""
    questionnaire = submission.questionnaire.page
    candidacy = questionnaire.get_parent()
    territory = candidacy.get_parent()
    pages = (territory.get_parent(), territory, candidacy, questionnaire)
    return {name: Page.objects.get(pk=page.pk) for name, page in zip(SEALED, pages, strict=True)}


@pytest.fixture
def signed_in(request: pytest.FixtureRequest) -> Callable[[str], Client]:
    def sign_in(account: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(
            request.getfixturevalue(account), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return sign_in


def test_the_enumeration_finds_the_known_addresses():
    names = side_doors.page_names()
    for known in ("edit", "delete", "copy", "move", "unpublish", "set_privacy", "lock", "history"):
        assert f"wagtailadmin_pages:{known}" in names
    for known in ("workflow_action", "revisions_revert", "revisions_compare", "convert_alias"):
        assert f"wagtailadmin_pages:{known}" in names
    assert len(names) == 40


def _try_everything(client: Client, page: Page, revision_id: int) -> dict[str, tuple[int, int]]:
    """Ask for every address of a page, also as scripts do; nothing may be shown or changed."""
    answers: dict[str, tuple[int, int]] = {}
    before = side_doors.everything()
    data = side_doors.what_a_form_would_send(page, revision_id)
    for name, address in side_doors.addresses_of(page, revision_id):
        # Wagtail answers requests of scripts differently.
        for script in ({}, SCRIPT):
            looked = client.get(address, headers=script)
            kind_of_body = "application/json" if "_api:" in name else MULTIPART_CONTENT
            sent = client.post(address, data, content_type=kind_of_body, headers=script)
            for response in (looked, sent):
                assert PLANTED not in response.content.decode(), f"{name} shows an answer"
            answers[f"{name} {address}"] = (looked.status_code, sent.status_code)
        assert side_doors.everything() == before, f"{name} ({address}) changed something"
    return answers


@pytest.mark.parametrize("kind", ["candidacy", "questionnaire"])
def test_for_every_address_of_the_admin_a_sealed_page_does_not_exist(
    sealed_pages, submission, signed_in, superuser, kind
):
    """All actions are tried, as superuser; other roles may do less."""
    answers = _try_everything(signed_in("superuser"), sealed_pages[kind], submission.revision_id)

    of_the_type = {name for name in answers if ":type_use" in name or ":choose_parent" in name}
    assert {name for name, given in answers.items() if given != (404, 404)} == of_the_type


@pytest.mark.parametrize("kind", ["candidacy", "questionnaire"])
def test_without_the_first_lock_wagtail_neither_shows_nor_changes_a_sealed_page(
    sealed_pages, submission, signed_in, superuser, kind, settings
):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "ExplorablePages" not in name]

    answers = _try_everything(signed_in("superuser"), sealed_pages[kind], submission.revision_id)

    posted = {sent for _looked, sent in answers.values()}
    assert posted <= {302, 400, 403, 404, 405}
    assert {302, 403} <= posted


@pytest.mark.parametrize("kind", SEALED)
def test_not_even_a_superuser_meets_a_sealed_page_in_the_tree(
    sealed_pages, signed_in, superuser, kind
):
    page, client = sealed_pages[kind], signed_in("superuser")
    home = sealed_pages["process"].get_parent()

    for address, parameters in (
        (reverse("wagtailadmin_explore", args=[home.pk]), {}),
        (reverse("wagtailadmin_pages:search"), {"q": page.title}),
        (reverse("wagtailadmin_choose_page_child", args=[home.pk]), {}),
        (reverse("wagtailadmin_choose_page_search"), {"q": page.title}),
        (reverse("wagtailadmin_api:pages:listing"), {"child_of": home.pk, "for_explorer": "1"}),
    ):
        shown = client.get(address, parameters)
        assert shown.status_code == 200, address
        assert f"/pages/{page.pk}/" not in shown.content.decode(), address
        assert f'"id":{page.pk},' not in shown.content.decode().replace(" ", ""), address
    assert client.get(reverse("wagtailadmin_explore", args=[page.pk])).status_code == 404


def test_a_review_is_not_decided_through_the_address_of_another_page(
    submission, sealed_pages, signed_in, superuser
):
    """Wagtail takes the task from the address and does not check that it belongs to the page."""
    state = TaskState.objects.get(revision=submission.revision)
    client = signed_in("superuser")
    moderators = Workflow.objects.create(name="Otro")
    group = GroupApprovalTask.objects.create(name="Otra")
    group.groups.add(Group.objects.first())
    WorkflowTask.objects.create(workflow=moderators, task=group)
    home = sealed_pages["process"].get_parent().specific
    home.save_revision()
    moderators.start(home, superuser)
    before = side_doors.everything()

    for action in ("approve", "reject"):
        for name in ("workflow_action", "collect_workflow_action_data"):
            address = reverse(f"wagtailadmin_pages:{name}", args=[home.pk, action, state.pk])
            client.post(address, {"comment": "De acuerdo"})

    assert side_doors.everything() == before


def test_only_our_services_change_wagtails_states_of_a_review(submission, superuser):
    state = TaskState.objects.get(revision=submission.revision)
    workflow_state = state.workflow_state
    before = side_doors.everything()

    for attempt in (
        lambda: state.approve(user=superuser),
        lambda: state.reject(user=superuser),
        lambda: state.cancel(user=superuser),
        lambda: state.task.specific.on_action(state, superuser, "approve"),
        lambda: workflow_state.cancel(user=superuser),
        workflow_state.delete,
        lambda: WorkflowState.objects.get(pk=workflow_state.pk).finish(user=superuser),
        lambda: workflow_state.workflow.deactivate(user=superuser),
        lambda: state.task.deactivate(user=superuser),
        state.task.specific.delete,
    ):
        with pytest.raises(PermissionDenied), transaction.atomic():
            attempt()

    assert side_doors.everything() == before


@pytest.mark.parametrize("kind", SEALED)
def test_a_sealed_page_read_as_a_plain_page_is_sealed_too(sealed_pages, superuser, kind):
    page = sealed_pages[kind]
    home = page.get_ancestors()[1]
    before = side_doors.everything()

    for read_page in (page, page.specific):
        for attempt in (
            lambda page=read_page: page.save(),
            lambda page=read_page: page.delete(),
            lambda page=read_page: page.move(home, pos="last-child"),
            lambda page=read_page: page.copy(to=home, update_attrs={"slug": "copia"}),
            lambda page=read_page: page.create_alias(parent=home, update_slug="alias"),
        ):
            with pytest.raises(REFUSED), transaction.atomic():
                attempt()
        if read_page.live:
            with pytest.raises(REFUSED), transaction.atomic():
                read_page.unpublish()

    assert side_doors.everything() == before


def test_a_revision_of_a_questionnaire_is_not_published_scheduled_or_purged(submission):
    revision = Revision.objects.get(pk=submission.revision_id)
    before = side_doors.everything()

    with pytest.raises(PermissionDenied), transaction.atomic():
        revision.publish(skip_permission_checks=True)
    revision.approved_go_live_at = timezone.now()
    with pytest.raises(PermissionDenied), transaction.atomic():
        revision.save()
    call_command("purge_revisions", verbosity=0)

    assert side_doors.everything() == before


def test_the_schedule_publishes_and_withdraws_no_sealed_page(submission, sealed_pages):
    """This holds even if somebody wrote the dates into the database."""
    past = timezone.now() - timedelta(hours=1)
    Page.objects.filter(pk=sealed_pages["candidacy"].pk).update(expire_at=past)
    Revision.objects.filter(pk=submission.revision_id).update(approved_go_live_at=past)
    before = side_doors.everything()

    with pytest.raises(PermissionDenied), transaction.atomic():
        call_command("publish_scheduled")

    assert side_doors.everything() == before


def test_an_ancestor_of_sealed_pages_is_not_deleted_moved_or_copied(
    sealed_pages, superuser, signed_in
):
    """Whatever is done to the home page would be done to the sealed pages below it too."""
    home = sealed_pages["process"].get_parent()
    client = signed_in("superuser")
    data = side_doors.what_a_form_would_send(home, 0) | {"slug": "otra", "new_slug": "otra"}
    kept = Page.objects.count()
    paths = dict(Page.objects.values_list("pk", "path"))

    for name in ("delete", "copy"):
        response = client.post(reverse(f"wagtailadmin_pages:{name}", args=[home.pk]), data)
        assert response.status_code == 403, name
    for action in ("delete", "move", "unpublish"):
        path = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        assert client.post(f"{path}?id={home.pk}", data).status_code == 403, action
    for attempt in (
        home.specific.delete,
        lambda: home.move(home.get_parent(), pos="first-child"),
        lambda: home.copy(recursive=True, update_attrs={"slug": "otra"}),
    ):
        with pytest.raises(REFUSED), transaction.atomic():
            attempt()

    assert Page.objects.count() == kept
    assert dict(Page.objects.values_list("pk", "path")) == paths


def test_every_permission_that_wagtail_may_ask_is_denied(sealed_pages, superuser):
    asked = [name for name in vars(PagePermissionTester) if name.startswith("can_")]
    assert len(asked) == 17
    for page in sealed_pages.values():
        tester = page.permissions_for_user(superuser)
        assert isinstance(tester, SealedPermissionTester)
        for name in asked:
            assert getattr(tester, name)() is False, name


def test_the_public_apis_of_wagtail_are_not_mounted(client, sealed_pages):
    for path in ("/api/v2/pages/", "/api/v3/pages/", "/api/wagtail/pages/", "/api/main/pages/"):
        assert client.get(path).status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("wagtailapi:pages:listing")


def test_sealed_pages_hold_no_personal_title(sealed_pages):
    """The admin shows titles to all who may list pages: a questionnaire's title names its kind."""
    assert sealed_pages["questionnaire"].title == "Cuestionario curricular"
    assert sealed_pages["questionnaire"].draft_title == "Cuestionario curricular"


@pytest.mark.parametrize("account", ["superuser", "communicator", "party", "other_liaison"])
def test_the_desk_is_closed_to_accounts_that_do_not_review(submission, signed_in, account):
    client = signed_in(account)
    before = side_doors.everything()
    photograph = submission.questionnaire.photographs.get()

    looked = [
        client.get(reverse("moderation:queue")),
        client.get(reverse("moderation:review", args=[submission.pk])),
        client.get(reverse("moderation:photograph", args=[photograph.pk])),
        client.get(reverse("moderation:next")),
    ]
    sent = [
        client.post(reverse(f"moderation:{name}", args=[submission.pk]), {"seal": submission.seal})
        for name in ("approve", "return")
    ]

    # Staff are redirected to the admin; accounts that capture may not enter it at all.
    expected = 302 if account in {"superuser", "communicator"} else 403
    assert [response.status_code for response in looked] == [expected] * 4
    assert [response.status_code for response in sent] == [403] * 2
    for response in (*looked, *sent):
        assert PLANTED not in response.content.decode()
    assert side_doors.everything() == before


def test_nobody_decides_without_signing_in(submission, client):
    before = side_doors.everything()

    for name in ("approve", "return", "review"):
        address = reverse(f"moderation:{name}", args=[submission.pk])
        assert client.get(address).status_code == 302
        assert client.post(address, {"seal": submission.seal}).status_code == 401

    assert side_doors.everything() == before


def test_the_desk_also_refuses_whoever_captured_the_questionnaire(submission, signed_in, party):
    from django.contrib.auth.models import Group

    from cms.accounts.groups import GROUP_OF_ROLE
    from cms.accounts.models import Role

    party.role = Role.CURRICULAR_REVIEWER
    party.save()
    party.groups.add(Group.objects.get(name=GROUP_OF_ROLE[Role.CURRICULAR_REVIEWER]))
    client = signed_in("party")
    before = side_doors.everything()

    page = client.get(reverse("moderation:review", args=[submission.pk]))
    client.post(reverse("moderation:approve", args=[submission.pk]), {"seal": submission.seal})

    assert "lo debe revisar otra persona" in page.content.decode()
    assert "Aprobar y publicar" not in page.content.decode()
    assert side_doors.everything() == before
