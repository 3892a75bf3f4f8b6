"""Holds the parameters of a request, and an object of an answer, to the types of Stripe's library."""

import re
import types
import typing

import typing_extensions

NOT_REQUIRED = (typing.NotRequired, typing_extensions.NotRequired)
UNIONS = (typing.Union, types.UnionType)
LITERALS = (typing.Literal, typing_extensions.Literal)
NUMBER = re.compile(r"-?\d+")
# Types of events that later versions of the API have. Stripe sends those of the version of the webhook's own endpoint.
LATER_EVENTS = {"refund.failed"}


def tree(pairs):
    """`a[b][0]=c` as {"a": {"b": {"0": "c"}}}; `a[]=b` counts up."""
    root = {}
    for name, value in pairs:
        path = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", name)
        place = root
        for part, following in zip(path, path[1:] + [None]):
            part = part or str(len(place))
            if following is None:
                place[part] = value
            else:
                place = place.setdefault(part, {})
                if not isinstance(place, dict):
                    raise ValueError(f"{name} is both a value and an object")
    return root


def is_typed_dict(hint):
    return isinstance(hint, type) and hasattr(hint, "__required_keys__")


class Judge:
    def __init__(self, description):
        self.description, self.types = description, description.types

    # What goes in: texts alone, as a form has them.

    def parameters(self, kind, given, path=""):
        """What is wrong with the parameters, one line each."""
        members = self.types.members(kind)
        for name in kind.__required_keys__ - given.keys():
            yield f"{path}{name} is missing"
        for name, value in given.items():
            if name in members:
                yield from self.parameter(members[name], value, path + name)
            else:
                yield f"{path}{name} is unknown"

    def parameter(self, hint, value, path):
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin in NOT_REQUIRED:
            yield from self.parameter(arguments[0], value, path)
        elif origin in UNIONS:
            faults = [list(self.parameter(kind, value, path)) for kind in arguments]
            if all(faults):
                yield from min(faults, key=len)
        elif origin in LITERALS:
            if value not in arguments:
                yield f"{path} is {value!r}, none of {', '.join(map(repr, arguments))}"
        elif origin in (list, typing.Sequence):
            if not isinstance(value, dict) or list(value) != [str(index) for index in range(len(value))]:
                yield f"{path} is no list: {value!r}"
            else:
                for index, element in value.items():
                    yield from self.parameter(arguments[0], element, f"{path}[{index}]")
        elif origin is dict:
            if not isinstance(value, dict):
                yield f"{path} is no object: {value!r}"
            else:
                for name, element in value.items():
                    yield from self.parameter(arguments[1], element, f"{path}[{name}]")
        elif is_typed_dict(hint):
            if isinstance(value, dict):
                yield from self.parameters(hint, value, path + ".")
            else:
                yield f"{path} is no object: {value!r}"
        elif not isinstance(value, str):
            yield f"{path} is no text: {value!r}"
        elif hint is int and not NUMBER.fullmatch(value) or hint is bool and value not in ("true", "false"):
            yield f"{path} is no {hint.__name__}: {value!r}"
        elif hint is float and not re.fullmatch(r"-?\d+(\.\d+)?", value):
            yield f"{path} is no number: {value!r}"

    # What comes out: JSON.

    def object(self, value, path):
        """What is wrong with an object of Stripe's and with those in it, one line each."""
        name = value.get("object")
        if name == "list":
            for member, kind in {"url": str, "has_more": bool, "data": list}.items():
                if not isinstance(value.get(member), kind):
                    yield f"{path}.{member} is no {kind.__name__}: {value.get(member)!r}"
            for element in value.get("data") or []:
                yield from self.object(element, element.get("object", "?"))
        elif name not in self.description.objects:
            yield f"{path} is no object of Stripe's: {name!r}"
        elif value.get("deleted") is True:
            yield from self.members(self.description.objects[name], value, path, partial=True)
        else:
            yield from self.members(self.description.objects[name], value, path)

    def members(self, kind, value, path, partial=False):
        members = self.types.members(kind)
        for name, hint in members.items():
            if name in value:
                yield from self.member(hint, value[name], f"{path}.{name}")
            elif not partial and not self.is_optional(hint):
                yield f"{path}.{name} is missing"
        for name in value.keys() - members.keys():
            yield f"{path}.{name} is unknown"

    def member(self, hint, value, path):
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if hint is typing.Any:
            return
        if origin in UNIONS:
            kinds = [kind for kind in arguments if kind is not type(None) or value is None]
            # An expanded object is no id: what is wrong with it is told, and not that it is no text.
            kinds = [kind for kind in kinds if kind is not str or not isinstance(value, dict)] or kinds
            faults = [list(self.member(kind, value, path)) for kind in kinds]
            if all(faults):
                yield from min(faults, key=len)
        elif origin in LITERALS:
            if value not in arguments and not (path == "event.type" and value in LATER_EVENTS):
                yield f"{path} is {value!r}, none of {', '.join(map(repr, arguments))}"
        elif origin is list:
            if not isinstance(value, list):
                yield f"{path} is no list: {value!r}"
            else:
                for element in value:
                    yield from self.member(arguments[0], element, f"{path}[]")
        elif origin is dict:
            if not isinstance(value, dict):
                yield f"{path} is no object: {value!r}"
        elif hint is type(None):
            if value is not None:
                yield f"{path} is not null: {value!r}"
        elif hint in (int, str, bool, float):
            if type(value) is not hint and not (hint is float and type(value) is int):
                yield f"{path} is no {hint.__name__}: {value!r}"
        elif not isinstance(value, dict):
            yield f"{path} is no object: {value!r}"
        elif isinstance(value.get("object"), str):
            wanted = getattr(origin or hint, "OBJECT_NAME", value["object"])
            if value["object"] != wanted:
                yield f"{path} is a {value['object']}, not a {wanted}"
            else:
                yield from self.object(value, path)
        elif "__annotations__" in vars(hint):
            yield from self.members(hint, value, path)

    @staticmethod
    def is_optional(hint):
        return hint is typing.Any or type(None) in typing.get_args(hint)
