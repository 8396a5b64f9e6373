"""Three pieces of fictitious news."""

from datetime import date

from cms.portal.models import NewsIndexPage, NewsPage

NEWS: tuple[tuple[date, str, str, str], ...] = (
    (
        date(2024, 4, 27),
        "Primer informe: cuánta información han publicado las candidaturas",
        "El Consejo General recibió el informe parcial con el avance por cargo y por actor político.",
        "<p>El informe cuenta cuántas candidaturas respondieron el cuestionario curricular y cuántas"
        " faltan, por cargo, por municipio y por quién postula. No califica lo que dicen.</p><p>Los"
        " plazos siguen abiertos: quien no ha respondido puede hacerlo hasta el día de la elección, y"
        " su página lo mostrará en cuanto se revise.</p>",
    ),
    (
        date(2024, 4, 18),
        "Qué pasa cuando una candidatura termina",
        "Su página se conserva con un aviso y la fecha; la boleta impresa puede no cambiar.",
        "<p>Si alguien renuncia o su registro se cancela, la página lo dice arriba, con la fecha. Sus"
        " respuestas dejan de aparecer en las listas, pero el nombre puede seguir en la boleta"
        " impresa.</p><p>Quien entra en su lugar tiene su propia página y su propio plazo: no hereda"
        " textos ni fotografía.</p>",
    ),
    (
        date(2024, 4, 2),
        "Conóceles abre al público: consulta tu boleta completa",
        "Presidencias, sindicaturas y regidurías de los 38 ayuntamientos, propietarias y suplentes.",
        "<p>Desde hoy puedes leer quién pide tu voto en tu municipio. Elige el tuyo en el mapa o en la"
        " lista, o busca una palabra: agua, empleo, transporte.</p><p>El sitio no usa cookies ni"
        " rastreadores y funciona en cualquier teléfono.</p>",
    ),
)


def publish_news() -> int:
    """Publish the news of the demonstration. Returns how many are new."""
    index = NewsIndexPage.objects.first()
    if index is None:
        return 0
    made = 0
    for number, (day, title, summary, body) in enumerate(NEWS):
        slug = f"demostracion-{number + 1}"
        if index.get_children().filter(slug=slug).exists():
            continue
        page = NewsPage(title=title, slug=slug, date=day, summary=summary, body=body)
        index.add_child(instance=page)
        page.save_revision().publish()
        made += 1
    return made
