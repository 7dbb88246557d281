"""Faker makes customers with an address of their own."""

from __future__ import annotations

from faker import Faker


def prepare(count):
    Faker.seed(7)
    return Faker(), int(count)


def work(prepared):
    fake, count = prepared
    rows = [
        (number, fake.unique.email(), fake.name(), fake.country_code(), fake.date_time_this_decade())
        for number in range(count)
    ]
    return f"{len(rows):,} rows"
