"""A process may be the rehearsal of another one, and never becomes or ceases to be one."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
create function catalogs_rehearsal_stays() returns trigger
language plpgsql as $$
begin
    raise exception 'a process is a rehearsal from its beginning, or never';
end $$;
create trigger rehearsal_stays before update on catalogs_process
    for each row when (old.rehearsal_of_id is distinct from new.rehearsal_of_id)
    execute function catalogs_rehearsal_stays();
"""
BACKWARD = """
drop trigger rehearsal_stays on catalogs_process;
drop function catalogs_rehearsal_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogs", "0004_contests")]

    operations = [
        migrations.AddField(
            model_name="process",
            name="rehearsal_of",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rehearsals",
                to="catalogs.process",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
