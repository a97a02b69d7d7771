"""A model field whose column holds only ciphertext, bound to its table, column and row."""

from __future__ import annotations

from typing import Any

from django.db import models

from registry.encryption import decrypt, encrypt
from registry.errors import FilingError


class _DecryptOnAccess:
    """Decrypts the column's token when the attribute is read, and keeps plain text that was assigned."""

    def __init__(self, field: EncryptedTextField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, bytes):
            value = decrypt(value, bound_to=self.field.bound_to(instance)).decode()
            instance.__dict__[name] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = bytes(value) if isinstance(value, memoryview) else value


class EncryptedTextField(models.BinaryField[Any, Any]):
    """Text encrypted at rest. Rows need their primary key before they are saved (use UUID keys).

    The value can be read, written and compared with None, never queried: look it up by its blind index.
    """

    descriptor_class = _DecryptOnAccess

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def bound_to(self, instance: models.Model) -> str:
        return f"{self.model._meta.db_table}.{self.column}.{instance.pk}"

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:  # noqa: ARG002
        value = getattr(model_instance, self.attname)
        if value is None:
            return None
        return encrypt(str(value).encode(), bound_to=self.bound_to(model_instance))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            raise FilingError("encrypted_field_in_query", field=self.name)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> bytes | None:
        return None if value is None else bytes(value)

    def value_to_string(self, obj: models.Model) -> str:  # noqa: ARG002
        raise FilingError("encrypted_field_serialised", field=self.name)
