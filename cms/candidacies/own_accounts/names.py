"""Names of accounts: words that anybody can read aloud and type, which say nothing of a person."""

import secrets
from collections.abc import Collection

from cms.accounts.models import User

_WORDS = """
abeto abril acero agua alba almendra amapola ancla arce arena arroyo avellana avena azul barro
bosque brisa bronce cabra cacao calma camino campana canela canto caracol cascada castor cedro
ceiba cereza chopo cielo ciervo ciprés cobre coral corcho cueva delta diamante durazno eco
encino enero espiga estrella faro fresno fuente gaviota girasol granada granito grulla guayaba
halcón helecho hielo higo hoja huerto isla jade jazmín junio laguna lago lana lava lavanda leña
lienzo lima limón lince lino lirio llama llano lluvia loma lucero luna madera maguey malva mango
mapa marea marfil marzo mayo menta mesa mezquite miel mimbre monte mora musgo nardo naranja nave
nieve niebla nogal nube oasis olivo olmo onda ópalo orilla otoño palma papel pera perla piedra
pino playa plaza pluma polen puente puerto quinta rama rayo remo roble roca rocío romero rosa
ruta salvia sauce semilla sendero sierra silla sol sombra surco tabaco tallo tejo tierra tigre
torre trébol trigo trueno tulipán uva valle vela verano vereda vid viento volcán yuca zafiro
zarza
""".split()  # noqa: SIM905 (a list of so many words is read as a text)
_PLAIN = str.maketrans("áéíóúñ", "aeioun")
WORDS: tuple[str, ...] = tuple(sorted({word.translate(_PLAIN) for word in _WORDS}))


def new_name() -> str:
    """«cobre-nube-trigo-482»: one of some 7,000 million."""
    words = "-".join(secrets.choice(WORDS) for _word in range(3))
    return f"{words}-{secrets.randbelow(900) + 100}"


def new_names(number: int) -> list[str]:
    """So many names, all different, that no account has."""
    names: set[str] = set()
    while len(names) < number:
        names |= {new_name() for _missing in range(number - len(names))}
        names -= _taken(names)
    return list(names)


def _taken(names: Collection[str]) -> set[str]:
    return set(User.objects.filter(username__in=names).values_list("username", flat=True))
