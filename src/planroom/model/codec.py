"""A model as plain data and as canonical text, and back; and its hash.

The codec follows the type hints of the model's dataclasses, so a new field needs no line here. Fields that have their
default are left out. A few values have a shorthand: a data type without modifiers or schema is its name, an expression
whose two forms agree is its text, a plain index column is its name, pairs are an object, and a text of several lines is
a list of lines. In the text, what people compare stands on a line of its own: a column, a constraint, an index.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, Union, cast

from planroom.collector import put_off
from planroom.errors import FormatError, nearest
from planroom.model.indexes import IndexColumn
from planroom.model.model import Model
from planroom.sqltext import DataType, Expression
from planroom.values import dataclass

__all__ = ["SCHEMA", "canonical_text", "decode", "encode", "from_text", "model_hash"]

SCHEMA = "planroom.model/1"
"""The name and version of the text's own structure; within a version, fields are only added."""

_BY_ITS_FIRST_FIELD = (DataType, IndexColumn)
_DERIVED = {(Model, "findings")}  # what readers noticed follows from the source, not from the model

T = TypeVar("T")


# -- writing -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Choice:
    """Which fields are wanted: all, or those that equality looks at; with the origins, or without."""

    compared_only: bool = False
    origins: bool = False

    def wants(self, cls: type, field: dataclasses.Field[Any]) -> bool:
        if (cls, field.name) in _DERIVED:
            return False
        if field.name == "origin":
            return self.origins
        return field.compare or not self.compared_only


def encode(value: object, *, compared_only: bool = False, origins: bool = False) -> Any:
    """Return a value of the model as dictionaries, lists, strings, numbers and booleans.

    Args:
        value: A `Model` or anything in it.
        compared_only: Leave out what equality does not look at; equal values then have equal encodings.
        origins: Say where each object was read.
    """
    return _encoded(value, _Choice(compared_only, origins))


def _encoded(value: Any, choice: _Choice) -> Any:
    if isinstance(value, str):
        return value.split("\n") if "\n" in value else str(value)
    if isinstance(value, tuple):
        return _as_object(value) or [_encoded(item, choice) for item in value]
    if isinstance(value, Expression) and (choice.compared_only or value.text == value.canonical):
        return _encoded(value.canonical, choice)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = _fields_of(value, choice)
        if isinstance(value, _BY_ITS_FIRST_FIELD) and list(fields) == [dataclasses.fields(value)[0].name]:
            return next(iter(fields.values()))
        return fields
    return value


def _fields_of(value: Any, choice: _Choice) -> dict[str, Any]:
    found = {}
    for name, spec in _plan(value.__class__).items():
        own = getattr(value, name)
        if choice.wants(type(value), spec.field) and not spec.is_default(own):
            found[name] = _encoded(float(own) if spec.is_float and own is not None else own, choice)
    return found


def _as_object(value: tuple[Any, ...]) -> dict[str, str] | None:
    """Return pairs of texts as an object, where no key comes twice."""
    if value and all(isinstance(item, tuple) and len(item) == 2 for item in value):
        pairs = dict(value)
        return pairs if len(pairs) == len(value) else None
    return None


@dataclass(frozen=True)
class _Spec:
    """What the codec needs to know of one field."""

    field: dataclasses.Field[Any]
    hint: Any

    @property
    def required(self) -> bool:
        return self.field.default is dataclasses.MISSING and self.field.default_factory is dataclasses.MISSING

    @functools.cached_property
    def default(self) -> Any:
        factory = self.field.default_factory
        return self.field.default if factory is dataclasses.MISSING else factory()

    @functools.cached_property
    def is_float(self) -> bool:
        return self.hint is float or float in typing.get_args(self.hint)

    def is_default(self, value: Any) -> bool:
        return not self.required and bool(value == self.default)


@functools.cache
def _plan(cls: type) -> Mapping[str, _Spec]:
    """Return the fields of a dataclass by name."""
    hints = typing.get_type_hints(cls)
    return {field.name: _Spec(field, hints[field.name]) for field in dataclasses.fields(cls)}


# -- the text ----------------------------------------------------------------------------------------------------------

# Characters that no one sees, and that can make a text read otherwise than it is (bidirectional overrides): escaped.
_UNSEEN = re.compile(
    "[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)

_EXPANDED = {"tables", "views", "routines"}


def canonical_text(model: Model, *, origins: bool = False) -> str:
    """Return the model as JSON text, the same for the same model, that ends with a newline."""
    return "\n".join(_lines({"schema": SCHEMA, **encode(model, origins=origins)})) + "\n"


def model_hash(model: Model) -> str:
    """Return the SHA-256 of what equality looks at, in hexadecimal: equal models have equal hashes."""
    text = json.dumps(encode(model, compared_only=True), ensure_ascii=True, separators=(",", ":"))
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()


def _lines(document: dict[str, Any]) -> Iterator[str]:
    yield "{"
    for name, value, comma in _with_commas(document):
        if isinstance(value, list) and value:
            yield f'  "{name}": ['
            for item, item_comma in _items_with_commas(value):
                yield from _item(item, item_comma, expanded=name in _EXPANDED)
            yield f"  ]{comma}"
        else:
            yield f"  {_dumped(name)}: {_dumped(value)}{comma}"
    yield "}"


def _item(item: Any, comma: str, *, expanded: bool) -> Iterator[str]:
    if not expanded:
        yield f"    {_dumped(item)}{comma}"
        return
    yield "    {"
    for name, value, field_comma in _with_commas(item):
        if isinstance(value, list) and (len(value) > 1 or isinstance(value[0], dict)):
            yield f"      {_dumped(name)}: ["
            yield from (f"        {_dumped(each)}{each_comma}" for each, each_comma in _items_with_commas(value))
            yield f"      ]{field_comma}"
        else:
            yield f"      {_dumped(name)}: {_dumped(value)}{field_comma}"
    yield f"    }}{comma}"


def _with_commas(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    last = len(fields) - 1
    return ((name, value, "" if number == last else ",") for number, (name, value) in enumerate(fields.items()))


def _items_with_commas(items: list[Any]) -> Iterator[tuple[Any, str]]:
    last = len(items) - 1
    return ((item, "" if number == last else ",") for number, item in enumerate(items))


def _dumped(value: Any) -> str:
    try:
        return _UNSEEN.sub(_escaped, json.dumps(value, ensure_ascii=False, allow_nan=False))
    except ValueError as error:
        raise FormatError(
            "The model cannot be written as JSON.", why=f"it holds a number that is none: {error}"
        ) from None


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


# -- reading -----------------------------------------------------------------------------------------------------------


@put_off()
def from_text(text: str, source: str = "<text>") -> Model:
    """Return the model that a JSON text holds.

    Raises:
        FormatError: It is no JSON, of another version, or has a key that the model has not; the message says where.
    """
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (json.JSONDecodeError, RecursionError) as error:
        place = f"{source}:{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else source
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
        raise FormatError(
            "The text is not JSON.", where=place, why=f"{reason}.", fix="check the place named."
        ) from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        found = data.get("schema", "no schema") if isinstance(data, dict) else f"a {_json_kind(data)}"
        raise FormatError(
            "The JSON text holds no model that this planroom reads.",
            where=source,
            why=f'it says {json.dumps(found, ensure_ascii=False)[:80]}, not {json.dumps(SCHEMA)}, under "schema".',
            fix="write it anew with this version: `planroom convert SOURCE --to json`.",
        )
    return decode({name: value for name, value in data.items() if name != "schema"}, Model, source)


def _no_constant(name: str) -> float:
    raise json.JSONDecodeError(f"{name} is no JSON", "", 0)


def decode(data: Any, cls: type[T], place: str = "") -> T:
    """Return the value of the model that `encode` has made ``data`` from.

    Raises:
        FormatError: The data have another shape; the message says where and, for a key, names the nearest.
    """
    return cast(T, _decoder(cast(Any, cls))(data, place))


_Decoder = Callable[[Any, str], Any]


@functools.cache
def _decoder(hint: Any) -> _Decoder:
    """Return the function that decodes values of a type hint."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (each for each in arguments if each is not types.NoneType)
        decoded = _decoder(inner)
        return lambda data, place: None if data is None else decoded(data, place)
    if origin is tuple:
        return _tuple_decoder(arguments)
    if dataclasses.is_dataclass(hint):
        return functools.partial(_dataclass_of, cast(type, hint))
    return _PRIMITIVES[hint]


def _tuple_decoder(arguments: tuple[Any, ...]) -> _Decoder:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _decoder(arguments[0])
        return lambda data, place: tuple(item(each, f"{place}[{n}]") for n, each in enumerate(_list(data, place)))
    inner = [_decoder(each) for each in arguments]

    def pair(data: Any, place: str) -> tuple[Any, ...]:
        if len(_list(data, place)) != len(inner):
            raise _wrong(f"a list of {len(inner)}", data, place)
        return tuple(decoded(each, place) for decoded, each in zip(inner, data, strict=True))

    return pair


def _list(data: Any, place: str) -> list[Any]:
    if isinstance(data, dict):
        return [[key, value] for key, value in data.items()]
    if not isinstance(data, list):
        raise _wrong("a list", data, place)
    return data


def _text(data: Any, place: str) -> str:
    if isinstance(data, list) and all(isinstance(line, str) for line in data):
        return "\n".join(data)
    if not isinstance(data, str):
        raise _wrong("a text", data, place)
    return data


def _boolean(data: Any, place: str) -> bool:
    if not isinstance(data, bool):
        raise _wrong("true or false", data, place)
    return data


def _integer(data: Any, place: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool):
        raise _wrong("a whole number", data, place)
    return data


def _number(data: Any, place: str) -> float:
    if not isinstance(data, int | float) or isinstance(data, bool):
        raise _wrong("a number", data, place)
    return float(data)


_PRIMITIVES: Mapping[Any, _Decoder] = {str: _text, bool: _boolean, int: _integer, float: _number}


def _dataclass_of(cls: type, data: Any, place: str) -> Any:
    if cls is Expression and isinstance(data, str | list):
        text = _text(data, place)
        return Expression(text, text)
    if cls in _BY_ITS_FIRST_FIELD and isinstance(data, str | list):
        return cls(_text(data, place))
    if not isinstance(data, dict):
        raise _wrong("an object", data, place)
    specs = _plan(cls)
    for key in data:
        if key not in specs:
            raise _unknown_key(key, cls, place)
    for name, spec in specs.items():
        if spec.required and name not in data:
            raise FormatError(f"The JSON text lacks the key {name!r}.", where=place, why=f"{_kind(cls)} needs it.")
    return cls(**{name: _decoder(specs[name].hint)(value, _below(place, name)) for name, value in data.items()})


def _below(place: str, name: str) -> str:
    return f"{place}{'.' if ': ' in place else ': '}{name}"


def _unknown_key(key: str, cls: type, place: str) -> FormatError:
    close = nearest(key, _plan(cls))
    return FormatError(
        f"The JSON text has an unknown key {key!r}.",
        where=place,
        why=f"{_kind(cls)} has {', '.join(_plan(cls))}.",
        fix=f"did you mean {close!r}?" if close else "",
    )


def _wrong(expected: str, data: Any, place: str) -> FormatError:
    return FormatError(f"The JSON text has {_json_kind(data)} where {expected} belongs.", where=place)


def _kind(cls: type) -> str:
    return "a " + re.sub(r"(?<!^)(?=[A-Z])", " ", cls.__name__.lstrip("_")).lower()


def _json_kind(data: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "null"}
    return kinds.get(type(data), "a number")
