"""The texts of the editorial pages until Comunicación Social writes its own."""

import hashlib

from cms.catalogs.public_paths import ACCESSIBILITY, PRIVACY, QUESTIONS

FIRST_PAGES: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "FaqPage",
        QUESTIONS.slug,
        "Preguntas frecuentes",
        "Qué es Conóceles, quién escribe lo que lees y cómo se revisa.",
        "<h2>¿Qué es Conóceles?</h2><p>Es el sitio donde cada persona que pide tu voto dice quién"
        " es, qué ha hecho y qué propone. La ley obliga a partidos y candidaturas a responder.</p>"
        "<h2>¿Quién escribe las respuestas?</h2><p>La candidatura o su partido. Se publican"
        " completas, con sus propias palabras.</p>"
        "<h2>¿Cómo se revisan?</h2><p>El Instituto revisa que cumplan los Lineamientos, que son las"
        " reglas del INE para este sitio: que no haya ofensas, copias de otra candidatura, alusiones"
        " a otras personas ni propaganda. Si encuentra algo, lo devuelve con observaciones para que"
        " se corrija. No comprueba ni califica lo que se dice.</p>"
        "<h2>¿Por qué hay candidaturas sin información?</h2><p>Porque todavía no han enviado sus"
        " respuestas o están en revisión. Su página dice desde cuándo.</p>"
        "<h2>¿En qué orden aparecen?</h2><p>En el de la boleta. Cuando buscas una palabra, primero"
        " va lo que más se parece a tu búsqueda, nunca por partido ni por cuánto hayan escrito.</p>"
        "<h2>¿Por quién voto en mi municipio?</h2><p>Con un solo voto eliges a todo el equipo:"
        " presidencia, sindicatura y regidurías.</p>"
        "<h2>Palabras de la boleta</h2><ul>"
        "<li><b>Planilla</b>: el equipo completo que un partido, una coalición o una candidatura"
        " independiente presenta para gobernar un municipio.</li>"
        "<li><b>Propietaria</b>: la persona que ocupa el cargo si gana.</li>"
        "<li><b>Suplente</b>: la persona que entra si falta la propietaria.</li>"
        "<li><b>Sindicatura</b>: quien cuida las cuentas y los bienes del municipio.</li>"
        "<li><b>Regidurías</b>: quienes deciden en el cabildo, junto con la presidencia y la"
        " sindicatura. Las de <b>mayoría</b> son de la planilla que gana; las de <b>representación"
        " proporcional</b> se reparten según los votos de cada partido.</li>"
        "<li><b>Lineamientos</b>: las reglas del INE que dicen qué se pregunta aquí, quién responde"
        " y cómo se revisa.</li></ul>",
    ),
    (
        "ContentPage",
        PRIVACY.slug,
        "Privacidad",
        "Qué datos se publican, cuáles no, y qué pasa con quien visita el sitio.",
        "<h2>Quien visita el sitio</h2><p>Consultar candidaturas no usa cookies, ni rastreadores,"
        " ni servicios de terceros. No guardamos lo que buscas.</p>"
        "<h2>Las candidaturas</h2><p>Se publica el registro (nombre, cargo, quién postula, edad al"
        " registro) y, cuando se aprueba, el cuestionario curricular con los medios de contacto que"
        " la propia candidatura marcó como públicos. La fecha de nacimiento, el correo y el teléfono"
        " internos no se publican.</p>"
        "<h2>Tus derechos</h2><p>Puedes ejercer tus derechos de acceso, rectificación, cancelación y"
        " oposición ante la Unidad de Transparencia del Instituto. Es gratuito.</p>",
    ),
    (
        "ContentPage",
        ACCESSIBILITY.slug,
        "Declaración de accesibilidad",
        "Qué hacemos para que cualquiera pueda usar este sitio, qué probamos y qué falta.",
        "<h2>Compromiso</h2><p>El Instituto quiere que cualquier persona pueda saber quién pide su"
        " voto, con o sin discapacidad. Mejoramos este sitio con lo que nos escribes.</p>"
        "<h2>Qué hacemos</h2><ul>"
        "<li>La accesibilidad es parte de los requisitos del sitio, y se prueba cada vez que"
        " cambia.</li>"
        "<li>Todo lo que se consulta funciona sin JavaScript y sin ratón.</li>"
        "<li>Los colores se adaptan al modo oscuro, al contraste alto y a los colores que elijas en"
        " tu equipo.</li>"
        "<li>Los formularios dicen qué falta y conservan lo que escribiste.</li></ul>"
        "<h2>Estado de cumplimiento</h2><p>Seguimos las Pautas de Accesibilidad para el Contenido Web"
        " (WCAG) 2.2, nivel AA. El sitio es <b>parcialmente conforme</b>: algunas partes pueden no"
        " cumplirlas del todo, y no todo se ha probado. Abajo decimos qué.</p>"
        "<h2>Escríbenos</h2><p>Si algo no te funciona, o necesitas la información de otra manera, dile"
        " a la Unidad de Transparencia del Instituto qué página era, qué querías hacer y con qué"
        " equipo.</p>"
        "<h2>Con qué funciona</h2><p>Está hecho para las versiones actuales de los navegadores; las"
        " pruebas se hacen con Chromium. En navegadores de hace varios años puede verse más sencillo."
        " Se lee desde 320 píxeles de ancho, y con la letra al 200 %.</p>"
        "<h2>Con qué está hecho</h2><p>HTML, CSS, SVG y WAI-ARIA; y JavaScript, del que no depende"
        " nada de lo que se consulta.</p>"
        "<h2>Qué falta, y qué puedes hacer mientras</h2><ul>"
        "<li><b>Fotografías</b>: su descripción la escribe la candidatura o su partido, y puede ser"
        " breve. Si no hay, decimos de quién es.</li>"
        "<li><b>Textos de las candidaturas</b>: se publican como se escribieron, y pueden no ser"
        " fáciles de leer. No hay versión en lengua de señas ni en lenguas indígenas: pídenos ayuda"
        " para leerlos.</li>"
        "<li><b>Mapa</b>: los municipios pequeños son difíciles de tocar. La lista que está debajo"
        " lleva a los mismos lugares.</li>"
        "<li><b>Documentos</b>: los archivos que se descargan pueden no ser accesibles. Pídelos en"
        " otro formato.</li>"
        "<li><b>Páginas internas</b>: las que usa el personal del Instituto dependen de Wagtail, un"
        " programa de otros, y heredan sus límites.</li></ul>"
        "<h2>Cómo lo evaluamos</h2><p>Es una evaluación propia, con pruebas automáticas en Chromium:"
        " axe en pantallas de 1280 y de 390 píxeles, en claro y en oscuro, con más contraste y con"
        " colores forzados; recorridos solo con el teclado; la letra y los espacios agrandados; y sin"
        " JavaScript. No lo hemos probado con lectores de pantalla ni con personas con discapacidad,"
        " y ninguna institución externa lo ha revisado.</p>"
        "<h2>Fecha</h2><p>Esta declaración se escribió el 28 de noviembre de 2026, con las pruebas de"
        " esa fecha.</p>",
    ),
)

# Digests of earlier first texts: nobody has edited a page that still says one of them.
FORMER: dict[str, frozenset[str]] = {
    QUESTIONS.slug: frozenset({"e3a88e142e375ba3ae17bdb0d21818726ea30bf2135ae44c6cbf9edf492dfabc"}),
    ACCESSIBILITY.slug: frozenset(
        {"6dbd94f9e34f558ffa048150b955f4f33c6b3915ae6827b4dfb408e940009fe0"}
    ),
}


def digest(title: str, summary: str, body: str) -> str:
    """SHA-256 (hexadecimal) of what a page says."""
    return hashlib.sha256("\n".join((title, summary, body)).encode()).hexdigest()
