"""People who sign in. One account may act for several applicants; officers act for one office."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry import clock
from registry.encryption import blind_index
from registry.models.encrypted import EncryptedTextField
from registry.rules.workflow.states import NATION, PROVINCE, Role

# In a fixed order: a set's order changes from run to run, and with it the migration.
PROVINCIAL_ROLES = sorted(role.value for role in PROVINCE)


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by what they sign in with."""

    def create_account(
        self,
        *,
        name: str,
        password: str | None,
        mobile: str | None = None,
        email: str | None = None,
        role: Role = Role.APPLICANT,
        province_code: str = "",
        **fields: Any,
    ) -> Account:
        """A saved account. `mobile` in E.164; `province_code` six digits, only for provincial officers."""
        account = self.model(name=name, role=role.value, province_code=province_code, **fields)
        account.mobile = mobile
        account.email = email
        account.set_password(password)
        account.save(using=self._db)
        return account

    def by_mobile(self, mobile: str) -> Account | None:
        """The account with this mobile (E.164), if any."""
        return self.filter(mobile_index=mobile_index(mobile)).first()

    def by_email(self, email: str) -> Account | None:
        """The account with this e-mail address, letter case ignored, if any."""
        return self.filter(email_index=email_index(email)).first()

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(pk=username or "")


def mobile_index(mobile: str) -> str:
    """The blind index of a mobile in E.164."""
    return blind_index(mobile, purpose="account.mobile")


def email_index(email: str) -> str:
    """The blind index of an e-mail address, letter case ignored."""
    return blind_index(email.strip().lower(), purpose="account.email")


class Account(AbstractBaseUser):
    """An account: a natural person's name and verified ways to reach them."""

    class RoleChoice(models.TextChoices):
        APPLICANT = Role.APPLICANT.value, _("Applicant")
        PROVINCIAL_REVIEWER = Role.PROVINCIAL_REVIEWER.value, _("Provincial reviewer")
        PROVINCIAL_HEAD = Role.PROVINCIAL_HEAD.value, _("Provincial head")
        NATIONAL_REVIEWER = Role.NATIONAL_REVIEWER.value, _("National reviewer")
        NATIONAL_HEAD = Role.NATIONAL_HEAD.value, _("National head")
        ADMINISTRATOR = Role.ADMINISTRATOR.value, _("Administrator")
        AUDITOR = Role.AUDITOR.value, _("Auditor")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    mobile = EncryptedTextField(null=True)
    mobile_index = models.CharField(max_length=64, unique=True, null=True, editable=False)
    mobile_verified_at = models.DateTimeField(null=True)
    email = EncryptedTextField(null=True)
    email_index = models.CharField(max_length=64, unique=True, null=True, editable=False)
    email_verified_at = models.DateTimeField(null=True)
    role = models.CharField(max_length=24, choices=RoleChoice.choices, default=RoleChoice.APPLICANT)
    province_code = models.CharField(max_length=6, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = AccountManager()

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(models.Q(role__in=PROVINCIAL_ROLES) & ~models.Q(province_code=""))
                | (~models.Q(role__in=PROVINCIAL_ROLES) & models.Q(province_code="")),
                name="account_province_only_for_provincial_officers",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the blind indexes in step with the encrypted values."""
        self.mobile_index = mobile_index(self.mobile) if self.mobile else None
        self.email_index = email_index(self.email) if self.email else None
        update_fields = kwargs.get("update_fields")
        if update_fields is not None:
            for name in ("mobile", "email"):
                if name in update_fields:
                    kwargs["update_fields"] = {*kwargs["update_fields"], f"{name}_index"}
        super().save(*args, **kwargs)

    @property
    def acts_as(self) -> Role:
        return Role(self.role)

    @property
    def is_officer(self) -> bool:
        return self.acts_as in PROVINCE | NATION

    @property
    def is_staff(self) -> bool:
        return self.acts_as is Role.ADMINISTRATOR

    def has_perm(self, _permission: str, _obj: object = None) -> bool:
        """Only the administrator uses the configuration pages, and they show no case content."""
        return self.is_active and self.is_staff

    def has_module_perms(self, _app_label: str) -> bool:
        return self.is_active and self.is_staff
