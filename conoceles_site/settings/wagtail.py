"""The CMS: no requests to third parties, its search for the admin only, and our own moderation."""

WAGTAIL_SITE_NAME = "Conóceles"
WAGTAIL_CONTENT_LANGUAGES = [("es-mx", "Español de México")]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("es", "Español")]
WAGTAIL_I18N_ENABLED = False

# Wagtail's notices of comments leave by mail inside the request, and quote what was written.
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_FRONTEND_LOGIN_URL = "/acceso/"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "cms.publication.workflow.publish_reviewed_revision"
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAIL_AUTOSAVE_INTERVAL = 5000
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 1
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# Passwords are changed in /acceso/cuenta/, after a fresh proof (docs/adr/0056).
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["pdf", "csv", "txt"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.portal.documents.CheckedDocumentForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.portal.images.CheckedImageForm"

WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "conoceles_site.staff_search"}}
# The zones of Mexico. The whole list of the machine has names that browsers do not know.
WAGTAIL_USER_TIME_ZONES = [
    f"America/{city}"
    for city in (
        *("Bahia_Banderas", "Cancun", "Chihuahua", "Ciudad_Juarez", "Hermosillo", "Matamoros"),
        *("Mazatlan", "Merida", "Mexico_City", "Monterrey", "Ojinaga", "Tijuana"),
    )
]
