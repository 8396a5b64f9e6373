"""Dates are written as Spanish writes them, in every page and list."""

from datetime import date

import pytest
from django.conf import settings
from django.utils import formats, translation
from django.utils.dates import MONTHS, WEEKDAYS


@pytest.fixture(autouse=True)
def in_spanish():
    with translation.override(settings.LANGUAGE_CODE):
        yield


def test_months_and_days_begin_with_a_small_letter():
    names = [str(name) for name in (*MONTHS.values(), *WEEKDAYS.values())]

    assert names == [name.lower() for name in names]
    assert {"junio", "miércoles"} <= set(names)


def test_a_date_reads_as_people_say_it():
    assert formats.date_format(date(2027, 6, 6)) == "6 de junio de 2027"
