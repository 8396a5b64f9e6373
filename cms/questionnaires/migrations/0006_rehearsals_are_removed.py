"""Sealed submissions of a rehearsal go with it; every other one stays sealed."""

from django.db import migrations

FORWARD = """
create function questionnaires_submission_is_kept() returns trigger
language plpgsql as $$
begin
    if exists (
        select from questionnaires_questionnaire q
        join candidacies_candidacypage c on c.page_ptr_id = q.candidacy_id
        join catalogs_process p on p.id = c.process_id
        where q.id = old.questionnaire_id and p.rehearsal_of_id is not null
    ) then
        return old;
    end if;
    raise exception 'a sealed submission is never deleted';
end $$;
drop trigger submission_is_sealed on questionnaires_submission;
create trigger submission_is_sealed before update on questionnaires_submission
    for each row execute function questionnaires_submission_is_sealed();
create trigger submission_is_kept before delete on questionnaires_submission
    for each row execute function questionnaires_submission_is_kept();
"""
BACKWARD = """
drop trigger submission_is_kept on questionnaires_submission;
drop function questionnaires_submission_is_kept();
drop trigger submission_is_sealed on questionnaires_submission;
create trigger submission_is_sealed before update or delete on questionnaires_submission
    for each row execute function questionnaires_submission_is_sealed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("questionnaires", "0005_new_versions_in_forms"),
        ("candidacies", "0001_initial"),
        ("catalogs", "0005_rehearsals"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
