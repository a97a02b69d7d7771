"""The URLs of accounts. They have the names of django-allauth where its code reverses them."""

from __future__ import annotations

from allauth.account.views import account_inactive
from django.urls import include, path

from registry.accounts import agreement_views as agreements
from registry.accounts import code_views as codes
from registry.accounts import notification_views as notifications
from registry.accounts import own_account_views as own_account
from registry.accounts import sign_in_views as sign_in
from registry.accounts import sign_up_views as sign_up

urlpatterns = [
    path("", own_account.home, name="account_home"),
    path("login/", sign_in.SignInView.as_view(), name="account_login"),
    path("login/code/", sign_in.SignInByCodeView.as_view(), name="account_sign_in_by_code"),
    path("logout/", own_account.SignOutView.as_view(), name="account_logout"),
    path("signup/", sign_in.SignUpView.as_view(), name="account_signup"),
    path("signup/codes/", sign_up.SignUpCodesView.as_view(), name="account_sign_up_codes"),
    path("code/", codes.ConfirmCodeView.as_view(), name="account_confirm_code"),
    path("inactive/", account_inactive, name="account_inactive"),
    path("reauthenticate/", own_account.ConfirmPasswordView.as_view(), name="account_reauthenticate"),
    path("password/change/", own_account.ChangePasswordView.as_view(), name="account_change_password"),
    path("password/reset/", sign_in.ResetPasswordView.as_view(), name="account_reset_password"),
    path("password/reset/choose/", sign_in.ChooseNewPasswordView.as_view(), name="account_choose_password"),
    path(
        "password/first/<uuid:account_id>/<str:token>/", sign_in.first_password, name="account_first_password"
    ),
    path("email/", own_account.ChangeEmailView.as_view(), name="account_email"),
    path("mobile/", own_account.ChangeMobileView.as_view(), name="account_change_phone"),
    path("sessions/", own_account.sessions, name="account_sessions"),
    path("sessions/end/", own_account.end_session, name="account_end_session"),
    path("privacy/", agreements.privacy, name="account_privacy"),
    path("notifications/", notifications.notifications, name="account_notifications"),
    path("2fa/", include("allauth.mfa.urls")),
]
