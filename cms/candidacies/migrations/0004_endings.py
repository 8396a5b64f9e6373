"""What happened to candidacies after they were registered; the database keeps the rows (ADR 0058)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Only the account may go, since its name stays, and what quotes a former name after a change of
# identity. A rehearsal goes with all its rows.
KEEP = """
create function candidacies_history_is_kept() returns trigger
language plpgsql as $$
declare
    before jsonb := to_jsonb(old);
    after jsonb;
begin
    if tg_op = 'DELETE' then
        if exists (
            select from candidacies_candidacypage c
            join catalogs_process p on p.id = c.process_id
            where c.page_ptr_id = old.candidacy_id and p.rehearsal_of_id is not null
        ) then
            return old;
        end if;
        raise exception 'what happened to a candidacy is never deleted';
    end if;
    after := to_jsonb(new);
    if new.by_id is null then
        before := before || jsonb_build_object('by_id', null);
    end if;
    if new.reason = '' then
        before := before || '{"reason": ""}';
    end if;
    if before ? 'before' and new.reason = '' then
        before := before || jsonb_build_object(
            'before', case when after ->> 'before' = '' then '' else before ->> 'before' end,
            'after', case when after ->> 'after' = '' then '' else before ->> 'after' end);
    end if;
    if before ? 'successor_id' and after ->> 'successor_id' is null then
        before := before || jsonb_build_object('successor_id', null);
    end if;
    if before is distinct from after then
        raise exception 'what happened to a candidacy is never altered';
    end if;
    return new;
end $$;
create trigger change_is_kept before update or delete on candidacies_statuschange
    for each row execute function candidacies_history_is_kept();
create trigger correction_is_kept before update or delete on candidacies_registrationcorrection
    for each row execute function candidacies_history_is_kept();
"""
FORGET = """
drop trigger correction_is_kept on candidacies_registrationcorrection;
drop trigger change_is_kept on candidacies_statuschange;
drop function candidacies_history_is_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('candidacies', '0003_terms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RegistrationCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(blank=True, max_length=1000, verbose_name='motivo')),
                ('agreement', models.CharField(blank=True, max_length=120, verbose_name='acuerdo o resolución')),
                ('by_name', models.CharField(max_length=300, verbose_name='quién')),
                ('at', models.DateTimeField(verbose_name='cuándo')),
                ('field', models.CharField(choices=[('name', 'Nombre'), ('nickname', 'Sobrenombre'), ('list_number', 'Lugar en la lista'), ('sex', 'Sexo o género'), ('age', 'Edad al registro'), ('actor', 'Actor político')], max_length=12)),
                ('kind', models.CharField(choices=[('error', 'Error de escritura o de captura'), ('acuerdo', 'Cambio que aprobó el Consejo General'), ('identidad', 'Cambio de identidad de la persona')], max_length=10)),
                ('before', models.CharField(blank=True, max_length=250)),
                ('after', models.CharField(blank=True, max_length=250)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('candidacy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='candidacies.candidacypage')),
            ],
            options={
                'verbose_name': 'corrección del registro',
                'verbose_name_plural': 'correcciones del registro',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='StatusChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(blank=True, max_length=1000, verbose_name='motivo')),
                ('agreement', models.CharField(blank=True, max_length=120, verbose_name='acuerdo o resolución')),
                ('by_name', models.CharField(max_length=300, verbose_name='quién')),
                ('at', models.DateTimeField(verbose_name='cuándo')),
                ('change', models.CharField(choices=[('baja', 'Baja'), ('sustitucion', 'Sustitución'), ('reversion', 'Baja sin efecto')], max_length=12)),
                ('cause', models.CharField(blank=True, choices=[('renuncia', 'renuncia'), ('cancelacion', 'cancelación'), ('fallecimiento', 'fallecimiento'), ('resolucion_judicial', 'resolución judicial')], max_length=20)),
                ('on', models.DateField(null=True, verbose_name='fecha')),
                ('beyond_limit', models.BooleanField(default=False)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('candidacy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='status_changes', to='candidacies.candidacypage')),
                ('successor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='candidacies.candidacypage')),
            ],
            options={
                'verbose_name': 'cambio de estado',
                'verbose_name_plural': 'cambios de estado',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.RunSQL(KEEP, FORGET),
    ]
