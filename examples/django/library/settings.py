import os

from psycopg.conninfo import conninfo_to_dict

# The authentication server: its endpoints, the seconds to wait for an answer, and what its JWTs contain.
AUTH_URL = os.environ.get("READER_AUTH_URL", "http://localhost:4400/api/auth")
AUTH_TIMEOUT = float(os.environ.get("READER_AUTH_TIMEOUT", "10"))
AUTH_TOKENS = {
    "issuer": os.environ.get("READER_ISSUER", "http://localhost:4400"),
    "audience": os.environ.get("READER_AUDIENCE", "http://localhost:4400"),
    "algorithms": ["EdDSA"],
    "options": {"require": ["exp", "iat", "sub"]},
}
# Proxies in front of this application, and origins of its pages.
TRUSTED_PROXIES = ["127.0.0.1"]
CSRF_TRUSTED_ORIGINS = ["http://localhost:8000"]

# The database of the authentication server. Django's tables are beside its own.
database = conninfo_to_dict(os.environ["READER_DATABASE_URL"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database["dbname"],
        "USER": database.get("user", ""),
        "PASSWORD": database.get("password", ""),
        "HOST": database.get("host", ""),
        "PORT": database.get("port", ""),
    }
}

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only for development")
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
INSTALLED_APPS = ["shelf"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "shelf.middleware.AuthServerMiddleware",
]
ROOT_URLCONF = "library.urls"
USE_TZ = True
