"""Letters of authority that end soon are found by an index: most members have none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0022_former_names")]

    operations = [
        migrations.AddIndex(
            "membership",
            models.Index(
                fields=("letter_valid_until", "id"),
                name="membership_by_letter_end",
                condition=models.Q(is_agent=True, revoked_at__isnull=True),
            ),
        ),
    ]
