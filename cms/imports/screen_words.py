"""Messages of the commands in the words of the screen, whose forms have no options. Pure."""

from typing import Final

from cms.imports.reading import REPAIR_OPTION

_WORDS: Final = (
    (
        f"repite la orden con {REPAIR_OPTION}",
        "súbelo otra vez con «Reparar celdas mal codificadas»",
    ),
    ("indica el perfil con --profile", "elige el formato al subirlo"),
    ("Importa sin --publish", "Súbelo sin «Publicar las respuestas»"),
    (
        "docs/registro.md las explica con un ejemplo.",
        "la plantilla que se descarga en «Subir un archivo» las trae todas.",
    ),
    ("como explica docs/importar.md", "como explica la guía de importación"),
    ("Repite la importación.", "Súbelo de nuevo."),
    ("o elige cuál se lee (--sheet).", "o elígela aquí."),
)


def on_screen(text: str) -> str:
    """A message without options of commands or names of documents."""
    for command, screen in _WORDS:
        text = text.replace(command, screen)
    return text
