"""Words that no search looks for, because nearly everybody writes them."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cms.catalogs.spanish import fold

# Folded words that say nothing by themselves. No engine looks for them, so nothing may be exchanged
# for one of them alone: whoever writes «violencia de género» would need a synonym of «de». «Tala»
# is among them because it has the stem of «tal».
_COMMON = """
    a al algo algun alguna algunas alguno algunos ante aquel aquella aquellas aquello aquellos
    aqui asi aun aunque cada como con cual cuales cualquier cuando cuanto de del desde donde dos
    e el ella ellas ello ellos en entre era eran es esa esas ese eso esos esta estas este esto
    estos fue fueron ha haber habia habian han has hasta hay he hemos la las le les lo los mas
    me mi mientras mis mucha muchas mucho muchos muy ni no nos nosotras nosotros nuestra
    nuestras nuestro nuestros o os otra otras otro otros para pero por porque pues que qui quien
    quienes se sea segun ser si sido siendo sin sobre son soy su sus suya suyas suyo suyos tal
    tala tales tambien tan tanta tantas tanto tantos te tiene tienen toda todas todo todos tu
    tus u un una unas uno unos usted ustedes y ya yo
"""
COMMON = frozenset(_COMMON.split())
_WORD = re.compile(r"[^\W_]+")


def has_none_but_common(text: str) -> bool:
    """Whether a text holds no word that can be searched: «de la», «…»."""
    return COMMON.issuperset(_WORD.findall(fold(text)))


def refuse_common(field: str, texts: Iterable[str]) -> None:
    """Raise ValidationError if a text holds only words that the search leaves out."""
    if common := next((text for text in texts if has_none_but_common(text)), None):
        said = _("La búsqueda no toma en cuenta «%(text)s», por ser muy común. Escribe otra.")
        raise ValidationError({field: said % {"text": common}})
