"""The reasons for which a picture is refused, in Spanish, each with what to do."""


class PictureRejected(Exception):
    """The file cannot be used. `explanation` says why, and what to do."""

    def __init__(self, explanation: str) -> None:
        self.explanation = explanation
        super().__init__(explanation)


class Busy(PictureRejected):
    """Other pictures are being read. Nothing is wrong with this one."""

    def __init__(self) -> None:
        super().__init__(
            "En este momento se están preparando otras imágenes. Espera unos segundos y súbela de"
            " nuevo; lo demás que escribiste sigue aquí."
        )


def damaged() -> PictureRejected:
    """The file begins like a picture, but the rest cannot be read."""
    return PictureRejected(
        "La imagen está dañada o llegó incompleta. Ábrela en tu equipo, guárdala de nuevo como JPG"
        " y súbela."
    )


def too_costly() -> PictureRejected:
    """Reading it would take more work or memory than any photograph needs."""
    return PictureRejected(
        "La imagen está guardada de una forma que pide demasiado trabajo para abrirla. Ábrela en tu"
        " equipo, guárdala de nuevo como JPG y súbela."
    )


def uncommon() -> PictureRejected:
    """A variant of the format that no common program writes."""
    return PictureRejected(
        "La imagen es de una variante poco común que no se puede abrir aquí. Guárdala de nuevo como"
        " JPG y súbela."
    )


def too_many_points(width: int, height: int, most: int) -> PictureRejected:
    """It has more pixels than are decoded in its format."""
    return PictureRejected(
        f"La imagen tiene demasiados puntos: mide {width} × {height}, y se admiten hasta"
        f" {most // 1_000_000} millones. Redúcela, o guárdala como JPG, y súbela."
    )
