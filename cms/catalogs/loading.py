"""Loads the catalogues that every database needs. Runs after each migration; safe to repeat."""

from typing import Any

from django.utils.text import slugify

from cms.catalogs.files import municipalities_of, read_catalogue
from cms.catalogs.first_data import when_migrated
from cms.catalogs.models import Office, Territory, TerritoryKind
from cms.catalogs.spanish import fold, sort_key

# Its municipalities are in every installation; those of the others come with their first process.
FIRST_ENTITY = "05"


def _load_offices() -> None:
    known = {office.code: office for office in Office.objects.all()}
    for row in read_catalogue("cargos.csv"):
        if row["clave"] not in known:
            Office.objects.create(
                code=row["clave"],
                name=row["nombre"],
                target=row["frase"],
                territory_kind=row["ambito"],
                ballot_order=int(row["orden"]),
            )


def _load_entities() -> None:
    known = set(
        Territory.objects.filter(kind=TerritoryKind.ENTITY).values_list("entity_code", flat=True)
    )
    missing = [row for row in read_catalogue("entidades.csv") if row["clave"] not in known]
    Territory.objects.bulk_create(
        Territory(
            kind=TerritoryKind.ENTITY,
            entity_code=row["clave"],
            key=fold(row["nombre"]),
            name=row["nombre"],
            sort_key=sort_key(row["nombre"]),
            slug=f"entidad-{slugify(row['nombre'])}",
        )
        for row in missing
    )


def _load_municipalities() -> None:
    known = set(Territory.objects.exclude(cvegeo="").values_list("cvegeo", flat=True))
    Territory.objects.bulk_create(
        Territory(
            kind=TerritoryKind.MUNICIPALITY,
            entity_code=row["cvegeo"][:2],
            key=fold(row["nombre"]),
            name=row["nombre"],
            sort_key=sort_key(row["nombre"]),
            slug=slugify(row["nombre"]),
            cvegeo=row["cvegeo"],
            number=int(row["cvegeo"][2:]),
            majority_councillors=int(row["regidurias_mayoria"]),
        )
        for row in municipalities_of(FIRST_ENTITY)
        if row["cvegeo"] not in known
    )


@when_migrated("catalogs.Office", "catalogs.Territory")
def load_catalogues(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: load entities, the municipalities of Coahuila, and offices."""
    _load_offices()
    _load_entities()
    _load_municipalities()
