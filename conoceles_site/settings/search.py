"""Elasticsearch or OpenSearch, where an institute has one. Without it PostgreSQL alone searches."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from conoceles_site.settings.environment import env, index_prefix, server_address, whole_number

ELASTICSEARCH_URL = server_address(
    "ELASTICSEARCH_URL", {"http", "https"}, "https://buscador.example.mx:9200"
)
# A key, or a user with a password; neither where the server asks for none.
ELASTICSEARCH_API_KEY: str = env.str("ELASTICSEARCH_API_KEY", "").strip()
ELASTICSEARCH_USER: str = env.str("ELASTICSEARCH_USER", "").strip()
ELASTICSEARCH_PASSWORD: str = env.str("ELASTICSEARCH_PASSWORD", "")
# The file with the certificate of the authority that signed the server's; else those of the system.
ELASTICSEARCH_CA: str = env.str("ELASTICSEARCH_CA", "").strip()
# How long a search may take before PostgreSQL answers in its place.
ELASTICSEARCH_SECONDS = (
    whole_number("ELASTICSEARCH_MILLISECONDS", 800, smallest=50, largest=60_000) / 1000
)
# Installations that share a server have different prefixes.
ELASTICSEARCH_PREFIX = index_prefix()
ELASTICSEARCH_SHARDS = whole_number("ELASTICSEARCH_SHARDS", 1, smallest=1, largest=100)
ELASTICSEARCH_REPLICAS = whole_number("ELASTICSEARCH_REPLICAS", 0, smallest=0, largest=20)

if ELASTICSEARCH_API_KEY and ELASTICSEARCH_USER:
    raise ImproperlyConfigured(
        "ELASTICSEARCH_API_KEY y ELASTICSEARCH_USER son dos maneras de entrar: escribe una sola."
    )
if bool(ELASTICSEARCH_USER) != bool(ELASTICSEARCH_PASSWORD):
    raise ImproperlyConfigured(
        "ELASTICSEARCH_USER y ELASTICSEARCH_PASSWORD van juntas: falta una de las dos."
    )
if ELASTICSEARCH_CA and not Path(ELASTICSEARCH_CA).is_file():
    raise ImproperlyConfigured(
        "ELASTICSEARCH_CA es la ruta de un archivo PEM que existe, con el certificado de la"
        " autoridad que firmó el del servidor de búsqueda."
    )
