"""Values that are personal data by their own form: most carry a checksum, which chance does not meet.

A column counts when nearly all of many different values pass. A random number passes Luhn's check in one case of ten
and ISO 7064's in one of ninety-seven, so that twenty values leave no doubt.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from planroom.model.facts import PersonalValues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "is_email",
    "is_french_social_security_number",
    "is_iban",
    "is_ip_address",
    "is_nhs_number",
    "is_payment_card",
    "is_phone",
    "is_spanish_identity_number",
    "personal_values",
]

LEAST_VALUES = 20
LEAST_SHARE = 0.9

_EMAIL = re.compile(r"[^@\s<>,;\"']+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+[1-9][\d ()./-]{6,22}\d")
_SEPARATORS = str.maketrans("", "", " -.")


def personal_values(values: Iterable[str]) -> PersonalValues | None:
    """Return what values are; None where they are too few, or nothing that is known here.

    Args:
        values: The values of one column; each is counted once.

    Example:
        >>> personal_values(f"user{number}@example.org" for number in range(30))
        PersonalValues(kind='e-mail addresses', matching=30, looked_at=30)
    """
    known = {value.strip() for value in values if value.strip()}
    if len(known) < LEAST_VALUES:
        return None
    for kind, is_one in _KINDS.items():
        matching = _matching(is_one, known)
        if matching:
            return PersonalValues(kind, matching, len(known))
    return None


def _matching(is_one: Callable[[str], bool], values: set[str]) -> int:
    """Return how many values are of a kind; 0 as soon as too many are not, which a few tell of most columns."""
    spare = len(values) - LEAST_SHARE * len(values)
    failing = 0
    for value in values:
        failing += not is_one(value)
        if failing > spare:
            return 0
    return len(values) - failing


def is_email(value: str) -> bool:
    """Whether it is an e-mail address, as far as its form tells."""
    return bool(_EMAIL.fullmatch(value))


def is_iban(value: str) -> bool:
    """Whether it is an International Bank Account Number. Source: ISO 13616; ISO 7064, MOD 97-10."""
    text = value.translate(_SEPARATORS).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z\d]{11,30}", text):
        return False
    return int("".join(str(int(each, 36)) for each in text[4:] + text[:4])) % 97 == 1


def is_payment_card(value: str) -> bool:
    """Whether it is the number of a payment card. Source: ISO/IEC 7812-1, annex B (Luhn's check)."""
    text = value.translate(_SEPARATORS)
    if not re.fullmatch(r"[2-6]\d{11,18}", text) or len(text) < 13:
        return False
    digits = [int(each) for each in reversed(text)]
    doubled = (sum(divmod(2 * each, 10)) for each in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def is_phone(value: str) -> bool:
    """Whether it is a telephone number with its country's code. Source: ITU-T E.164: 15 digits at most."""
    return bool(_PHONE.fullmatch(value)) and 7 <= sum(each.isdigit() for each in value) <= 15


def is_ip_address(value: str) -> bool:
    """Whether it is an address of one host on the Internet, version 4 or 6."""
    try:
        address = ipaddress.ip_address(value.removesuffix("/32").removesuffix("/128"))
    except ValueError:
        return False
    return not (address.is_unspecified or address.is_loopback)


def is_nhs_number(value: str) -> bool:
    """Whether it is a patient's number in England. Source: NHS Data Dictionary, "NHS NUMBER" (modulus 11)."""
    text = value.translate(_SEPARATORS)
    if not re.fullmatch(r"\d{10}", text):
        return False
    check = 11 - sum(int(each) * weight for each, weight in zip(text, range(10, 1, -1), strict=False)) % 11
    return check != 10 and check % 11 == int(text[9])


def is_french_social_security_number(value: str) -> bool:
    """Whether it is a French social-security number (NIR). Source: INSEE: modulus 97, with Corsica's letters."""
    text = value.translate(_SEPARATORS).upper()
    if not re.fullmatch(r"[1-478]\d{4}(?:\d{2}|2[AB])\d{8}", text):
        return False
    number = int(text[:13].replace("2A", "19").replace("2B", "18"))
    return int(text[13:]) == 97 - number % 97


def is_spanish_identity_number(value: str) -> bool:
    """Whether it is a Spanish DNI or NIE. Source: Real Decreto 1553/2005: the letter is the number modulo 23."""
    found = re.fullmatch(r"([XYZ]?)(\d{7,8})([A-Z])", value.translate(_SEPARATORS).upper())
    if not found or len(found[1]) + len(found[2]) != 8:
        return False
    number = int(str("XYZ".find(found[1]) if found[1] else "") + found[2])
    return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] == found[3]


_KINDS: dict[str, Callable[[str], bool]] = {
    "e-mail addresses": is_email,
    "IBANs": is_iban,
    "payment card numbers": is_payment_card,
    "NHS numbers": is_nhs_number,
    "French social-security numbers": is_french_social_security_number,
    "Spanish identity numbers": is_spanish_identity_number,
    "telephone numbers": is_phone,
    "IP addresses": is_ip_address,
}
