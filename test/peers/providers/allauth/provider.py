"""django-allauth as an OpenID provider. The first word says what to do; the database is in the working directory.

prepare                 makes the database, the signing key, the user and the clients; a secret is in SPECIAL_SECRET
serve PORT              answers until it is ended
delete-tokens           deletes every token, as an administrator would
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

directory = Path.cwd()
key_file = directory / "key.pem"

settings.configure(
    SECRET_KEY="only-for-tests-on-loopback-0123456789abcdef",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": directory / "db.sqlite3"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "allauth",
        "allauth.account",
        "allauth.idp.oidc",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    LOGIN_URL="/accounts/login/",
    ACCOUNT_EMAIL_VERIFICATION="none",
    # The steps sign in more often than a person does.
    ACCOUNT_RATE_LIMITS=False,
    IDP_OIDC_RATE_LIMITS=False,
    IDP_OIDC_PRIVATE_KEY=key_file.read_text() if key_file.exists() else "",
)
django.setup()

from django.urls import include, path  # noqa: E402

urlpatterns = [path("accounts/", include("allauth.urls")), path("", include("allauth.idp.urls"))]


def prepare():
    from allauth.idp.oidc.models import Client
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from django.contrib.auth import get_user_model

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key_file.write_bytes(key.private_bytes(*encoding))
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_user("dev", "dev@example.com", "dev-password")

    def make(id, **settings):
        client = Client(id=id, name=id, **settings)
        client.set_scopes(["openid", "profile", "email", "offline_access"])
        client.set_grant_types([grant.value for grant in Client.GrantType])
        client.set_redirect_uris(["http://127.0.0.1/callback"])
        return client

    make("main", type=Client.Type.PUBLIC).save()
    special = make("special", type=Client.Type.CONFIDENTIAL)
    special.set_secret(os.environ["SPECIAL_SECRET"])
    special.save()


def serve(port):
    call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, skip_checks=True)


def delete_tokens():
    from allauth.idp.oidc.models import Token

    Token.objects.all().delete()


{"prepare": prepare, "serve": serve, "delete-tokens": delete_tokens}[sys.argv[1]](*sys.argv[2:])
