"""What the editorial pages say until Comunicación Social writes its own."""

FIRST_PAGES: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "FaqPage",
        "preguntas",
        "Preguntas frecuentes",
        "Qué es Conóceles, quién escribe lo que lees y cómo se revisa.",
        "<h2>¿Qué es Conóceles?</h2><p>Es el sitio donde cada persona que pide tu voto dice quién"
        " es, qué ha hecho y qué propone. La ley obliga a partidos y candidaturas a responder.</p>"
        "<h2>¿Quién escribe las respuestas?</h2><p>Cada candidatura, por sí misma o por medio del"
        " partido que la postula. Se publican completas, con sus propias palabras.</p>"
        "<h2>¿Cómo se revisan?</h2><p>El Instituto revisa que no haya ofensas, copias de otra"
        " candidatura, alusiones a otras personas ni propaganda. Si encuentra algo, lo devuelve con"
        " observaciones para que se corrija. No comprueba ni califica lo que se dice.</p>"
        "<h2>¿Por qué hay candidaturas sin información?</h2><p>Porque todavía no han enviado sus"
        " respuestas o están en revisión. Su página dice desde cuándo.</p>"
        "<h2>¿En qué orden aparecen?</h2><p>En el de la boleta. Cuando buscas una palabra, primero"
        " van las que mejor coinciden con ella, nunca por partido ni por cuánto hayan escrito.</p>",
    ),
    (
        "ContentPage",
        "privacidad",
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
        "accesibilidad",
        "Accesibilidad",
        "Cómo está hecho este sitio para que cualquiera pueda usarlo.",
        "<h2>Qué seguimos</h2><p>Las pautas WCAG 2.2, nivel AA. Cada página se prueba con un"
        " verificador automático, solo con el teclado, en un teléfono pequeño y en modo oscuro.</p>"
        "<h2>Qué puedes esperar</h2><p>Todo funciona sin JavaScript, sin ratón y con la letra al"
        " 400 %. Las imágenes que informan tienen descripción. Los formularios dicen qué falta y"
        " conservan lo que escribiste.</p>"
        "<h2>Si algo no te funciona</h2><p>Escríbele a la Unidad de Transparencia del Instituto: dinos"
        " la página, qué querías hacer y con qué equipo. Lo corregiremos.</p>",
    ),
)
