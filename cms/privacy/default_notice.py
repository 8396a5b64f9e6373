"""The notice that a new installation starts with, to be replaced by the institute's own."""

from typing import Any

from django.utils import timezone

from cms.privacy.models import SimplifiedNotice

DEFAULT_NOTICE: dict[str, str] = {
    "title": "Aviso de privacidad simplificado: cuestionario curricular",
    "responsible": (
        "El Instituto Electoral, con el domicilio que publica en su página, es responsable de los"
        " datos personales que escribas en este sistema. Los trata por medio de su Unidad Técnica"
        " de Transparencia y Acceso a la Información Pública."
    ),
    "purposes": (
        "Usamos los datos para crear y entregar las cuentas, revisar que las respuestas cumplan los"
        " Lineamientos, enviarte observaciones y publicar el cuestionario curricular, para que la"
        " ciudadanía conozca a quienes piden su voto. Se publican la fotografía, los estudios, la"
        " historia profesional, la trayectoria, las propuestas y los medios de contacto que tú"
        " marques como públicos. El correo para aclaraciones no se publica."
    ),
    "consent_purposes": (
        "El cuestionario curricular no pide datos sensibles. La publicación de tu fotografía se"
        " apoya en tu autorización, que puedes retirar. El cuestionario de identidad tiene su"
        " propio aviso y necesita el consentimiento expreso de cada candidatura."
    ),
    "transfers": (
        "No se transfieren datos personales que requieran tu consentimiento. Al Instituto Nacional"
        " Electoral se le entregan solo cifras, que no identifican a nadie."
    ),
    "refusal": (
        "Antes de escribir puedes negarte a las finalidades que requieren tu consentimiento, o"
        " ejercer tus derechos de acceso, rectificación, cancelación y oposición, en la Unidad de"
        " Transparencia del Instituto. Lo que ya estuvo en internet pudo ser copiado por otras"
        " personas."
    ),
    "integral_notice": (
        "El aviso integral está en la sección de privacidad de este sitio y, en papel, en las"
        " oficinas del Instituto."
    ),
}


def ensure_default_notice(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: without any notice nobody could capture."""
    if not SimplifiedNotice.objects.exists():
        SimplifiedNotice.objects.create(in_force_from=timezone.now(), **DEFAULT_NOTICE)
