"""What columns of text are called, and texts that fit: plausible, and plainly made up.

Addresses are of example.org (RFC 2606), telephone numbers of the fictitious 555 exchange, internet addresses of the
ranges for documentation and benchmarks (RFC 5737, RFC 2544, RFC 3849). Nothing comes from data of anybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.generating.mixing import permuted, permuted_number
from planroom.generating.patterns import Pattern
from planroom.generating.quoting import literal
from planroom.model.words import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Texts", "texts_for"]


def _w(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _w(
    "Ada Bo Chi Dee Eve Fay Gus Hal Ida Jon Kim Lea Max Nia Ola Pia Quin Ray Sam Tia Uma Val Wim Xena Yan Zoe Ari Bea"
    " Cal Dov Eli Fen"
)
_LAST = _w(
    "Moss Reed Stone Vale Wood Brook Field Hill Lake Marsh Park Ridge Shore Thorn Wells Ash Birch Cliff Dale Elm Fern"
    " Grove Heath Isle Juniper Knoll Linden Meadow North Oak Pine Quarry"
)
_ADJECTIVES = _w(
    "amber bold calm dry early fair gentle high ivory jade keen light mild noble open plain quick round soft tall upper"
    " vivid warm young zesty brisk clear deep even fresh green hollow"
)
_NOUNS = _w(
    "anchor basket candle drum engine feather garden harbour island jacket kettle ladder mirror needle orchard pillow"
    " quilt ribbon saddle teapot umbrella valley window yarn bell crate desk easel flask globe hinge jar"
)
_VERBS = _w("moves holds keeps takes gives shows brings meets turns lifts finds opens closes carries follows needs")
_CITIES = _w(
    "Aldford Brinmouth Carrowby Dunhollow Eastmere Fallowtown Greyport Hartwell Inverlea Kestrelton Larkham Millbrook"
    " Norwood Oakenshaw Pinewick Quarrybank"
)
_STREETS = _w("Amber Bridge Chapel Dock Elm Forge Garden Harbour Ivy Kiln Lime Market North Orchard Pond Quay")
_COUNTRIES = _w("DE US FR GB NL JP BR IN ES IT CA AU SE PL BE AT CH DK NO FI PT IE CZ GR HU RO MX ZA KR NZ AR CL")
_COUNTRY_NAMES = _w(
    "Germany France Japan Brazil India Spain Italy Canada Australia Sweden Poland Belgium Austria Norway"
)
_COUNTRIES3 = _w("DEU USA FRA GBR NLD JPN BRA IND ESP ITA CAN AUS SWE POL BEL AUT CHE DNK NOR FIN PRT IRL CZE GRC")
_CURRENCIES = _w("EUR USD GBP JPY CHF SEK PLN CAD AUD NOK DKK BRL INR MXN ZAR NZD CZK HUF RON KRW SGD HKD ILS TRY")
_LANGUAGES = _w("en de fr es nl it pt sv pl da fi nb ja ko cs el")
_LOCALES = _w("en-US de-DE fr-FR es-ES nl-NL it-IT pt-BR sv-SE pl-PL da-DK fi-FI nb-NO ja-JP ko-KR cs-CZ el-GR")
_ZONES = _w(
    "Europe/Amsterdam Europe/Berlin America/New_York Asia/Tokyo Europe/Paris America/Sao_Paulo Asia/Kolkata UTC"
)
_STATUSES = _w("active pending done open closed paused draft failed")
_COLOURS = _w("black white grey red blue green yellow brown orange purple teal olive navy coral ivory jade")
_AGENTS = ("Mozilla/5.0 (X11; Linux x86_64) Synthetic", "Mozilla/5.0 (Macintosh) Synthetic", "SyntheticApp")
_CARRIERS = ("Example Post", "Sample Parcel", "Model Freight", "Demo Express", "Test Cargo", "Fixture Mail")
_COMPANIES = _w("Works Trading Supply Partners Group Studio Labs Industries")
_TYPES = _w("image/png image/jpeg application/pdf text/plain application/json text/html video/mp4 audio/mpeg")
_EXTENSIONS = _w(".png .jpg .pdf .txt .json .csv")
_DIGITS = tuple("0123456789")
_HEX = tuple("0123456789abcdef")
_LETTERS = tuple("ABCDEFGHJKLMNPQRSTUVWXYZ")


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of one kind.

    Attributes:
        what: What they are, in words.
        pattern: The texts, numbered.
        tail: What follows them; a number that makes more of them different stands before it.
        joint: What stands before that number.
        few: There are no more different ones than the pattern has, unless they must be.
        skew: How unevenly they occur where nothing else is said.
    """

    what: str
    pattern: Pattern
    tail: str = ""
    joint: str = ""
    few: bool = False
    skew: float = 0.0

    def sample(self, number: int) -> str:
        """Return the text with a number."""
        beyond, within = divmod(number, self.pattern.capacity)
        return self.pattern.sample(within) + (f"{self.joint}{beyond}" if beyond else "") + self.tail

    def numbered(self, number: int, most: int) -> str:
        """Return what the SQL of `text` gives."""
        capacity = self.pattern.capacity
        beyond, within = divmod(number, capacity)
        place = within if self.few else permuted_number(within, capacity, 0)
        return self.pattern.sample(place) + (f"{self.joint}{beyond}" if beyond and most > capacity else "") + self.tail

    def text(self, number: str, most: int) -> str:
        """Return SQL for the text with a number.

        Args:
            number: SQL for a whole number >= 0.
            most: It is below this.
        """
        capacity = self.pattern.capacity
        within = f"({number}) % {capacity}"
        within = within if self.few else permuted(within, capacity, 0)
        if most <= capacity:
            body = self.pattern.text(within)
        else:
            further = f"{literal(self.joint)} || (({number}) // {capacity})"
            beyond = f"CASE WHEN ({number}) < {capacity} THEN '' ELSE {further} END"
            body = f"{self.pattern.text(within)} || {beyond}"
        return f"{body} || {literal(self.tail)}" if self.tail else body


def _texts(what: str, *places: Sequence[str] | str, tail: str = "", joint: str = "", few: bool = False) -> Texts:
    parts = tuple((each,) if isinstance(each, str) else tuple(each) for each in places)
    return Texts(what, Pattern(parts), tail, joint, few, skew=0.8 if few else 0.0)


_PERSON = _texts("a person's name", _FIRST, " ", _LAST, joint=" ")
_LOWER_FIRST, _LOWER_LAST = tuple(map(str.lower, _FIRST)), tuple(map(str.lower, _LAST))
_EMAIL = _texts("an address of example.org", _LOWER_FIRST, ".", _LOWER_LAST, tail="@example.org")
_URL = _texts("a URL of example.org", "https://www.example.org/", _ADJECTIVES, "-", _NOUNS, joint="-")
_HOST = _texts("a host of example.org", _ADJECTIVES, "-", _NOUNS, tail=".example.org", joint="-")
_PHONE = _texts("a fictitious telephone number", "+1555", *[_DIGITS] * 7)
_THING = _texts("two words", _ADJECTIVES, " ", _NOUNS, joint=" ")
_SLUG = _texts("a slug", _ADJECTIVES, "-", _NOUNS, joint="-")
_PROSE = _texts(
    "a sentence", "The ", _ADJECTIVES, " ", _NOUNS, " ", _VERBS, " the ", _ADJECTIVES, " ", _NOUNS, tail=".", joint=" "
)
_CODE = _texts("a code", _LETTERS, _LETTERS, _LETTERS, "-", *[_DIGITS] * 5)
_NUMBER = _texts("digits", *[_DIGITS] * 8)
_SECRET = _texts("a made-up token", "syn_", *[_HEX] * 12)
_FILE = _texts("a file's name", _ADJECTIVES, "-", _NOUNS, _EXTENSIONS)
_PATH = _texts("a path", "/synthetic/", _ADJECTIVES, "/", _NOUNS, joint="-")
_USER = _texts("a user's name", _LOWER_FIRST, _LOWER_LAST)
_COMPANY = _texts("a company's name", "Example ", _LAST, " ", _COMPANIES, joint=" ")
_STREET = _texts("a street and number", _STREETS, " Street ", tuple(map(str, range(1, 100))), joint="/")
_POSTCODE = _texts("a postcode", *[_DIGITS] * 5)

_BY_WORDS: tuple[tuple[frozenset[str], Texts], ...] = tuple(
    (frozenset(words.split()), texts)
    for words, texts in (
        ("email mail emails mailbox", _EMAIL),
        ("url uri website homepage link href permalink webhook", _URL),
        ("host hostname domain server fqdn", _HOST),
        ("phone mobile telephone tel fax cell msisdn", _PHONE),
        ("username login nickname handle nick", _USER),
        ("first firstname forename given", _texts("a first name", _FIRST, joint=" ")),
        ("last lastname surname family", _texts("a last name", _LAST, joint=" ")),
        ("fullname recipient holder contact author actor person owner manager employee customer",
         _PERSON),
        ("company organisation organization supplier vendor manufacturer employer brand", _COMPANY),
        ("city town municipality", _texts("a city", _CITIES, few=True)),
        ("street address addr address1 addr1 line1", _STREET),
        ("address2 addr2 line2 addr3", _texts("a part of an address", "Floor ", _DIGITS, few=True)),
        ("postcode zip zipcode postal", _POSTCODE),
        ("country nationality market", _texts("a country", _COUNTRY_NAMES, few=True)),
        ("state province region county district", _texts("a region", _ADJECTIVES, " shire", few=True)),
        ("currency", _texts("a currency", _CURRENCIES, few=True)),
        ("language lang", _texts("a language", _LANGUAGES, few=True)),
        ("locale", _texts("a locale", _LOCALES, few=True)),
        ("timezone zone tz", _texts("a time zone", _ZONES, few=True)),
        ("status state stage phase", _texts("a status", _STATUSES, few=True)),
        ("colour color", _texts("a colour", _COLOURS, few=True)),
        ("agent useragent browser device", _texts("a made-up browser", _AGENTS, "/1.", _DIGITS, joint=".")),
        ("carrier shipper courier", _texts("a carrier", _CARRIERS, few=True)),
        ("mime mimetype", _texts("a media type", _TYPES, few=True)),
        ("file filename picture image photo attachment", _FILE),
        ("path folder directory object", _PATH),
        ("slug", _SLUG),
        ("hash digest checksum fingerprint token secret password passwd pwd signature salt apikey etag", _SECRET),
        ("description comment note text body content message reason", _PROSE),
        ("sku code ref reference serial barcode isbn ean gtin iban vin number no nr tracking key uid account", _CODE),
        ("title subject headline caption name label", _THING),
    )
)  # fmt: skip

_SHORT: tuple[tuple[frozenset[str], Texts], ...] = (
    (frozenset("country nationality market".split()), _texts("a country's code", _COUNTRIES, few=True)),
    (frozenset("country nationality market".split()), _texts("a country's code", _COUNTRIES3, few=True)),
)
_PEOPLE = frozenset(
    "customer user employee person actor author contact member student teacher patient staff artist player".split()
)
_FIRMS = frozenset("supplier vendor company organization organisation brand manufacturer tenant".split())


def texts_for(column: str, table: str, *, type_name: str = "") -> tuple[Texts, ...]:
    """Return kinds of text that suit a column, the best first; the last suits any.

    Args:
        column: Its name.
        table: Its table's name: a customer's name is a person's.
        type_name: The name of its domain, where it has one.
    """
    words = words_of(column)
    found = [*_short(words), *_short(words_of(type_name))]
    if words[-1:] == ("name",):
        found += _named(words, table)
    for each in (*reversed(words), *words_of(type_name)):
        found += [texts for known, texts in _BY_WORDS if each in known or each.rstrip("s") in known]
    return (*dict.fromkeys(found), _THING, _CODE, _NUMBER)


def _named(words: tuple[str, ...], table: str) -> list[Texts]:
    before = {each.rstrip("s") for each in words[:-1]}
    if before & {"full", "recipient", "holder", "contact", "display"} or before & _PEOPLE:
        return [_PERSON]
    if before:
        return []
    owners = {each.rstrip("s") for each in words_of(table)}
    return [_PERSON] if owners & _PEOPLE else [_COMPANY] if owners & _FIRMS else []


def _short(words: tuple[str, ...]) -> list[Texts]:
    return [texts for known, texts in _SHORT if known & {*words}]
