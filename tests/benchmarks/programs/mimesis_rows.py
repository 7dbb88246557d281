"""mimesis makes customers, whose addresses may repeat."""

from __future__ import annotations

from mimesis import Generic, Locale


def prepare(count):
    return Generic(Locale.EN, seed=7), int(count)


def work(prepared):
    make, count = prepared
    rows = [
        (
            number,
            make.person.email(),
            make.person.full_name(),
            make.address.country_code(),
            make.datetime.datetime(),
        )
        for number in range(count)
    ]
    return f"{len(rows):,} rows, {len({row[1] for row in rows}):,} different addresses"
