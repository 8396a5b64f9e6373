"""Contests: taken from the catalogue, loaded, counted, removed, and by whom."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from cms.candidacies.contests import ensure_of_all
from cms.catalogs import contests, districts
from cms.catalogs.contests import ContestsRefused
from cms.catalogs.districts import DistrictRow
from cms.catalogs.files import municipalities_of, read_catalogue
from cms.catalogs.models import Contest, Office, Process, ProcessOffice, Territory

pytestmark = pytest.mark.django_db


def office_of(process: Process, code: str) -> ProcessOffice:
    office = Office.objects.get(code=code)
    return ProcessOffice.objects.get_or_create(process=process, office=office)[0]


def test_the_catalogue_lists_every_municipality_of_mexico() -> None:
    rows = list(read_catalogue("municipios.csv"))
    assert len({row["cvegeo"] for row in rows}) == 2475
    assert len(municipalities_of("20")) == 570
    assert sum(int(row["regidurias_mayoria"]) for row in municipalities_of("05")) == 268


@pytest.mark.parametrize("code", [f"{number:02}" for number in range(1, 33)])
def test_the_municipalities_of_every_entity_can_be_taken(superuser: Any, code: str) -> None:
    process = Process.objects.create(slug="p", name="P", entity_code=code)
    office = office_of(process, "presidencia_municipal")
    total = len(municipalities_of(code))
    assert contests.take_municipalities(process_office=office, by=superuser) == total
    assert contests.take_municipalities(process_office=office, by=superuser) == 0
    assert office.contests.filter(territory__entity_code=code, seats=1).count() == total


def test_a_homonym_of_another_entity_has_the_entity_in_its_address(
    superuser: Any, oaxaca: Process
) -> None:
    oaxaca.entity_code = "11"
    oaxaca.save()
    office = office_of(oaxaca, "presidencia_municipal")
    contests.take_municipalities(process_office=office, by=superuser)
    assert Territory.objects.get(cvegeo="05001").slug == "abasolo"
    assert Territory.objects.get(cvegeo="11001").slug == "abasolo-guanajuato"


def test_a_municipality_that_a_file_named_before_gets_its_key(
    superuser: Any, oaxaca: Process
) -> None:
    named = Territory.objects.create(
        kind="municipio", entity_code="20", key="abejones", name="Abejones", slug="abejones"
    )
    office = office_of(oaxaca, "presidencia_municipal")
    contests.take_municipalities(process_office=office, by=superuser)
    named.refresh_from_db()
    assert (named.cvegeo, named.number) == ("20001", 1)
    assert office.contests.filter(territory=named).count() == 1


def test_councillors_are_as_many_as_the_catalogue_says(superuser: Any, process: Process) -> None:
    process.entity_code = "05"
    process.save()
    office = office_of(process, "regiduria")
    contests.take_municipalities(process_office=office, by=superuser)
    seats = dict(office.contests.values_list("territory__cvegeo", "seats"))
    assert (seats["05001"], seats["05030"]) == (5, 11)


def test_the_whole_entity_is_one_contest(superuser: Any, oaxaca: Process) -> None:
    office = office_of(oaxaca, "gubernatura")
    assert contests.take_statewide(process_office=office, by=superuser) == 1
    assert contests.take_statewide(process_office=office, by=superuser) == 0
    assert office.contests.get().territory.name == "Oaxaca"


def test_districts_are_loaded_with_their_municipalities(superuser: Any, oaxaca: Process) -> None:
    office = office_of(oaxaca, "diputacion_local")
    rows = [DistrictRow(2, "Huajuapan", ("20001", "20002")), DistrictRow(10, "  Pochutla ")]
    loaded = districts.load_districts(process_office=office, rows=rows, by=superuser)
    assert (loaded.added, loaded.redrawn, loaded.kept) == (2, 0, ())
    again = districts.load_districts(process_office=office, rows=rows, by=superuser)
    assert (again.added, again.redrawn, again.kept) == (0, 0, ())
    places = list(
        office.contests.order_by("territory__sort_key").values_list("territory__name", "covers")
    )
    assert places == [
        ("Distrito 2, Huajuapan", ["20001", "20002"]),
        ("Distrito 10, Pochutla", []),
    ]
    # The page of a municipality that a district covers can be opened.
    assert Territory.objects.filter(cvegeo="20001").exists()


def test_districts_of_two_entities_have_addresses_of_their_own(
    superuser: Any, oaxaca: Process, process: Process
) -> None:
    Process.objects.filter(pk=process.pk).update(entity_code="05")
    process.refresh_from_db()
    for one in (process, oaxaca):
        office = office_of(one, "diputacion_local")
        districts.load_districts(process_office=office, rows=[DistrictRow(1)], by=superuser)
    slugs = Territory.objects.filter(kind="distrito").values_list("slug", flat=True)
    assert set(slugs) == {"distrito-1", "distrito-1-oaxaca"}


@pytest.mark.parametrize(
    "row",
    [
        DistrictRow(0),
        DistrictRow(-1),
        DistrictRow(301),
        DistrictRow(1, "x" * 121),
        DistrictRow(1, "Tuxtepec\0"),
        DistrictRow(1, "Tux\u202etepec"),
        DistrictRow(1, covers=("05001",)),
        DistrictRow(1, covers=("20999",)),
        DistrictRow(1, covers=("",)),
        DistrictRow(1, covers=("x" * 5000,)),
    ],
)
def test_a_district_that_cannot_be_is_refused_and_nothing_is_written(
    superuser: Any, oaxaca: Process, row: DistrictRow
) -> None:
    office = office_of(oaxaca, "diputacion_local")
    with pytest.raises(ContestsRefused) as refused:
        districts.load_districts(process_office=office, rows=[DistrictRow(7), row], by=superuser)
    assert all(said.startswith("Fila 2") for said in refused.value.problems)
    assert not office.contests.exists()


def test_every_wrong_row_is_told_and_a_district_is_not_there_twice(
    superuser: Any, oaxaca: Process
) -> None:
    office = office_of(oaxaca, "diputacion_local")
    rows = [DistrictRow(1), DistrictRow(1), DistrictRow(0)]
    with pytest.raises(ContestsRefused) as refused:
        districts.load_districts(process_office=office, rows=rows, by=superuser)
    assert [said[:6] for said in refused.value.problems] == ["Fila 2", "Fila 3"]


def test_an_office_is_elected_where_it_is_elected(superuser: Any, oaxaca: Process) -> None:
    council, deputies = (office_of(oaxaca, code) for code in ("regiduria", "diputacion_local"))
    with pytest.raises(ContestsRefused):
        contests.take_municipalities(process_office=deputies, by=superuser)
    with pytest.raises(ContestsRefused):
        contests.take_statewide(process_office=council, by=superuser)
    with pytest.raises(ContestsRefused):
        districts.load_districts(process_office=council, rows=[DistrictRow(1)], by=superuser)
    with pytest.raises(ContestsRefused):
        districts.load_districts(process_office=deputies, rows=[], by=superuser)
    assert not Contest.objects.exists()


def test_a_process_without_an_entity_is_told_to_choose_it(superuser: Any, process: Process) -> None:
    with pytest.raises(ContestsRefused, match="entidad"):
        contests.take_municipalities(process_office=office_of(process, "regiduria"), by=superuser)


def test_who_may_not_change_contests_changes_none(
    validator: Any, oaxaca: Process, make_candidacy: Any
) -> None:
    make_candidacy()
    contest = Contest.objects.select_related("process_office").get()
    calls = [
        lambda: contests.take_municipalities(
            process_office=office_of(oaxaca, "regiduria"), by=validator
        ),
        lambda: contests.take_statewide(
            process_office=office_of(oaxaca, "gubernatura"), by=validator
        ),
        lambda: districts.load_districts(
            process_office=office_of(oaxaca, "diputacion_local"),
            rows=[DistrictRow(1)],
            by=validator,
        ),
        lambda: contests.set_seats(
            process_office=contest.process_office, seats={contest.pk: 9}, by=validator
        ),
        lambda: contests.remove_contests(
            process_office=contest.process_office, contest_ids=[contest.pk], by=validator
        ),
    ]
    for call in calls:
        with pytest.raises(PermissionDenied):
            call()
    assert Contest.objects.get().seats == contest.seats


def test_seats_are_changed_together_or_not_at_all(superuser: Any, oaxaca: Process) -> None:
    office = office_of(oaxaca, "regiduria")
    contests.take_municipalities(process_office=office, by=superuser)
    first, second, third = office.contests.order_by("pk")[:3]
    changed = contests.set_seats(
        process_office=office, seats={first.pk: 7, second.pk: 500, third.pk: None}, by=superuser
    )
    assert changed == 2
    for wrong in ({first.pk: 0}, {first.pk: 501}, {first.pk: -1}, {0: 1}):
        with pytest.raises(ContestsRefused):
            contests.set_seats(process_office=office, seats={second.pk: 3, **wrong}, by=superuser)
    assert list(office.contests.order_by("pk").values_list("seats", flat=True)[:3]) == [
        7,
        500,
        None,
    ]


def test_seats_of_another_process_are_out_of_reach(
    superuser: Any, oaxaca: Process, make_candidacy: Any
) -> None:
    make_candidacy()
    other = Contest.objects.get()
    with pytest.raises(ContestsRefused):
        contests.set_seats(
            process_office=office_of(oaxaca, "regiduria"), seats={other.pk: 3}, by=superuser
        )


def test_a_contest_goes_only_while_nobody_stands_in_it(
    superuser: Any, oaxaca: Process, make_candidacy: Any
) -> None:
    make_candidacy()
    make_candidacy(cvegeo="05001")
    make_candidacy(cvegeo="05001", name="Homero Junco Nogal")
    taken = Contest.objects.select_related("process_office").first()
    assert taken is not None
    with pytest.raises(ContestsRefused) as refused:
        contests.remove_contests(
            process_office=taken.process_office,
            contest_ids=Contest.objects.values_list("pk", flat=True),
            by=superuser,
        )
    assert refused.value.problems == (
        "Abasolo tiene 2 candidaturas registradas: no se puede quitar.",
        "San Pedro tiene una candidatura registrada: no se puede quitar.",
    )
    office = office_of(oaxaca, "gubernatura")
    contests.take_statewide(process_office=office, by=superuser)
    # Of another office, or of another process, nothing is removed with it.
    ids = Contest.objects.values_list("pk", flat=True)
    assert contests.remove_contests(process_office=office, contest_ids=ids, by=superuser) == 1
    assert (office.contests.count(), Contest.objects.count()) == (0, 2)


def test_candidacies_make_the_contests_that_they_need_once(make_candidacy: Any) -> None:
    make_candidacy()
    make_candidacy(name="Homero Junco Nogal")
    make_candidacy(name="Saúl Guayule Mezquite", office="regiduria", list_number=1)
    found = Contest.objects.values_list(
        "process_office__office__code", "territory__cvegeo", "seats"
    )
    assert set(found) == {("presidencia_municipal", "05033", 1), ("regiduria", "05033", 9)}


def test_candidacies_of_before_get_their_contests_with_the_upgrade(make_candidacy: Any) -> None:
    make_candidacy()
    make_candidacy(name="Saúl Guayule Mezquite", office="regiduria", list_number=1)
    before = set(Contest.objects.values_list("process_office", "territory", "seats"))
    Contest.objects.all().delete()
    ensure_of_all()
    ensure_of_all()
    assert set(Contest.objects.values_list("process_office", "territory", "seats")) == before


def test_taking_570_municipalities_takes_fourteen_queries(
    superuser: Any, oaxaca: Process, django_assert_num_queries: Any
) -> None:
    office = office_of(oaxaca, "presidencia_municipal")
    with django_assert_num_queries(14):
        contests.take_municipalities(process_office=office, by=superuser)
