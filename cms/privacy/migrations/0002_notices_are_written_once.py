"""Notices and their acceptances are written once, and never altered."""

from django.db import migrations

FORWARD = """
create function privacy_written_once() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a privacy notice and its acceptances are never deleted';
    end if;
    -- Of an acceptance the account may go; its name and the hash stay.
    if to_jsonb(new) - 'user_id' is distinct from to_jsonb(old) - 'user_id'
       or to_jsonb(new) ->> 'user_id' is not null
          and to_jsonb(new) ->> 'user_id' is distinct from to_jsonb(old) ->> 'user_id' then
        raise exception 'a privacy notice and its acceptances are never altered';
    end if;
    return new;
end $$;
create trigger notice_is_written_once before update or delete on privacy_simplifiednotice
    for each row execute function privacy_written_once();
create trigger acceptance_is_written_once before update or delete on privacy_noticeacceptance
    for each row execute function privacy_written_once();
"""
BACKWARD = """
drop trigger notice_is_written_once on privacy_simplifiednotice;
drop trigger acceptance_is_written_once on privacy_noticeacceptance;
drop function privacy_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
