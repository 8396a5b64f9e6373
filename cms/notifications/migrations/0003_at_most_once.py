"""Messages that are sent at most once: an attempt is written down before it is made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_training_mail")]

    operations = [
        migrations.AddField(
            "notification",
            "attempted_at",
            models.DateTimeField(
                null=True,
                help_text="Of a message that is sent at most once: it is being sent since then.",
            ),
        ),
        migrations.AddField(
            "notification",
            "doubtful_at",
            models.DateTimeField(
                "dudosa",
                null=True,
                help_text="It is not known whether the mail server took it.",
            ),
        ),
    ]
