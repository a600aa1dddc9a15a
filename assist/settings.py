"""How is Django told what this house is? Every choice of the deployment comes from lib.env."""

from __future__ import annotations

import os

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

from assist.lib.addresses import lan_addresses, machine_name
from assist.lib.database import database
from assist.lib.env import DATABASE_SCHEMES, REDIS_SCHEMES, ROOT, Env, EnvError
from assist.lib.mail import is_address
from assist.lib.origins import LOOPBACK, origins
from assist.lib.secret import kept_secret

env = Env(os.environ)

# --- The deployment ------------------------------------------------------------------------------
ASSIST_STATE = env.folder("ASSIST_STATE")
ASSIST_HOST = env.host("ASSIST_HOST")
ASSIST_TLS_CERT = env.file("ASSIST_TLS_CERT")
ASSIST_TLS_KEY = env.file("ASSIST_TLS_KEY")
ASSIST_PORT = env.whole("ASSIST_PORT", least=1, most=65535)
ASSIST_HTTPS_PORT = env.whole("ASSIST_HTTPS_PORT", least=1, most=65535)
ASSIST_RELAY_PORT = env.whole("ASSIST_RELAY_PORT", least=1, most=65535)
ASSIST_RELAY_ADDRESS = env.words("ASSIST_RELAY_ADDRESS")
ASSIST_RELAY_MAX_LOAD = env.whole("ASSIST_RELAY_MAX_LOAD", least=1, most=100)
ASSIST_RELAY_MAX_DELAY_MS = env.whole("ASSIST_RELAY_MAX_DELAY_MS", least=1, most=1000)
ASSIST_TURN_URL = env.turn("ASSIST_TURN_URL")
ASSIST_TURN_SECRET = env.text("ASSIST_TURN_SECRET")
ASSIST_ASK = env.choice("ASSIST_ASK", "open", "code")
ASSIST_ASK_CODE = env.text("ASSIST_ASK_CODE")
ASSIST_JOIN = env.choice("ASSIST_JOIN", "invite", "approval", "open")
ASSIST_HOURS = env.opening("ASSIST_HOURS")
ASSIST_OPERATOR = env.text("ASSIST_OPERATOR")
ASSIST_CONTACT = env.text("ASSIST_CONTACT")
ASSIST_PUSH_KEY = env.key("ASSIST_PUSH_KEY")
ASSIST_PUSH_CONTACT = env.mail("ASSIST_PUSH_CONTACT")
ASSIST_EMAIL = env.mail_server("ASSIST_EMAIL_URL")
ASSIST_DRAIN_SECONDS = env.whole("ASSIST_DRAIN_SECONDS", least=0, most=86_400)
ASSIST_METRICS_TOKEN = env.text("ASSIST_METRICS_TOKEN")
ASSIST_REDIS_BIN = env.file("ASSIST_REDIS_BIN")
REDIS_URL = env.url("REDIS_URL", REDIS_SCHEMES) or "redis://127.0.0.1:6379/0"
if ASSIST_ASK == "code" and not ASSIST_ASK_CODE:
    raise EnvError("ASSIST_ASK is code, so ASSIST_ASK_CODE must be set too.")
if bool(ASSIST_TLS_CERT) != bool(ASSIST_TLS_KEY):
    raise EnvError("ASSIST_TLS_CERT and ASSIST_TLS_KEY belong together; only one is set.")
if bool(ASSIST_TURN_URL) != bool(ASSIST_TURN_SECRET):
    raise EnvError("ASSIST_TURN_URL and ASSIST_TURN_SECRET belong together; only one is set.")

ASSIST_SENDER = (ASSIST_EMAIL.sender if ASSIST_EMAIL else "") or ASSIST_CONTACT
if ASSIST_EMAIL and not is_address(ASSIST_SENDER):
    raise EnvError("ASSIST_EMAIL_URL needs ?from= and an address, or ASSIST_CONTACT must be one.")

if ASSIST_JOIN != "invite" and not ASSIST_EMAIL:
    raise EnvError(f"ASSIST_JOIN is {ASSIST_JOIN}, so ASSIST_EMAIL_URL must be set too.")

SECRET_KEY = env.text("ASSIST_SECRET_KEY") or kept_secret(ASSIST_STATE / "secret")
DEBUG = env.flag("ASSIST_DEBUG")

# --- Who may speak to us -------------------------------------------------------------------------
# Computed, never "*": a star would also open the sockets to every foreign page.
ASSIST_LAN = [*lan_addresses(), *([machine_name()] if machine_name() else [])]
ALLOWED_HOSTS = [*LOOPBACK, *ASSIST_LAN, *([ASSIST_HOST] if ASSIST_HOST else [])]
ASSIST_ORIGINS = origins(ASSIST_LAN, ASSIST_HOST, ASSIST_PORT, ASSIST_HTTPS_PORT)
CSRF_TRUSTED_ORIGINS = ASSIST_ORIGINS

# --- What it is made of --------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "assist",
    "assist.accounts",
    "assist.feedback",
    "assist.records",
    "assist.push",
    "assist.gateway",
    "assist.monitor",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # The pages; whitenoise has compressed the files. Against BREACH it pads, and tokens are masked.
    "django.middleware.gzip.GZipMiddleware",
    "assist.responses.HouseHeaders",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "assist.gateway.spelling.InUtf8",
    "assist.gateway.seen.Seen",
]
ROOT_URLCONF = "assist.urls"
ASGI_APPLICATION = "assist.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "frontend" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "assist.responses.house",
                "assist.gateway.context.page",
            ],
        },
    },
]

# --- Memory --------------------------------------------------------------------------------------
DATABASES = {"default": database(env.url("DATABASE_URL", DATABASE_SCHEMES), ASSIST_STATE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [
                {
                    "address": REDIS_URL,
                    # redis-py gives up on a silent connection after 5 s; a subscription is silent
                    # for hours.
                    "socket_timeout": None,
                    "socket_connect_timeout": 2,
                    "health_check_interval": 15,
                    # Without this the first publish after a restart of Redis fails.
                    "retry": Retry(ExponentialBackoff(cap=0.3, base=0.05), 3),
                    "retry_on_error": [RedisConnectionError],
                    # redis-py's own limit of 100 turns a burst of sends into errors.
                    "max_connections": 1000,
                }
            ],
        },
    },
}

# --- People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
LOGIN_URL = "/volunteer/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
SESSION_ENGINE = "assist.accounts.session_store"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "assist.gateway.errors.stale_form"
CSRF_COOKIE_SAMESITE = "Lax"
# The Secure mark is set by assist.responses.HouseHeaders, only on what leaves by HTTPS: localhost
# is served without it.

# --- Letters -------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = ASSIST_SENDER
EMAIL_TIMEOUT = 10
if ASSIST_EMAIL:
    EMAIL_HOST, EMAIL_PORT = ASSIST_EMAIL.host, ASSIST_EMAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ASSIST_EMAIL.user, ASSIST_EMAIL.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = ASSIST_EMAIL.starts_tls, ASSIST_EMAIL.is_tls

# --- What a browser may do with our pages --------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "connect-src": [SELF],  # our own sockets too: wss: of the same host and port is 'self'
        "img-src": [SELF, "blob:"],  # blob: is a photograph that arrived in the call
        "media-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# --- Languages -----------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("da", "Dansk"),
    ("fi", "Suomi"),
    ("nb", "Norsk bokmål"),
    ("pl", "Polski"),
]
# Whoever reads nynorsk, or "Norwegian", reads bokmål sooner than English.
for tag in ("no", "no-no", "nn", "nn-no"):
    LANG_INFO.setdefault(tag, {})["fallback"] = ["nb"]
LOCALE_PATHS = [ROOT / "frontend" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files --------------------------------------------------------------------------------
FRONTEND = ROOT / "frontend"
STATIC_URL = "/static/"
STATIC_ROOT = ASSIST_STATE / "static"
STATICFILES_DIRS = [
    (part, FRONTEND / part) for part in ("js", "css", "img", "sounds") if (FRONTEND / part).is_dir()
]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {"staticfiles": {"BACKEND": "assist.responses.StaticStorage"}}
# Before the first collectstatic (a test, a developer) the files are served from where they lie.
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_AUTOREFRESH = DEBUG

# --- Logs: one line an event, no addresses, no names ----------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "filters": {"without_address": {"()": "assist.gateway.errors.WithoutAddress"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO" if DEBUG else "WARNING"},
    "loggers": {
        "assist": {"level": "INFO"},
        "django": {"handlers": [], "propagate": True},
        "fido2": {"level": "WARNING"},  # it would write down which passkey was used
        "django.request": {"filters": ["without_address"]},
    },
}
