"""Drafts say when each answer changed; a sealed submission keeps its revision and its author too."""

from django.db import migrations, models

FUNCTION = """
create or replace function questionnaires_submission_is_sealed() returns trigger
language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a sealed submission is never deleted';
    end if;
    -- Only the account may go: its snapshot stays.
    if new.captured_by_id is not null or old.captured_by_id is null then
        if new.captured_by_id is distinct from old.captured_by_id then
            raise exception 'a sealed submission is never altered';
        end if;
    end if;
    if (new.id, new.questionnaire_id, new.number, new.sealed_bytes, new.seal, new.previous_seal,
        new.definition_id, new.notice_hash, new.actor_snapshot, new.submitted_at, new.revision_id)
       is distinct from
       (old.id, old.questionnaire_id, old.number, old.sealed_bytes, old.seal, old.previous_seal,
        old.definition_id, old.notice_hash, old.actor_snapshot, old.submitted_at, old.revision_id)
    then
        raise exception 'a sealed submission is never altered';
    end if;
    return new;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0002_submissions_are_append_only")]
    operations = [
        migrations.AddField(
            model_name="draft", name="changed_in", field=models.JSONField(default=dict)
        ),
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
    ]
