"""No element of a notice is blank; notices and acceptances are not altered afterwards."""

from django.db import migrations, models

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

    dependencies = [
        ('privacy', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='simplifiednotice',
            options={'ordering': ['-in_force_from', '-pk'], 'verbose_name': 'aviso de privacidad simplificado', 'verbose_name_plural': 'avisos de privacidad simplificados'},
        ),
        migrations.AddConstraint(
            model_name='simplifiednotice',
            constraint=models.CheckConstraint(condition=models.Q(('responsible__regex', '\\S')), name='notice_says_responsible'),
        ),
        migrations.AddConstraint(
            model_name='simplifiednotice',
            constraint=models.CheckConstraint(condition=models.Q(('purposes__regex', '\\S')), name='notice_says_purposes'),
        ),
        migrations.AddConstraint(
            model_name='simplifiednotice',
            constraint=models.CheckConstraint(condition=models.Q(('consent_purposes__regex', '\\S')), name='notice_says_consent_purposes'),
        ),
        migrations.AddConstraint(
            model_name='simplifiednotice',
            constraint=models.CheckConstraint(condition=models.Q(('transfers__regex', '\\S')), name='notice_says_transfers'),
        ),
        migrations.AddConstraint(
            model_name='simplifiednotice',
            constraint=models.CheckConstraint(condition=models.Q(('refusal__regex', '\\S')), name='notice_says_refusal'),
        ),
        migrations.AddConstraint(
            model_name='simplifiednotice',
            constraint=models.CheckConstraint(condition=models.Q(('integral_notice__regex', '\\S')), name='notice_says_integral_notice'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
