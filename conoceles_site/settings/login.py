"""Signing in: django-allauth is the only way, and attempts are counted in the database."""

from conoceles_site.settings.environment import SERVES_INTERNAL, switch, whole_number

AUTH_USER_MODEL = "accounts.User"
# Where nobody signs in, nobody can be authenticated either. The first backend counts attempts.
AUTHENTICATION_BACKENDS = (
    [
        "cms.accounts.backends.CountedAttempts",
        "django.contrib.auth.backends.ModelBackend",
    ]
    if SERVES_INTERNAL
    else []
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "cms.accounts.hashers.BoundedArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "/acceso/"
LOGIN_REDIRECT_URL = "/captura/"
LOGOUT_REDIRECT_URL = "/acceso/"
WAGTAILADMIN_LOGIN_URL = "/acceso/"

ACCOUNT_ADAPTER = "cms.accounts.adapter.ClosedSignupAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# allauth keeps its limits in the cache of one process; ours are rows (`cms.accounts.throttle`).
ACCOUNT_RATE_LIMITS = False

# How many of our own proxies stand in front: the address of the visitor comes from their header.
ALLAUTH_TRUSTED_PROXY_COUNT = whole_number("CONOCELES_PROXIES", 0, smallest=0, largest=10)

# The institute's people enter with a second factor. Only a machine of development turns it off.
CONOCELES_SECOND_FACTOR = switch("CONOCELES_SECOND_FACTOR", default=True)
# Our adapter asks by itself whether a proof is fresh (`cms.accounts.second_factor`).
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "cms.accounts.factor_adapter.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "cms.accounts.factor_forms.CodeForm",
    "activate_totp": "cms.accounts.factor_forms.ActivateCodesForm",
    "add_webauthn": "cms.accounts.factor_forms.AddKeyForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Addresses of mail are the institute's to keep; allauth knows of none.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A clock may be half a minute wrong. Each code is good once (`cms.accounts.factors`).
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Conóceles"

# For how many days a link that activates an account is good.
CONOCELES_ACTIVATION_DAYS = whole_number("CONOCELES_ACTIVATION_DAYS", 10, smallest=1, largest=60)
