"""The words that public candidacies write, and how a misspelt one is found among them."""

import django.db.models.deletion
from django.db import migrations, models


# The words that share a letter sequence with a typed one; the functions are of `cms.published`.
INDEXES = """
CREATE INDEX search_word_keys ON search_publicword
    USING gin (conoceles_word_keys(ARRAY[word::text])) WITH (fastupdate = off);
CREATE INDEX search_word_trgm ON search_publicword
    USING gin (word gin_trgm_ops) WITH (fastupdate = off);
"""
FORGET_INDEXES = "DROP INDEX search_word_keys; DROP INDEX search_word_trgm;"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogs', '0003_search_words'),
        ('published', '0005_words_and_visibility'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicWordsRead',
            fields=[
                ('process', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='catalogs.process')),
                ('fingerprint', models.CharField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='PublicWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(help_text='Folded.', max_length=40)),
                ('written', models.CharField(help_text='As most candidacies write it.', max_length=40)),
                ('candidacies', models.PositiveIntegerField()),
                ('process', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogs.process')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('process', 'word'), name='search_word_once')],
            },
        ),
        migrations.RunSQL(INDEXES, FORGET_INDEXES),
    ]
