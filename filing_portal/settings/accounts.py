"""Signing in: django-allauth with second factors, lockout by django-axes, codes by SMS."""

from __future__ import annotations

import os

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# The account's own address is encrypted: allauth can neither query nor lower-case that column.
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "区块链信息服务备案管理系统"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False

SMS_BACKEND = "registry.sms.ConsoleBackend"
SMS_GATEWAY_URL = os.environ.get("FILING_PORTAL_SMS_GATEWAY_URL", "")
SMS_GATEWAY_ACCESS_KEY = os.environ.get("FILING_PORTAL_SMS_GATEWAY_ACCESS_KEY", "")
SMS_GATEWAY_SECRET = os.environ.get("FILING_PORTAL_SMS_GATEWAY_SECRET", "")
SMS_GATEWAY_SIGNATURE = os.environ.get("FILING_PORTAL_SMS_GATEWAY_SIGNATURE", "")
SMS_GATEWAY_TIMEOUT_SECONDS = 5
