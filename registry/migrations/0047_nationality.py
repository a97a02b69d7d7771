"""A passport is known by its nationality too; of those stored before it is not known."""

from __future__ import annotations

from django.db import migrations

import registry.models.encrypted


class Migration(migrations.Migration):
    dependencies = (("registry", "0050_agreements"),)

    operations = (
        migrations.AddField(
            "applicant", "nationality", registry.models.encrypted.EncryptedTextField(null=True)
        ),
        migrations.AddField(
            "headclaim", "nationality", registry.models.encrypted.EncryptedTextField(null=True)
        ),
    )
