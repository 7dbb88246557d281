"""Values that are personal data by their form and checksum; numbers at random are not taken for any."""

from __future__ import annotations

import random

import pytest

from planroom.model.personal_values import (
    is_email,
    is_french_social_security_number,
    is_iban,
    is_ip_address,
    is_nhs_number,
    is_payment_card,
    is_phone,
    is_spanish_identity_number,
    personal_values,
)

# Published examples: of the standards, the registries and the card schemes' test numbers.
RIGHT = {
    is_email: ["ada@example.org", "a.b+c@mail.example.co.uk"],
    is_iban: ["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "NO9386011117947"],
    is_payment_card: ["4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005"],
    is_nhs_number: ["943 476 5919", "4010232137"],
    is_french_social_security_number: ["2 55 08 14 168 025 38", "2550814168025 38"],
    is_spanish_identity_number: ["12345678Z", "X1234567L"],
    is_phone: ["+44 20 7946 0958", "+1 (202) 555-0143"],
    is_ip_address: ["192.0.2.17", "2001:db8::1", "198.51.100.7/32"],
}
WRONG = {
    is_email: ["ada at example.org", "@example.org", "a@b"],
    is_iban: ["GB83 WEST 1234 5698 7654 32", "DE8937040044", "hello"],
    is_payment_card: ["4111 1111 1111 1112", "1234567890123", "41111111"],
    is_nhs_number: ["943 476 5918", "12345"],
    is_french_social_security_number: ["2 55 08 14 168 025 39"],
    is_spanish_identity_number: ["12345678A", "1234Z"],
    is_phone: ["020 7946 0958", "+12", "2026-11-28"],
    is_ip_address: ["127.0.0.1", "1.2.3", "0.0.0.0"],
}


@pytest.mark.parametrize("check", RIGHT, ids=lambda check: check.__name__)
def test_a_check_takes_what_is_published_and_refuses_what_has_a_digit_wrong(check):
    assert [value for value in RIGHT[check] if not check(value)] == []
    assert [value for value in WRONG[check] if check(value)] == []


def test_numbers_at_random_are_nothing():
    draw = random.Random(5)
    columns = [[str(draw.randrange(10**digits)).zfill(digits) for _ in range(200)] for digits in range(6, 20)]

    assert [personal_values(column) for column in columns] == [None] * len(columns)


def test_a_few_values_and_a_mixture_prove_nothing():
    mails = [f"user{number}@example.org" for number in range(100)]

    assert personal_values(mails[:19]) is None
    assert personal_values(mails[:10] * 10) is None, "the same value again is no more evidence"
    assert personal_values([*mails[:80], *(f"order {number}" for number in range(20))]) is None
    found = personal_values([*mails, "none"])
    assert found is not None
    assert (found.kind, found.matching, found.looked_at) == ("e-mail addresses", 100, 101)
