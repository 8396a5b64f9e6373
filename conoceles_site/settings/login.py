"""Signing in: django-allauth is the only door, django-axes stands behind it."""

from conoceles_site.settings.environment import SERVES_INTERNAL, env

AUTH_USER_MODEL = "accounts.User"
# Where nobody signs in, nobody can be authenticated either.
AUTHENTICATION_BACKENDS = (
    [
        "axes.backends.AxesStandaloneBackend",
        "allauth.account.auth_backends.AuthenticationBackend",
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
    "django.contrib.auth.hashers.Argon2PasswordHasher",
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
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}

# How many proxies of ours stand before the site: the visitor's address is taken from theirs.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("CONOCELES_PROXIES", 0)
AXES_CLIENT_IP_CALLABLE = "cms.accounts.lockout.address_of"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "cms.accounts.lockout.locked_out"
AXES_VERBOSE = False
