"""The screens that the manuals show, by the name of the picture."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Model

ANONYMOUS: Final = ""
CANDIDATE: Final = "candidatura.demo"


@dataclass(frozen=True)
class Screen:
    """A screen.

    Attributes:
        name: of the picture, without its ending.
        who: the account that sees it; empty for a visitor.
        path: the address, with the names of `places` in braces.
        is_telephone: whether it is shown on a telephone (390 px) or on a computer (960 px).
        height: of the window, in pixels of the page.
        scroll_to: what to show at the top; the beginning of the page if empty.
        click: what is pressed before, in order.
    """

    name: str
    who: str
    path: str
    is_telephone: bool = False
    height: int = 620
    scroll_to: str = ""
    click: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return f"{self.name}.webp"


def _telephone(name: str, who: str, path: str, height: int = 700, **more: str) -> Screen:
    return Screen(name, who, path, is_telephone=True, height=height, **more)  # type: ignore[arg-type]


SCREENS: Final = (
    # Those who capture
    _telephone("entrar", ANONYMOUS, "/acceso/", 760),
    _telephone("mi-candidatura", CANDIDATE, "/captura/", 640),
    _telephone("apartado", CANDIDATE, "/captura/{own}/historia/", 780),
    _telephone("mi-fotografia", CANDIDATE, "/captura/{own}/foto_contacto/", 780),
    _telephone("segundo-paso", CANDIDATE, "/acceso/segundo-paso/activar/", 760),
    _telephone("mi-cuenta", CANDIDATE, "/acceso/cuenta/", 760),
    Screen("mis-candidaturas", "enlace.pan", "/captura/", height=640),
    Screen("revisar-y-enviar", "enlace.pan", "/captura/{capturing}/revisar/", height=640),
    Screen("observaciones", "enlace.pan", "/captura/{observed}/propuestas/", height=640),
    Screen("acuse", "enlace.pan", "/captura/{sent}/acuse/", height=560),
    # Review
    Screen("fila-de-revision", "revision", "/admin/revision/"),
    Screen("expediente", "revision", "/admin/revision/{submission}/", height=760),
    # Administration
    Screen("inicio-de-la-administracion", "administracion", "/admin/", height=680),
    Screen(
        "pasos-del-proceso", "administracion", "/admin/procesos/{process}/preparar/", height=680
    ),
    Screen("subir-archivos", "administracion", "/admin/cargas/nueva/", height=640),
    Screen("lista-de-candidaturas", "administracion", "{register}"),
    Screen("cambiar-cuestionarios", "administracion", "/admin/cuestionarios/borradores/"),
    # Those who write, and those who look
    Screen("editor-de-noticias", "comunicacion", "/admin/pages/{news}/edit/", height=680),
    Screen("avance", "consulta", "/admin/avance/", height=680),
)


def places() -> dict[str, int]:
    """What the addresses name: numbers of the demonstration's objects."""
    from cms.catalogs.models import PortalSettings
    from cms.portal.models import NewsPage
    from cms.questionnaires.models import Questionnaire, Submission

    def number(found: Model | None) -> int:
        if found is None:
            raise LookupError("the demonstration lacks what a picture shows")
        return int(found.pk)

    def candidacy(state: str, place: int = 0) -> int:
        rows = Questionnaire.objects.filter(
            state=state, candidacy__actor__acronym="PAN", kind="curricular"
        )
        return int(rows.order_by("pk").values_list("candidacy_id", flat=True)[place])

    sent = candidacy("enviado")
    submission = Submission.objects.filter(questionnaire__candidacy=sent).order_by("-pk").first()
    process = PortalSettings.load().current_process
    return {
        "own": candidacy("en_captura", 1),
        "capturing": candidacy("en_captura"),
        "observed": candidacy("observado"),
        "sent": sent,
        "submission": number(submission),
        "process": number(process),
        "news": number(NewsPage.objects.live().order_by("pk").first()),
    }
