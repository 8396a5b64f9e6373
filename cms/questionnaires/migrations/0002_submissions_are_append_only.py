"""The database itself refuses to alter or delete a sealed submission."""

from django.db import migrations

FORWARD = """
create function questionnaires_submission_is_sealed() returns trigger
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
        new.definition_id, new.notice_hash, new.actor_snapshot, new.hands, new.submitted_at,
        new.revision_id)
       is distinct from
       (old.id, old.questionnaire_id, old.number, old.sealed_bytes, old.seal, old.previous_seal,
        old.definition_id, old.notice_hash, old.actor_snapshot, old.hands, old.submitted_at,
        old.revision_id)
    then
        raise exception 'a sealed submission is never altered';
    end if;
    return new;
end $$;

create trigger submission_is_sealed before update or delete on questionnaires_submission
    for each row execute function questionnaires_submission_is_sealed();
"""
BACKWARD = """
drop trigger submission_is_sealed on questionnaires_submission;
drop function questionnaires_submission_is_sealed();
"""


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
