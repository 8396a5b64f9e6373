"""The screens that the manuals show, by the name of the picture. `scenes` says what is on them."""

from dataclasses import dataclass
from typing import Final

ANONYMOUS: Final = ""
CANDIDATE: Final = "candidatura.demo"
LATE: Final = "candidatura.tarde"
LIAISON: Final = "enlace.pan"
REVIEWER: Final = "revision"
INTERNAL_BODY: Final = "instancia"
ADMINISTRATOR: Final = "administracion"
# Of accounts that live for some minutes, on this machine.
PASSPHRASE: Final = "cuatro palabras sin relacion"  # noqa: S105


@dataclass(frozen=True)
class Screen:
    """A screen.

    Attributes:
        name: of the picture, without its ending.
        who: the account that sees it; empty for a visitor.
        path: the address, with the names of `scenes.prepare` in braces.
        is_telephone: whether it is shown on a telephone (390 px) or on a computer (960 px).
        height: of the window, in pixels of the page.
        scroll_to: what to show at the top; the beginning of the page if empty.
        fill: what is written before: field → text, or the value of an option.
        click: what is pressed then, in order.
        has_menu: whether the menu of the admin is open beside it; closed, tables have more room.
    """

    name: str
    who: str
    path: str
    is_telephone: bool = False
    height: int = 620
    scroll_to: str = ""
    fill: tuple[tuple[str, str], ...] = ()
    click: tuple[str, ...] = ()
    has_menu: bool = True

    @property
    def file(self) -> str:
        return f"{self.name}.webp"


def _on_telephone(
    name: str,
    who: str,
    path: str,
    height: int = 760,
    *,
    scroll_to: str = "",
    fill: tuple[tuple[str, str], ...] = (),
    click: tuple[str, ...] = (),
) -> Screen:
    return Screen(name, who, path, True, height, scroll_to, fill, click)


def _table(name: str, who: str, path: str, height: int = 620, scroll_to: str = "") -> Screen:
    return Screen(name, who, path, False, height, scroll_to, has_menu=False)


_OWN_ACCOUNT: Final = (
    _on_telephone("activar-clave", ANONYMOUS, "/acceso/activar/", 640),
    _on_telephone("activar-recibir", ANONYMOUS, "{activation}", 810),
    _on_telephone(
        "activar-contrasena", ANONYMOUS, "{activation}", 900, click=("text=Recibir mi cuenta",)
    ),
    _on_telephone("entrar", ANONYMOUS, "/acceso/", 990),
    _on_telephone("olvide-mi-contrasena", ANONYMOUS, "/acceso/contrasena/", 570),
    _on_telephone("segundo-paso", LIAISON, "/acceso/segundo-paso/activar/", 710),
    # Before «mi-cuenta»: these codes are shown once.
    _on_telephone("codigos-de-respaldo", CANDIDATE, "/acceso/cuenta/respaldo/", 750),
    _on_telephone(
        "segundo-paso-al-entrar",
        ANONYMOUS,
        "/acceso/",
        750,
        fill=(("#id_login", CANDIDATE), ("#id_password", PASSPHRASE)),
        click=("button:has-text('Entrar')",),
    ),
    _on_telephone("mi-cuenta", CANDIDATE, "/acceso/cuenta/", 780),
    _on_telephone("donde-esta-abierta", CANDIDATE, "/acceso/cuenta/", 480, scroll_to="#h-sesiones"),
)

_CAPTURE: Final = (
    _on_telephone("mi-candidatura", CANDIDATE, "/captura/", 720),
    _on_telephone("fuera-de-plazo", LATE, "/captura/", 740),
    _on_telephone("apartado", CANDIDATE, "/captura/{own}/historia/", 900),
    _on_telephone(
        "mi-fotografia", CANDIDATE, "/captura/{own}/foto_contacto/", 780, scroll_to="form .field"
    ),
    _on_telephone(
        "pedir-asesoria",
        CANDIDATE,
        "/captura/asesorias/nueva/?candidatura={own}",
        960,
        fill=(("#mensaje", "¿Puedo usar la fotografía de mi credencial?"), ("#tema", "foto")),
    ),
    _on_telephone("asesoria-respondida", CANDIDATE, "/captura/asesorias/{answered}/", 690),
    _on_telephone(
        "copiar-respuestas",
        CANDIDATE,
        "/captura/{own}/copiar/",
        900,
        scroll_to="fieldset:has(.notice)",
    ),
    Screen("mis-candidaturas", LIAISON, "/captura/", height=980),
    Screen("revisar-y-enviar", LIAISON, "/captura/{capturing}/revisar/", height=640),
    Screen("observaciones", LIAISON, "/captura/{observed}/propuestas/", height=820),
    Screen("acuse", LIAISON, "/captura/{sent}/acuse/", height=720),
)

_INSTITUTE: Final = (
    _table("fila-de-revision", REVIEWER, "/admin/revision/", 560),
    _table(
        "expediente",
        REVIEWER,
        "/admin/revision/{submission}/",
        760,
        scroll_to="[data-review-answer]:has(.review-text)",
    ),
    _table("asesorias", INTERNAL_BODY, "/admin/asesorias/", 420),
    Screen("responder-asesoria", INTERNAL_BODY, "/admin/asesorias/{waiting}/", height=730),
    Screen("editor-de-noticias", "comunicacion", "/admin/pages/{news}/edit/", height=680),
    Screen("avance", "consulta", "/admin/avance/", height=680),
)

_ADMINISTRATION: Final = (
    Screen("inicio-de-la-administracion", ADMINISTRATOR, "/admin/", height=680),
    Screen("pasos-del-proceso", ADMINISTRATOR, "/admin/procesos/{process}/preparar/", height=680),
    Screen("dias-inhabiles", ADMINISTRATOR, "/admin/dias-inhabiles/varios/?anio=2027&ley=1"),
    Screen("plazos-del-proceso", ADMINISTRATOR, "/admin/procesos/{process}/plazos/", height=700),
    _table("plazos-que-corren", ADMINISTRATOR, "/admin/avance/plazos/", 1000),
    Screen("subir-archivos", ADMINISTRATOR, "/admin/cargas/nueva/", height=640),
    _table("lista-de-candidaturas", ADMINISTRATOR, "{register}"),
    Screen("entrega-de-cuentas", ADMINISTRATOR, "/admin/cuentas/{process}/", height=600),
    _table("cuentas-por-estado", ADMINISTRATOR, "/admin/cuentas/{process}/", 760, "table"),
    Screen(
        "agregar-enlaces",
        ADMINISTRATOR,
        "/admin/cuentas/{process}/enlaces/nuevos/",
        fill=(("textarea", "PAN; Rosa Ejemplo Prueba; rosa@partido.example"),),
    ),
    Screen("hojas", ADMINISTRATOR, "/admin/cuentas/{process}/trabajo/{sheets}/", height=440),
    Screen("cuenta-entregada", ADMINISTRATOR, "/admin/cuentas/{process}/cuenta/{account}/"),
    Screen("cambiar-cuestionarios", ADMINISTRATOR, "/admin/cuestionarios/borradores/", height=440),
    _table("auditoria-de-cuentas", ADMINISTRATOR, "/admin/auditoria/"),
    Screen("quitar-segundo-paso", ADMINISTRATOR, "/admin/segundo-paso/", height=730),
)

_REGISTER: Final = (
    _table("ficha-de-candidatura", ADMINISTRATOR, "{register}{observed}/", 740),
    Screen(
        "dar-de-baja",
        INTERNAL_BODY,
        "{register}{published}/baja/",
        height=760,
        fill=(("#id_on", "2024-05-06"), ("#id_cause", "renuncia")),
    ),
    Screen(
        "sustituir",
        INTERNAL_BODY,
        "{register}{published}/sustituir/",
        False,
        760,
        "li:has(#id_name)",
    ),
    Screen(
        "corregir-datos",
        INTERNAL_BODY,
        "{register}{published}/corregir/",
        False,
        700,
        "li:has(#id_actor)",
    ),
    Screen("reabrir-plazo", ADMINISTRATOR, "{register}{late}/reabrir/", height=740),
)

SCREENS: Final = (*_OWN_ACCOUNT, *_CAPTURE, *_INSTITUTE, *_ADMINISTRATION, *_REGISTER)
