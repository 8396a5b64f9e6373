"""A sample of every object that an address may name, with planted words in what is not public."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, CollectionViewRestriction, Page, Site, TaskState

from cms.accounts.models import Role, User
from cms.accounts.services import create_liaison, create_staff
from cms.candidacies.own_accounts import receipts, sheets
from cms.candidacies.own_accounts.models import (
    AccountRun,
    Arrival,
    RunKind,
    RunState,
    SheetsFile,
)
from cms.candidacies.services import give_own_account
from cms.capture.advice.services import ask
from cms.catalogs.models import Process, ProcessOffice
from cms.demo.models import RehearsalWork
from cms.imports.models import Kind, OwnProfile, State, Upload
from cms.portal.models import NewsIndexPage, NewsPage
from cms.questionnaires.models import (
    DefinitionChange,
    DefinitionDraft,
    ProcessQuestionnaire,
)
from tests.moderation.samples import a_portrait, accept_notice_in_force, send

PASSWORD = "palabra-de-prueba-1"
ANONYMOUS = "anonymous"
# In the order of the columns of addresses.txt.
ROLES = (
    ANONYMOUS,
    "liaison",
    "rival",
    # The accounts of one candidacy of each of those two parties.
    "candidate",
    "other_candidate",
    "reviewer",
    "identity_reviewer",
    "internal_body",
    "communication",
    "observer",
    "administrator",
    "superuser",
)
_REVIEWERS = {"reviewer", "internal_body"}
_EDITORS = {"communication", "administrator", "superuser"}
_ADMINISTRATORS = {"administrator", "superuser"}
# A word that stands nowhere else → the roles that may learn it.
CANARIES: dict[str, set[str]] = {
    # A news page that is not published, and the unpublished newer version of a live news page.
    "xiloborrador": _EDITORS,
    "xiloversion": _EDITORS,
    # Somebody who registered, whose name is not public yet.
    # The internal body hands out its account.
    "Xilonombrada": {"liaison", "internal_body", *_ADMINISTRATORS},
    # What each party answered, and the text of an observation on an answer.
    "xilorespuesta": {"liaison", "candidate", *_REVIEWERS},
    "xilorival": {"rival", "other_candidate", *_REVIEWERS},
    "xiloobservada": {"liaison", "candidate", *_REVIEWERS},
    # What a party asked the institute.
    "xiloasesoria": {"liaison", "internal_body", *_ADMINISTRATORS},
    # Contact data of persons and accounts.
    "xilopersona": set(),
    "8449870011": set(),
    "xilocuenta": {"superuser"},
    # Files that nobody placed on a page.
    "xilodocumento": _EDITORS,
    "xiloimagen": _EDITORS,
    "xiloreserva": _EDITORS,
    # A row of a file that was sent to be imported.
    "Xilocargada": {"internal_body", *_ADMINISTRATORS},
}
# The roles that must see each word, by part of the walk: a word never shown proves nothing.
PROOF: dict[str, dict[str, set[str]]] = {
    "pages": {
        "xiloborrador": _EDITORS,
        "xiloversion": _EDITORS,
    },
    "rest": {
        word: CANARIES[word] for word in CANARIES if word not in {"xiloborrador", "xiloversion"}
    },
}


@dataclass
class Scene:
    """Accounts by role, and the objects that addresses name."""

    accounts: dict[str, User]
    objects: dict[str, Any]


def make_accounts(actor: Any, other_actor: Any) -> dict[str, User]:
    """One account of each role."""
    accounts = {
        "liaison": create_liaison(username="enlace.pd", actors=[actor], password=PASSWORD),
        "rival": create_liaison(username="enlace.ps", actors=[other_actor], password=PASSWORD),
    }
    for name, role in (
        ("reviewer", Role.CURRICULAR_REVIEWER),
        ("identity_reviewer", Role.IDENTITY_REVIEWER),
        ("internal_body", Role.INTERNAL_BODY),
        ("communication", Role.COMMUNICATION),
        ("observer", Role.OBSERVER),
        ("administrator", Role.ADMINISTRATOR),
    ):
        accounts[name] = create_staff(username=f"cuenta.{name}", role=role, password=PASSWORD)
    accounts["superuser"] = User.objects.create_superuser(username="raiz", password=PASSWORD)
    for name in ("liaison", "rival"):
        accept_notice_in_force(accounts[name])
    return accounts


def make_pages(author: User) -> dict[str, Any]:
    """Two news pages: a draft, and a live page with a newer version that is not published."""
    index = NewsIndexPage.objects.first()
    draft = index.add_child(
        instance=NewsPage(
            title="Aviso xiloborrador",
            slug="borrador",
            live=False,
            date=timezone.localdate(),
            summary="xiloborrador",
            body="<p>xiloborrador</p>",
        )
    )
    live = index.add_child(
        instance=NewsPage(
            title="Aviso publicado",
            slug="publicado",
            date=timezone.localdate(),
            summary="Publicado",
            body="<p>Publicado</p>",
        )
    )
    draft_revision = draft.save_revision(user=author)
    live.save_revision(user=author).publish()
    live.title = "Aviso xiloversion"
    live_revision = live.save_revision(user=author)
    return {
        "home": index.get_parent(),
        "draft": draft,
        "draft_revision": draft_revision,
        "live": live,
        "live_revision": live_revision,
    }


def make_files() -> dict[str, Any]:
    """An image and a document of a collection that is not for the public."""
    reserved = Collection.get_first_root_node().add_child(name="Colección xiloreserva")
    CollectionViewRestriction.objects.create(collection=reserved, restriction_type="login")
    document = Document.objects.create(
        title="Acta xilodocumento", file=ContentFile(b"acta", name="acta.txt"), collection=reserved
    )
    # As after an upload; otherwise the editor would store them when it first opens the document.
    document.get_file_size()
    document.get_file_hash()
    portrait = ContentFile(a_portrait().read(), name="retrato.jpg")
    image = Image.objects.create(title="Retrato xiloimagen", file=portrait, collection=reserved)
    return {"collection": reserved, "document": document, "image": image}


def _observe(returned: Any, reviewer: User) -> None:
    """Return a submission with an observation."""
    from cms.moderation.services import ObservationInput, return_submission

    return_submission(
        submission_id=returned.pk,
        seal=returned.seal,
        validator=reviewer,
        observations=[
            ObservationInput(
                question="propuesta_1",
                reason="lema",
                passage="segura y diaria",
                text="Quita xiloobservada.",
            )
        ],
    )


def make_questionnaires(
    make_candidacy: Callable[..., Any],
    answers: dict[str, Any],
    accounts: dict[str, User],
    rival: Any,
) -> dict[str, Any]:
    """Our candidacy is returned with an observation, the rival's is under review, one is hidden.

    The candidacies of both parties have accounts of their own.
    """
    long = answers["propuesta_1"]
    ProcessOffice.objects.filter(office__code="sindicatura").update(visible_from=None)
    ours = make_candidacy(email="xilopersona@persona.example")
    theirs = make_candidacy(name="Rita Sotol Biznaga", actor=rival, cvegeo="05035")
    hidden = make_candidacy(name="Xilonombrada Palma Yuca", office="sindicatura", principle="mr")
    for name, candidacy in (("candidate", ours), ("other_candidate", theirs)):
        own = give_own_account(candidacy=candidacy, username=f"cuenta.{name}", by=None)
        accept_notice_in_force(own)
        accounts[name] = own
    ours.person.telephone = "8449870011"
    ours.person.save()
    returned = send(ours, {**answers, "propuesta_1": f"{long} xilorespuesta."}, accounts["liaison"])
    _observe(returned, accounts["reviewer"])
    sent = send(theirs, {**answers, "propuesta_1": f"{long} xilorival."}, accounts["rival"])
    state = TaskState.objects.get(revision=sent.revision)
    advice = ask(user=accounts["liaison"], topic="otro", message="xiloasesoria", candidacy=ours)
    return {
        "ours": ours,
        "theirs": theirs,
        "hidden": hidden,
        "advice": advice,
        "submission": sent,
        "returned": returned,
        "photograph": sent.questionnaire.photographs.get(),
        "task_state": state,
        "workflow_state": state.workflow_state,
        "workflow": state.workflow_state.workflow,
        "task": state.task,
        "questionnaire": sent.questionnaire.page,
    }


def make_version_draft() -> dict[str, Any]:
    """A draft of a new version of what the process asks, and a change that INE is informed of."""
    asked = ProcessQuestionnaire.objects.select_related("process", "definition").get()
    same = {"process": asked.process, "kind": asked.kind}
    DefinitionChange.objects.create(
        **same,
        before=asked.definition,
        after=asked.definition,
        words=["Cambió el título."],
        actor_snapshot={"username": "innova.uno"},
        due_on=timezone.localdate(),
    )
    draft = DefinitionDraft.objects.create(
        **same, begun_from=asked.definition, content=asked.definition.content
    )
    return {"version_draft": draft}


def make_the_rest(target: Page) -> dict[str, Any]:
    """The other objects that addresses name."""
    account = create_staff(username="cuenta.ajena", role=Role.OBSERVER, password=PASSWORD)
    account.email = "xilocuenta@instituto.example"
    account.save()
    return {
        "user": account,
        "group": Group.objects.get(name="Consulta"),
        "redirect": Redirect.objects.create(old_path="/viejo", redirect_page=target),
        "site": Site.objects.get(),
        "upload": make_upload(),
        "process": Process.objects.get(slug="pel-2024"),
        "rehearsal": make_rehearsal_process(),
        "own_profile": OwnProfile.objects.create(name="propio", title="Propio", content={"a": 1}),
        **make_deliveries(),
    }


def make_deliveries() -> dict[str, Any]:
    """Sheets of accounts that were made, and the receipt of one that arrived."""
    user = User.objects.filter(role=Role.CANDIDATE).order_by("pk").first()
    arrived = [receipts.Arrived(user, None)]
    said = {"how": Arrival.SAID, "received_by": "", "by": None}
    (receipt,) = receipts.record(arrived, at=timezone.now(), **said)
    run = AccountRun.objects.create(
        process=Process.objects.get(slug="pel-2024"),
        kind=RunKind.SHEETS,
        state=RunState.DONE,
        once=uuid4(),
        total=1,
        done=1,
    )
    SheetsFile.objects.create(run=run, sealed=sheets.seal(b"%PDF-1.7"), pages=1)
    return {"receipt": receipt, "account_run": run}


def make_rehearsal_process() -> Process:
    """A rehearsal whose people are being made."""
    made = Process.objects.create(
        slug="ensayo-pel-2024",
        name="Ensayo: Proceso Electoral Local 2024",
        fictitious=True,
        rehearsal_of=Process.objects.get(slug="pel-2024"),
    )
    RehearsalWork.objects.create(process=made, people=1, total=1)
    return made


def make_upload() -> Upload:
    """A file that was sent and is ready to be applied; its report names a person."""
    change = {"row": 2, "name": "Xilocargada", "what": "Candidatura nueva."}
    return Upload.objects.create(
        process=Process.objects.get(slug="pel-2024"),
        kind=Kind.REGISTER,
        stored=uuid4(),
        name="registro.xlsx",
        sha256="a" * 64,
        size=1,
        state=State.READY,
        last_record=0,
        report={"created": 1, "updated": 0, "changes": [change], "totals": {"not_applied": 0}},
    )
