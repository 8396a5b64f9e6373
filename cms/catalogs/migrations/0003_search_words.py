"""The words of the search: synonyms, familiar forms of names, protected words, with first lists."""

import json

import django.contrib.postgres.fields
from django.db import migrations, models

from cms.catalogs.files import DATA, read_catalogue


def load_first_lists(apps, schema_editor):
    """The lists with which every installation begins; what staff change of them stays changed."""
    groups = json.loads((DATA / "synonyms.json").read_text(encoding="utf-8"))
    apps.get_model("catalogs", "SynonymGroup").objects.bulk_create(
        apps.get_model("catalogs", "SynonymGroup")(terms=group["terms"], reason=group["reason"])
        for group in groups
    )
    apps.get_model("catalogs", "Hypocoristic").objects.bulk_create(
        apps.get_model("catalogs", "Hypocoristic")(
            familiar=row["familiar"], names=row["nombres"].split("|"), reason=row["razon"]
        )
        for row in read_catalogue("hipocoristicos.csv")
    )
    apps.get_model("catalogs", "ProtectedWord").objects.bulk_create(
        apps.get_model("catalogs", "ProtectedWord")(word=row["palabra"], reason=row["razon"])
        for row in read_catalogue("palabras_protegidas.csv")
    )


class Migration(migrations.Migration):

    dependencies = [
        ('catalogs', '0002_public_contact'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hypocoristic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('familiar', models.CharField(help_text='Una sola palabra: «Lupita».', max_length=40, unique=True, verbose_name='forma familiar')),
                ('names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), help_text='Los nombres que puede querer decir, separados por comas: «Guadalupe».', size=None, verbose_name='nombres')),
                ('reason', models.CharField(max_length=250, verbose_name='razón')),
                ('active', models.BooleanField(default=True, verbose_name='en uso')),
            ],
            options={
                'verbose_name': 'forma familiar de un nombre',
                'verbose_name_plural': 'formas familiares de nombres',
                'ordering': ['familiar'],
            },
        ),
        migrations.CreateModel(
            name='ProtectedWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40, unique=True, verbose_name='palabra')),
                ('reason', models.CharField(max_length=250, verbose_name='razón')),
            ],
            options={
                'verbose_name': 'palabra protegida',
                'verbose_name_plural': 'palabras protegidas',
                'ordering': ['word'],
            },
        ),
        migrations.CreateModel(
            name='SynonymGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('terms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), help_text='Separadas por comas: «agua, recursos hídricos, vital líquido».', size=None, verbose_name='palabras o frases')),
                ('reason', models.CharField(help_text='Por qué quien busca una queda contento si encuentra las otras.', max_length=250, verbose_name='razón')),
                ('active', models.BooleanField(default=True, verbose_name='en uso')),
            ],
            options={
                'verbose_name': 'grupo de sinónimos',
                'verbose_name_plural': 'grupos de sinónimos',
                'ordering': ['terms'],
            },
        ),
        migrations.RunPython(load_first_lists, migrations.RunPython.noop),
    ]
