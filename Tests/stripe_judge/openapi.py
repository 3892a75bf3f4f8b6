"""Stripe's own OpenAPI description, and what is wrong with a request by it.

The description comes in the wheel `seahaven-stripe-world`, which has it as Stripe publishes it. It is of a later version of the
API than the one that we speak, so that it judges what goes in, and not what comes out. Nothing of the wheel is run.
"""

import json
import re

NUMBER = re.compile(r"-?\d+")
FORM = "application/x-www-form-urlencoded"


class Call:
    def __init__(self, method, path, operation):
        self.method, self.path = method, path
        self.pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
        self.variables = path.count("{")
        asked = [parameter for parameter in operation.get("parameters", []) if parameter["in"] == "query"]
        body = operation.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
        self.schema = {
            "type": "object",
            "properties": {parameter["name"]: parameter["schema"] for parameter in asked} | body.get("properties", {}),
            "required": [parameter["name"] for parameter in asked if parameter.get("required")]
            + body.get("required", []),
        }


class OpenAPI:
    def __init__(self, file):
        description = json.loads(file.read_text())
        self.version = description["info"]["version"]
        # What is written out comes before what is a variable.
        self.calls = sorted(
            (
                Call(method.upper(), path, operation)
                for path, operations in description["paths"].items()
                for method, operation in operations.items()
                if method in ("get", "post", "delete")
            ),
            key=lambda call: call.variables,
        )
        assert len(self.calls) > 400, "the description cannot be read"

    def find(self, method, path):
        return next((call for call in self.calls if call.method == method and call.pattern.fullmatch(path)), None)


def faults(schema, value, path=""):
    """What is wrong with a value of a form, one line each."""
    if "anyOf" in schema:
        kinds = [list(faults(kind, value, path)) for kind in schema["anyOf"]]
        if all(kinds):
            yield from min(kinds, key=len)
        return
    kind = schema.get("type")
    if kind == "object":
        yield from object_faults(schema, value, path)
    elif kind == "array":
        if not isinstance(value, dict) or list(value) != [str(index) for index in range(len(value))]:
            yield f"{path} is no list: {value!r}"
            return
        for index, element in value.items():
            yield from faults(schema.get("items", {}), element, f"{path}[{index}]")
    elif kind and not isinstance(value, str):
        yield f"{path} is no text: {value!r}"
    elif kind == "integer" and not NUMBER.fullmatch(value) or kind == "boolean" and value not in ("true", "false"):
        yield f"{path} is no {kind}: {value!r}"
    elif kind == "number" and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        yield f"{path} is no number: {value!r}"
    elif value not in schema.get("enum", [value]):
        yield f"{path} is {value!r}, none of {', '.join(map(repr, schema['enum']))}"
    elif len(value) > schema.get("maxLength", len(value)):
        yield f"{path} is longer than {schema['maxLength']} characters"


def object_faults(schema, value, path):
    if not isinstance(value, dict):
        yield f"{path} is no object: {value!r}"
        return
    members, other = schema.get("properties", {}), schema.get("additionalProperties", False)
    for name in schema.get("required", []):
        if name not in value:
            yield f"{path}.{name} is missing" if path else f"{name} is missing"
    for name, member in value.items():
        place = f"{path}.{name}" if path else name
        if name in members:
            yield from faults(members[name], member, place)
        elif other:
            yield from faults(other if isinstance(other, dict) else {}, member, place)
        else:
            yield f"{place} is unknown"
