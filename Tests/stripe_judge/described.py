"""What Stripe's own library says of the API, in the version that we speak: its endpoints, their parameters and its objects.

The library is generated from Stripe's OpenAPI description. Its version 10.12 is the last one of the API's version
2024-06-20. Only its types are used.
"""

import ast
import importlib
import pathlib
import re
import sys
import typing

import stripe
from stripe._object_classes import OBJECT_CLASSES

FOLDER = pathlib.Path(stripe.__file__).parent
API_VERSION = stripe._api_version._ApiVersion.CURRENT
PLACEHOLDER = re.compile(r"\{\w+\}")


def names_in(module):
    """The names that a module's annotations may use, also those that only type checkers import."""
    names = dict(vars(typing)) | dict(vars(module))
    for statement in ast.parse(pathlib.Path(module.__file__).read_text()).body:
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.dump(statement.test):
            for line in statement.body:
                if isinstance(line, ast.ImportFrom):
                    source = importlib.import_module(line.module)
                    for name in line.names:
                        names[name.asname or name.name] = getattr(source, name.name)
    return names


class Types:
    """The members of a class, read once."""

    def __init__(self):
        self.known, self.modules = {}, {}

    def names(self, module):
        if module not in self.modules:
            self.modules[module] = names_in(sys.modules[module])
        return self.modules[module]

    def members(self, kind):
        if kind not in self.known:
            names = self.names(kind.__module__)
            self.known[kind] = {
                name: typing._eval_type(
                    typing.ForwardRef(hint) if isinstance(hint, str) else hint, names, names, recursive_guard=frozenset()
                )
                for name, hint in vars(kind).get("__annotations__", {}).items()
                if typing.get_origin(hint) is not typing.ClassVar
            }
        return self.known[kind]


class Endpoint:
    def __init__(self, method, path, parameters):
        self.method, self.path = method, path
        # The class of the parameters; None without parameters.
        self.parameters = parameters
        self.pattern = re.compile(PLACEHOLDER.sub("[^/]+", path))
        self.variables = len(PLACEHOLDER.findall(path))


def endpoints():
    """All calls of the library's services."""
    for file in sorted(FOLDER.rglob("_*_service.py")):
        name = ".".join(file.relative_to(FOLDER.parent).with_suffix("").parts)
        module = None
        for service in ast.parse(file.read_text()).body:
            if not isinstance(service, ast.ClassDef):
                continue
            for function in service.body:
                if not isinstance(function, ast.FunctionDef):
                    continue
                for call in ast.walk(function):
                    if not isinstance(call, ast.Call) or getattr(call.func, "attr", "") != "_request":
                        continue
                    method, path = call.args[:2]
                    path = path.func.value.value if isinstance(path, ast.Call) else path.value
                    if not path.startswith("/v1/"):
                        continue
                    hints = {argument.arg: argument.annotation for argument in function.args.args}
                    parameters = None
                    if "params" in hints:
                        module = module or importlib.import_module(name)
                        parameters = eval(ast.literal_eval(hints["params"]), vars(module))
                    yield Endpoint(method.value.upper(), path, parameters)


class Description:
    def __init__(self):
        self.types = Types()
        self.objects = OBJECT_CLASSES
        # What is written out comes before what is a variable: /v1/charges/search before /v1/charges/{charge}.
        self.endpoints = sorted(endpoints(), key=lambda endpoint: endpoint.variables)
        assert len(self.endpoints) > 400, "the library's services cannot be read"

    def find(self, method, path):
        for endpoint in self.endpoints:
            if endpoint.method == method and endpoint.pattern.fullmatch(path):
                return endpoint
        return None
