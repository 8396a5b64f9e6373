"""The record of imports goes to the room of imports, with its rows: only its table is renamed."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('publication', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterModelTable('ImportRecord', 'imports_importrecord'),
            ],
            state_operations=[
                migrations.DeleteModel('ImportRecord'),
            ],
        ),
    ]
