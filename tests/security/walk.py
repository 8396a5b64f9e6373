"""Every role asks for every address of the configuration. ADR 0020.

The addresses come from the resolver, their arguments from a catalogue of sample objects, and what
each role may get from `addresses.txt`, which is read and written by `tests.security.table`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.security.scene import ANONYMOUS, CANARIES, ROLES, Scene
from tests.security.side_doors import what_a_form_would_send

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
# Tables that any visit may write: sessions, the editor's notes, budgets of attempts, renditions.
OF_THE_VISIT = {"django_session", "wagtailadmin_editingsession", "wagtailusers_userprofile"}
OF_THE_VISIT |= {"accounts_signinbudget", "wagtailimages_rendition", "wagtailadmin_formstate"}
OF_THE_VISIT |= {"wagtailcore_pagesubscription"}
_WRITES = re.compile(r'^\s*(?:insert into|update|delete from|truncate)\s+"?(\w+)"?', re.IGNORECASE)

ANSWERS = {
    200: "o",
    400: "b",
    401: "a",
    403: "f",
    404: "n",
    405: "m",
    409: "c",
    410: "g",
    422: "u",
    429: "l",
}


@dataclass(frozen=True)
class Address:
    """A pattern of the configuration with a sample and a query: its name, and its path."""

    name: str
    path: str


@dataclass
class Visit:
    """What one role got at one address with one method."""

    answer: str
    learned: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    caching: str = ""
    is_compressed: bool = False


def routes() -> dict[str, str]:
    """Route of each pattern of the configuration → the full name of its view."""
    found: dict[str, str] = {}

    def visit(resolver: Any, before: str, spaces: tuple[str, ...]) -> None:
        for pattern in resolver.url_patterns:
            route = before + str(pattern.pattern).removeprefix("^")
            if isinstance(pattern, URLPattern):
                # Where two patterns are the same, the first answers.
                found.setdefault(route, ":".join((*spaces, pattern.name or "")))
            else:
                space = (*spaces, pattern.namespace) if pattern.namespace else spaces
                visit(pattern, route, space)

    visit(get_resolver(), "", ())
    return found


def _common(objects: dict[str, Any]) -> dict[str, Any]:
    """Argument → value, for the arguments whose name decides the value."""
    numbers = {
        "collection_id": "collection",
        "document_id": "document",
        "doc_id": "document",
        "image_id": "image",
        "submission_id": "submission",
        "request_id": "advice",
        "photograph_id": "photograph",
        "redirect_id": "redirect",
        "upload_id": "upload",
        "user_id": "user",
        "task_state_id": "task_state",
        "workflow_state_id": "workflow_state",
        "task_id": "task",
        "workflow_pk": "workflow",
        "destination_id": "home",
        "draft_id": "version_draft",
        "process_id": "process",
        "process_office_id": "process_office",
        "run_id": "account_run",
        "receipt_id": "receipt",
    }
    values = {name: objects[kind].pk for name, kind in numbers.items()}
    questionnaire = {"app_label": "questionnaires", "model_name": "curricularquestionnairepage"}
    return values | {
        **questionnaire,
        "content_type_app_name": "portal",
        "content_type_model_name": "newspage",
        "app_name": "catalogs",
        "pk": 1,
        "factor_id": 0,
        "place_id": 0,
        "number": 1,
        "uploaded_file_id": 1,
        "session_id": 1,
        "action_name": "approve",
        "action": "delete",
        "filter_spec": "max-100x100",
        "key": "propuestas",
        "question": "propuesta_1",
        # A kind of questionnaire that is not registered: its addresses do not exist.
        "kind": "testimonio",
        "token": "x" * 40,
        "code": "x" * 20,
        "uidb64": "MQ",
        "name": "0123456789abcdef",
        "slug": "borrador",
    }


def _object_of(space: str, objects: dict[str, Any]) -> Any:
    """The sample object for a set of views of the admin, found by its namespace."""
    known = {
        "wagtailadmin_collections": "collection",
        "wagtailadmin_workflows": "workflow",
        "wagtailsites": "site",
        "wagtailusers_users": "user",
        "wagtailusers_groups": "group",
        "wagtaildocs_chooser": "document",
        "wagtailimages_chooser": "image",
        "wagtailadmin_api:documents": "document",
        "wagtailadmin_api:images": "image",
        "wagtailsettings": "portal",
    }
    if space in known:
        return objects[known[space]]
    models = (model for model in apps.get_models() if model._meta.model_name == space)
    model = next(models, None)
    return model._default_manager.order_by("pk").first() if model is not None else None


def _page_samples(objects: dict[str, Any]) -> dict[str, tuple[Any, int]]:
    """Page and revision of a draft, of a live page, and of two pages that only services write."""
    sent = objects["submission"]
    return {
        "draft": (objects["draft"], objects["draft_revision"].pk),
        "live": (objects["live"], objects["live_revision"].pk),
        "hidden": (objects["hidden"], sent.revision_id),
        "questionnaire": (objects["questionnaire"], sent.revision_id),
    }


# Views that show the content of a page: they are asked for all four samples, and not only two.
_EVERY_SAMPLE = {"edit", "view_draft", "revisions_view", "history", "usage", "detail"}
_PAGE = {"page_id", "parent_page_id", "page_to_move_id", "page_pk"}


def _takes_page(route: str, view: str) -> bool:
    names = set(ARGUMENT.findall(route))
    pages = view.startswith(("wagtailadmin_pages:", "wagtailadmin_api:pages:"))
    return bool(names & _PAGE or (pages and "pk" in names) or "object_id" in names)


def _queries(scene: Scene) -> dict[str, dict[str, str]]:
    """Route → query strings, for the views whose answer depends on the query string."""
    objects = scene.objects
    samples = ("draft", "live", "hidden", "questionnaire")
    ids = "&".join(f"id={objects[sample].pk}" for sample in samples)
    asked = f"&{ids}"
    search = {"": "", "?q=draft": "?q=xiloborrador", "?q=name": "?q=Xilonombrada"}
    export = {"": "", "?export=csv": "?export=csv", "?export=xlsx": "?export=xlsx"}
    ways: dict[str, dict[str, str]] = {
        "admin/choose-page/": {
            "": "",
            "?page_type=news": "?page_type=portal.newspage",
            "?page_type=candidacy": "?page_type=candidacies.candidacypage",
            "?user_perms=move_to": f"?user_perms=move_to&target_pages[]={objects['draft'].pk}",
        },
        "admin/choose-page/search/": search,
        "admin/choose-page/chosen-multiple/": {
            "": "",
            **{f"?id={sample}": f"?id={objects[sample].pk}" for sample in ("draft", "hidden")},
        },
        "admin/pages/search/": search,
        "admin/documents/chooser/chosen-multiple/": {"": f"?id={objects['document'].pk}"},
        "admin/images/chooser/chosen-multiple/": {"": f"?id={objects['image'].pk}"},
        "admin/api/main/pages/": {"": "", "?for_explorer": f"?for_explorer=1{asked}"},
    }
    ways["admin/avance/"] = {"": "", "?proceso": "?proceso=pel-2024"}
    for report in ("locked", "workflow", "workflow_tasks", "site-history", "aging-pages"):
        ways[f"admin/reports/{report}/"] = export
    for listing in ("users", "redirects", "politicalactor", "importrecord"):
        ways[f"admin/{listing}/"] = export
    return ways


def _bulk(scene: Scene) -> Iterator[Address]:
    route = "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/"
    objects = scene.objects
    for label, model, action, sample in (
        ("wagtailcore", "page", "publish", "draft"),
        ("wagtailcore", "page", "delete", "hidden"),
        ("wagtailimages", "image", "delete", "image"),
        ("wagtaildocs", "document", "delete", "document"),
        ("accounts", "user", "delete", "user"),
        ("accounts", "user", "assign_role", "user"),
    ):
        path = reverse("wagtail_bulk_action", args=[label, model, action])
        yield Address(f"{route} [{model} {action} {sample}]", f"{path}?id={objects[sample].pk}")


_MANUALS = {
    "manuals:manual": [(name, f"/ayuda/{name}/") for name in ("enlace", "revision")],
    "manuals:document": [("enlace", "/ayuda/enlace/manual.pdf")],
    "manuals:picture": [("acuse", "/ayuda/imagenes/acuse.webp")],
}


def _written_out(scene: Scene) -> dict[str, list[tuple[str, str]]]:
    """Route or view whose path a pattern cannot give → (which sample, path)."""
    objects = scene.objects
    photograph = objects["photograph"]
    compare = "/admin/pages/{}/revisions/compare/live...{}/"
    pages = _page_samples(objects)
    document = objects["document"]
    return {
        "wagtailadmin_pages:revisions_compare": [
            (name, compare.format(page.pk, revision)) for name, (page, revision) in pages.items()
        ],
        "wagtaildocs_serve": [("", f"/documentos/{document.pk}/{quote(document.filename)}")],
        "wagtail_serve": [("draft", "/noticias/borrador/"), ("none", "/no/hay/")],
        "admin/.*/$": [("", "/admin/no/hay/")],
        "api(?:/.*)?$": [("", "/api/no-hay/")],
        "api/v1/.*$": [("", "/api/v1/no-hay/")],
        "image": [("", f"/media/{objects['image'].file.name}")],
        "photograph": [("", f"/fotos/{photograph.pk}.jpg")],
        "candidacy": [
            (sample, f"/candidaturas/{objects[sample].pk}/x/")
            for sample in ("ours", "theirs", "hidden")
        ],
        "candidaturas/<int:candidacy_id>/": [("hidden", f"/candidaturas/{objects['hidden'].pk}/")],
        "api:candidatura": [
            (sample, f"/api/v1/candidaturas/{objects[sample].pk}/")
            for sample in ("ours", "theirs", "hidden")
        ],
        "api:similares": [
            (sample, f"/api/v1/candidaturas/{objects[sample].pk}/similares/")
            for sample in ("ours", "hidden")
        ],
        "municipality": [("", "/municipios/torreon/")],
        **{
            f"rehearsals:{view}": [
                (sample, f"/admin/ensayos/{objects[sample].pk}/{path}")
                for sample in ("process", "rehearsal")
            ]
            for view, path in (("detail", ""), ("progress", "avance/"), ("remove", "quitar/"))
        },
        **_MANUALS,
        "reports:preview_ballot": [("", "/admin/avance/vista-previa/san-pedro/")],
        "resume": [("", "/acceso/retomar/0123456789abcdef/")],
        "resume_let_go": [("", "/acceso/retomar/0123456789abcdef/descartar/")],
        "accounts:let_in": [("", f"/admin/intentos/{objects['user'].pk}/dejar-entrar/")],
        "moderation:review": [
            (name, f"/admin/revision/{objects[sample].pk}/")
            for name, sample in (("ours", "returned"), ("theirs", "submission"))
        ],
    }


def addresses(scene: Scene) -> Iterator[Address]:
    """Every pattern of the configuration, with each of the samples that it may name."""
    written_out, queries = _written_out(scene), _queries(scene)
    for route, view in routes().items():
        if view == "wagtail_bulk_action":
            yield from _bulk(scene)
            continue
        samples = written_out.get(view) or written_out.get(route)
        if samples is None:
            samples = list(_plain(route, view, scene))
        for sample, path in samples:
            label = f"{route} [{sample}]" if sample else route
            for way, query in queries.get(route, {"": ""}).items():
                yield Address(label + (f" {way}" if way else ""), path + query)


def _plain(route: str, view: str, scene: Scene) -> Iterator[tuple[str, str]]:
    """(which sample, path) for a route in which every argument has a name."""
    assert not re.search(r"[\\(^$*+]", route), f"add {route} to tests/security/walk.py"
    objects, values = scene.objects, _common(scene.objects)
    names = ARGUMENT.findall(route)
    space = view.rpartition(":")[0]
    sample = _object_of(space, objects)
    if sample is not None:
        values |= {"pk": sample.pk, "model_name": sample._meta.model_name}
        values["app_name"] = sample._meta.app_label
    if space == "own_accounts":
        values["user_id"] = objects["receipt"].account
    if space == "wagtailadmin_workflows":
        values["app_label"], values["model_name"] = "moderation", "curricularreviewtask"
        if "task" in view:
            values["pk"] = objects["task"].pk
    variants: dict[str, dict[str, Any]] = {"": {}}
    if _takes_page(route, view):
        every = view.rpartition(":")[2] in _EVERY_SAMPLE
        variants = {
            name: {**dict.fromkeys((*_PAGE, "pk", "object_id"), page.pk), "revision_id": revision}
            for name, (page, revision) in _page_samples(objects).items()
            if every or name in {"draft", "hidden"}
        }
    elif "candidacy_id" in names:
        variants = {
            sample_name: {"candidacy_id": objects[sample_name].pk}
            for sample_name in ("ours", "theirs")
        }
    for name, own in variants.items():
        chosen = values | own
        path = ARGUMENT.sub(partial(_chosen, chosen), route)
        yield name, f"/{path}"


def _chosen(values: dict[str, Any], argument: re.Match[str]) -> str:
    """The value of an argument of a route."""
    return str(values[argument[1]])


def client_of(scene: Scene, role: str) -> Client:
    """A client signed in with an account of the role; an error in a view is an answer of 500."""
    browser = {"Accept-Encoding": "gzip, deflate, br, zstd"}
    client = Client(raise_request_exception=False, headers=browser)
    if role != ANONYMOUS:
        backend = "django.contrib.auth.backends.ModelBackend"
        client.force_login(scene.accounts[role], backend=backend)
    return client


def _answer(response: Any) -> str:
    if response.status_code in ANSWERS:
        return ANSWERS[response.status_code]
    if response.status_code in {301, 302, 303}:
        target = response["Location"]
        if target.startswith("/acceso/?"):
            return "e"
        return "h" if target == "/admin/" else "r"
    return str(response.status_code)


def _text(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        content = _unzipped(content)
    headers = " ".join(f"{name}: {value}" for name, value in response.items())
    return headers + content.decode("utf-8", "replace")


def _unzipped(content: bytes) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def digests(tables: set[str]) -> dict[str, str]:
    """A hash of all rows of each table."""
    if not tables:
        return {}
    rows = "md5(coalesce(string_agg(t::text, ';' order by t::text), ''))"
    each = " union all ".join(f"select '{name}', {rows} from {name} t" for name in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute(each)
        return dict(cursor.fetchall())


class Walker:
    """Sends requests, records what each answers, shows and changes, and undoes the changes."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.before = digests(set(connection.introspection.table_names()))
        self.form = what_a_form_would_send(
            scene.objects["draft"], scene.objects["draft_revision"].pk
        )

    def visit(self, client: Client, method: str, address: Address) -> Visit:
        """Send one request and undo its changes."""
        written: set[str] = set()

        def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            if found := _WRITES.match(str(sql)):
                written.add(found[1])
            return execute(sql, params, many, context)

        cookies = client.cookies.items()
        signed_in = SimpleCookie({name: cookie.value for name, cookie in cookies})
        with transaction.atomic():
            with connection.execute_wrapper(watch):
                if method == "GET":
                    response = client.get(address.path)
                else:
                    response = client.post(address.path, self.form)
                text = _text(response)
            after = digests(written - OF_THE_VISIT)
            transaction.set_rollback(True)
        client.cookies = signed_in
        changed = {name for name, digest in after.items() if self.before[name] != digest}
        learned = {word for word in CANARIES if word in text and word not in address.path}
        caching, is_compressed = response.get("Cache-Control", ""), "Content-Encoding" in response
        return Visit(_answer(response), learned, changed, caching, is_compressed)


def _is_asked(role: str, method: str, address: Address) -> bool:
    """In the admin some ask nothing, and some send no forms: others of their kind do."""
    if not address.path.startswith("/admin/"):
        return True
    return role not in _ASKS_NOTHING and not (method == "POST" and role in _SENDS_NOTHING)


_ASKS_NOTHING = {"rival", "other_candidate"}
_SENDS_NOTHING = {ANONYMOUS, "observer", "candidate"}


_PAGES = ("pages", "choose", "api", "bulk", "workflows", "reports", "editing-sessions")


def part_of(path: str) -> str:
    """Which of the two tests, which run at the same time, asks for an address."""
    return "pages" if path.startswith(tuple(f"/admin/{name}" for name in _PAGES)) else "rest"


def walk(scene: Scene, part: str) -> dict[str, dict[str, dict[str, Visit]]]:
    """Address → method → role → what happened."""
    walker = Walker(scene)
    found: dict[str, dict[str, dict[str, Visit]]] = {}
    clients = {role: client_of(scene, role) for role in ROLES}
    for address in addresses(scene):
        if part_of(address.path) != part:
            continue
        ways = found.setdefault(address.name, {"GET": {}, "POST": {}})
        for method, by_role in ways.items():
            for role in ROLES:
                if _is_asked(role, method, address):
                    by_role[role] = walker.visit(clients[role], method, address)
                else:
                    by_role[role] = Visit("-")
    return found
