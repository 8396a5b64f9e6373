"""From which day on who ends may still be on the printed ballot (LGIPE 267)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogs", "0006_terms")]

    operations = [
        migrations.AddField(
            model_name="process",
            name="ballots_printed_on",
            field=models.DateField(
                blank=True,
                help_text="Desde ese día, quien deja de competir puede seguir en la boleta.",
                null=True,
                verbose_name="impresión de las boletas",
            ),
        ),
    ]
