"""What the database fills by itself: the vectors of the search (ADR 0003)."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations

FORWARD = """
create function conoceles_fold(value text) returns text
    language sql immutable strict parallel safe as $$
    select lower(translate(value,
        'áéíóúüàèìòùâêîôûäëïöãõñçÁÉÍÓÚÜÀÈÌÒÙÂÊÎÔÛÄËÏÖÃÕÑÇ',
        'aeiouuaeiouaeiouaeioaoncaeiouuaeiouaeiouaeioaonc'))
$$;

create function conoceles_r(value text) returns text
    language sql immutable strict parallel safe as $$
    select regexp_replace(conoceles_fold(value), '([cs])ion\\M', '\\1ión', 'g')
$$;

create function conoceles_vector(value text) returns tsvector
    language sql immutable strict parallel safe as $$
    select to_tsvector('pg_catalog.spanish', value)
        || to_tsvector('pg_catalog.spanish', conoceles_r(value))
$$;

create function published_fill_vectors() returns trigger language plpgsql as $$
begin
    new.register_vector := setweight(conoceles_vector(new.name), 'A')
        || setweight(conoceles_vector(new.register_text), 'B');
    new.search_vector := new.register_vector
        || setweight(conoceles_vector(new.text_proposals), 'C')
        || setweight(conoceles_vector(new.text_life), 'D');
    return new;
end $$;

create trigger fill_vectors
    before insert or update of name, register_text, text_proposals, text_life
    on published_publishedcandidacy
    for each row execute function published_fill_vectors();
"""
BACKWARD = """
drop trigger fill_vectors on published_publishedcandidacy;
drop function published_fill_vectors();
drop function conoceles_vector(text);
drop function conoceles_r(text);
drop function conoceles_fold(text);
"""


class Migration(migrations.Migration):
    dependencies = [("published", "0001_initial")]
    operations = [
        CreateExtension("fuzzystrmatch"),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddIndex(
            model_name="publishedcandidacy",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["register_vector"], name="published_register_gin"
            ),
        ),
    ]
