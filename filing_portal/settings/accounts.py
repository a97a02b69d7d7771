"""Signing in: django-allauth with second factors, lockout by django-axes, codes by SMS and e-mail."""

from __future__ import annotations

import os

from filing_portal.settings.environment import dotted_name, sms_gateway

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "registry.accounts.backends.AccountBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "mobile", "email")},
    },
    {
        "NAME": "registry.accounts.passwords.LengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

SESSION_ENGINE = "registry.accounts.sessions"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "registry.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "registry.accounts.forms.SignInForm",
    "signup": "registry.accounts.forms.SignUpForm",
    "change_password": "registry.accounts.forms.ChangePasswordForm",
    "reauthenticate": "registry.accounts.forms.ConfirmPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Mobile and e-mail live encrypted in Account and are verified before an account exists; allauth's own table
# of addresses, which holds plain text, stays empty.
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "email*", "password1*"]
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# allauth counts attempts in the cache. accounts.limits counts them in the database: a flushed cache must not lift the
# limits, and an unreachable one must not block signing in.
ACCOUNT_RATE_LIMITS = False
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("FILING_PORTAL_TRUSTED_PROXIES") or "0")

MFA_ADAPTER = "registry.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# One period to either side, because clocks of phones are not exact.
MFA_TOTP_TOLERANCE = 1
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = "区块链信息服务备案管理系统"
MFA_FORMS = {
    "authenticate": "registry.accounts.second_factor.SecondFactorForm",
    "reauthenticate": "registry.accounts.second_factor.ConfirmSecondFactorForm",
    "authenticate_webauthn": "registry.accounts.second_factor.SecondFactorKeyForm",
    "reauthenticate_webauthn": "registry.accounts.second_factor.ConfirmSecondFactorKeyForm",
    "activate_totp": "registry.accounts.second_factor.ActivateForm",
    "add_webauthn": "registry.accounts.second_factor.AddKeyForm",
    "edit_webauthn": "registry.accounts.second_factor.RenameKeyForm",
}
OFFICERS_NEED_SECOND_FACTOR = False

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "registry.accounts.backends.lockout_key"
AXES_CLIENT_IP_CALLABLE = "registry.gateways.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "registry.accounts.sign_in_views.locked_out"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "mobile", "email", "next", "csrfmiddlewaretoken"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# axes.W006 recommends counting by IP address too. accounts.limits does so with a higher limit, so that five wrong
# passwords do not lock out everybody behind a shared address.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

# Limits of codes sent: to one mobile or mailbox, from one IP address, and in total per day.
CODE_SECONDS_BETWEEN = 60
CODES_PER_RECIPIENT_PER_DAY = 5
CODES_PER_ADDRESS_PER_HOUR = 30
CODES_PER_DAY = int(os.environ.get("FILING_PORTAL_SMS_PER_DAY", "20000"))
SIGN_IN_FAILURES_PER_ADDRESS = 60
# Forms from one IP address, valid or not: each costs the hashing of a password.
SIGN_INS_PER_ADDRESS_PER_MINUTE = 60
SIGN_UPS_PER_ADDRESS_PER_MINUTE = 30

SMS_BACKEND = dotted_name(
    "FILING_PORTAL_SMS_BACKEND", "registry.gateways.sms.FileBackend", environ=os.environ
)

# The signature registered with the carrier, without its brackets; it stands in every text message.
SMS_SIGNATURE = (
    os.environ.get("FILING_PORTAL_SMS_SIGNATURE", "").strip("【】 ") or "区块链信息服务备案管理系统"
)


# See registry/gateways/sms_gateway.py for what the description may hold.
SMS_GATEWAY = sms_gateway(
    os.environ.get("FILING_PORTAL_SMS_GATEWAY", ""), os.environ.get("FILING_PORTAL_SMS_GATEWAY_SECRET", "")
)
