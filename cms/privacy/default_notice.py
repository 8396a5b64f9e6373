"""The notice that a new installation starts with, to be replaced by the institute's own."""

from typing import Any

from django.utils import timezone

from cms.catalogs.first_data import when_migrated
from cms.privacy.models import SimplifiedNotice

DEFAULT_NOTICE: dict[str, str] = {
    "title": "Aviso de privacidad simplificado: cuestionario curricular (texto de inicio)",
    "responsible": (
        "El Instituto Electoral es responsable de los datos personales que escribas en este"
        " sistema, por medio de su Unidad Técnica de Transparencia y Acceso a la Información"
        " Pública. Su domicilio es el que publica en su página oficial. Este es el texto con que"
        " empieza el sistema: el Instituto lo sustituye por el suyo, con su nombre y domicilio"
        " completos, antes de pedir datos a nadie."
    ),
    "purposes": (
        "Usamos los datos para crear y entregar las cuentas, revisar que las respuestas cumplan los"
        " Lineamientos (las reglas del INE para este sistema), enviarte observaciones y"
        " publicar el cuestionario curricular, para que la ciudadanía conozca a quienes piden su"
        " voto. Se publican los estudios, la historia"
        " profesional, la trayectoria, el motivo, las propuestas, la fotografía y los medios de"
        " contacto que escribas como públicos. El correo para aclaraciones no se publica. Con las"
        " respuestas se hacen estadísticas que no identifican a nadie."
    ),
    "consent_purposes": (
        "La publicación de la fotografía necesita la autorización de la persona retratada, que"
        " puede retirarla en cualquier momento. El cuestionario curricular no pide datos sensibles:"
        " no los escribas en él. El cuestionario de identidad tiene su propio aviso y necesita el"
        " consentimiento expreso de cada candidatura. Marcar que leíste este aviso no es un"
        " consentimiento, y si capturas por otra persona no lo das en su nombre."
    ),
    "transfers": (
        "No se hacen transferencias que requieran consentimiento. Al Instituto Nacional Electoral"
        " se le entregan solo cifras, que no identifican a nadie."
    ),
    "refusal": (
        "Antes de escribir, y también después, puedes negarte a las finalidades que requieren"
        " consentimiento y ejercer los derechos de acceso, rectificación, cancelación y oposición"
        " en la Unidad de Transparencia del Instituto. Lo que estuvo en internet pudo ser copiado"
        " por otras personas."
    ),
    "integral_notice": (
        "El aviso integral está en la sección «Privacidad» de este sitio y, en papel, en las"
        " oficinas del Instituto."
    ),
}


@when_migrated("privacy.SimplifiedNotice")
def ensure_default_notice(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: without any notice nobody could capture."""
    if not SimplifiedNotice.objects.exists():
        SimplifiedNotice.objects.create(in_force_from=timezone.now(), **DEFAULT_NOTICE)
