from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0067_unopened_notices'),
    ]

    operations = [
        migrations.AddField(
            model_name=model_name,
            name=name,
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        )
        for model_name in ('objectionfile', 'strikingofffile')
        for name in ('times_read_again', 'times_replaced')
    ]
