"""The settings that every environment shares. Each concern has a file; this one joins them."""

from conoceles_site.settings.addresses import *  # noqa: F403
from conoceles_site.settings.addresses import PUBLIC_BASE_URL
from conoceles_site.settings.api import *  # noqa: F403
from conoceles_site.settings.database import *  # noqa: F403
from conoceles_site.settings.environment import (
    DATA_DIR,
    ROLE,
    ROOT,
    SERVES_INTERNAL,
    SERVES_PUBLIC,
    env,
    home_entity,
    host_names,
    mail_sender,
    server_address,
    switch,
    time_zone,
)
from conoceles_site.settings.login import *  # noqa: F403
from conoceles_site.settings.logs import *  # noqa: F403
from conoceles_site.settings.search import *  # noqa: F403
from conoceles_site.settings.security import *  # noqa: F403
from conoceles_site.settings.storage import *  # noqa: F403
from conoceles_site.settings.wagtail import *  # noqa: F403

CONOCELES_DATA_DIR = DATA_DIR
CONOCELES_ROLE = ROLE
CONOCELES_HOME_ENTITY = home_entity()
# A copy to learn with: every page and document says so, and no mail leaves.
CONOCELES_TRAINING = switch("CONOCELES_TRAINING", default=False)

DEBUG = False
# The demonstration has fictitious persons and accounts whose passwords are printed.
DEMO_ALLOWED = False
ALLOWED_HOSTS: list[str] = host_names(env.str("ALLOWED_HOSTS", ""))
ROOT_URLCONF = "conoceles_site.urls"
WSGI_APPLICATION = "conoceles_site.wsgi.application"

INSTALLED_APPS = [
    "cms.catalogs",
    "cms.printing",
    "cms.notifications",
    "cms.accounts",
    "cms.candidacies",
    "cms.privacy",
    "cms.questionnaires",
    "cms.published",
    "cms.publication",
    "cms.imports",
    "cms.capture",
    "cms.reports",
    "cms.portal",
    "cms.demo",
    "search",
    "api",
    "conoceles_site",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "cms.accounts.users_app.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    # After the CMS, since it disconnects receivers of the CMS that send mail inside requests.
    "cms.moderation",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "procrastinate.contrib.django",
    *(["allauth", "allauth.account", "allauth.mfa"] if SERVES_INTERNAL else []),
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
]

# Middleware that adds headers to every answer comes before middleware that may refuse a request.
_PUBLIC_MIDDLEWARE = [
    "conoceles_site.health.ProbesMiddleware",
    "conoceles_site.static_files.StaticFilesMiddleware",
    *(["conoceles_site.kept_pages.KeptPagesMiddleware"] if SERVES_PUBLIC else []),
    "conoceles_site.training.TrainingMiddleware",
    "conoceles_site.private_pages.PrivateMiddleware",
    "conoceles_site.logs.AccessLogMiddleware",
    "api.headers.CorsMiddleware",
    "conoceles_site.errors.PlainErrorsMiddleware",
    "conoceles_site.headers.ContentSecurityPolicyMiddleware",
    "conoceles_site.headers.AdminContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "conoceles_site.wellformed.WellFormedMiddleware",
    "conoceles_site.bodies.BodySizeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "conoceles_site.headers.ConditionalMiddleware",
    "django.middleware.common.CommonMiddleware",
]
_INTERNAL_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "cms.accounts.middleware.WhoAsksMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "conoceles_site.admin_pages.ExplorablePagesMiddleware",
    "cms.accounts.middleware.SessionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
MIDDLEWARE = [
    *_PUBLIC_MIDDLEWARE,
    *(_INTERNAL_MIDDLEWARE if SERVES_INTERNAL else []),
    "conoceles_site.wellformed.WellFormedBodyMiddleware",
    "conoceles_site.file_stores.FilesOutOfReachMiddleware",
]

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "conoceles_site.context.site",
]
if SERVES_INTERNAL:
    _CONTEXT_PROCESSORS += [
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": _CONTEXT_PROCESSORS,
            "builtins": [
                "cms.catalogs.templatetags.public_paths",
                "cms.catalogs.templatetags.training",
            ],
        },
    },
    {
        # The contents of pages that are asked for thousands of addresses (docs/adr/0045).
        "NAME": "compiled",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [ROOT / "templates" / "compiled"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "cms.portal.compiled.environment"},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

LANGUAGE_CODE = "es-mx"
LANGUAGES = [("es-mx", "Español de México"), ("es", "Español")]
LOCALE_PATHS = [ROOT / "conoceles_site" / "locale"]
TIME_ZONE = time_zone()
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# Without a server no mail is sent. On the console it would end in the log.
EMAIL_CONFIG = env.email_url_config(
    server_address("EMAIL_URL", env.EMAIL_SCHEMES, "smtp+tls://usuario:clave@correo.example.mx:587")
    or "dummymail://"
)
vars().update(EMAIL_CONFIG)
if CONOCELES_TRAINING:
    # No mail leaves a training copy, whatever EMAIL_URL says.
    EMAIL_BACKEND = "cms.notifications.outbox.OutboxBackend"
# Seconds that a mail server may keep a request or a job waiting.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = mail_sender(PUBLIC_BASE_URL)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

PROCRASTINATE_IMPORT_PATHS = ["conoceles_site.worker", "search.engines.elasticsearch.tasks"]
SERVE_PUBLIC_SITE = SERVES_PUBLIC
SERVE_INTERNAL_SITE = SERVES_INTERNAL
