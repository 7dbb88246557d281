"""Personal data in Parquet files of which there is no design: told by names, and by the form of the ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.model import Column
from planroom.model.personal import looks_personal
from planroom.model.personal_values import (
    is_email,
    is_french_social_security_number,
    is_iban,
    is_ip_address,
    is_nhs_number,
    is_payment_card,
    is_phone,
    is_spanish_identity_number,
)
from planroom.scaling.parquet.merging import GREATEST, LEAST, end_of, merged_chunks
from planroom.sqltext import DataType

if TYPE_CHECKING:
    from planroom.scaling.parquet.footer import Footer

__all__ = ["personal_in"]

_BYTES, _DATE, _LOGICAL_DATE = 6, 6, 6  # Type, ConvertedType and LogicalType of parquet.thrift
_FORMS = (
    is_email, is_french_social_security_number, is_iban, is_ip_address, is_nhs_number, is_payment_card, is_phone,
    is_spanish_identity_number,
)  # fmt: skip


def personal_in(footer: Footer) -> tuple[str, ...]:
    """Return the topmost columns that are named like personal data, or whose least or greatest value has its form.

    Only texts and days are looked at; two values prove little, so that this is on the side of caution.
    """
    found: dict[str, None] = {}
    for chunk in merged_chunks(footer):
        element = footer.leaves[chunk.path]
        text = element.physical == _BYTES
        day = element.converted == _DATE or element.logical == _LOGICAL_DATE
        if (text and any(_named(name, "text") for name in chunk.path)) or (day and _named(chunk.path[0], "date")):
            found[chunk.path[0]] = None
        elif text:
            ends = (end_of(chunk.statistics, LEAST), end_of(chunk.statistics, GREATEST))
            values = [each.decode("utf-8", "replace") for each in ends if each]
            if any(is_one(value) for value in values for is_one in _FORMS):
                found[chunk.path[0]] = None
    return tuple(found)


def _named(name: str, kind: str) -> bool:
    return looks_personal(Column(name, DataType(kind)))
