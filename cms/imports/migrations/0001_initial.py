"""The record of imports comes from `publication`: its table is there, and its permissions follow.

The content type keeps its row under the name of this application, so every permission that staff
gave or took away stays as it is.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _rename_content_type(apps, before, now):
    kinds = apps.get_model('contenttypes', 'ContentType').objects
    if not kinds.filter(app_label=now, model='importrecord').exists():
        kinds.filter(app_label=before, model='importrecord').update(app_label=now)


def take_content_type(apps, schema_editor):
    _rename_content_type(apps, 'publication', 'imports')


def give_content_type_back(apps, schema_editor):
    _rename_content_type(apps, 'imports', 'publication')


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogs', '0001_initial'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('publication', '0002_imports_have_a_room'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='ImportRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('command', models.CharField(max_length=40, verbose_name='comando')),
                        ('profile', models.CharField(max_length=40, verbose_name='perfil')),
                        ('source', models.CharField(max_length=255, verbose_name='archivo')),
                        ('sha256', models.CharField(max_length=64, verbose_name='SHA-256 del archivo')),
                        ('published', models.BooleanField(default=False, verbose_name='publicado')),
                        ('operator', models.CharField(max_length=150, verbose_name='quién lo ejecutó')),
                        ('counts', models.JSONField(verbose_name='cuentas')),
                        ('imported_at', models.DateTimeField(auto_now_add=True, verbose_name='fecha')),
                        ('process', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogs.process', verbose_name='proceso')),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='cuenta')),
                    ],
                    options={
                        'verbose_name': 'importación',
                        'verbose_name_plural': 'importaciones',
                        'ordering': ['-imported_at'],
                    },
                ),
            ],
        ),
        migrations.RunPython(take_content_type, give_content_type_back),
    ]
