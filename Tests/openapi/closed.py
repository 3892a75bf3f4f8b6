"""Closes every object of an OpenAPI document that does not say whether it has other members than those it names."""

import json
import sys


def close(node):
    if isinstance(node, dict):
        if node.get("type") == "object" and "properties" in node:
            node.setdefault("additionalProperties", False)
        for member in node.values():
            close(member)
    elif isinstance(node, list):
        for element in node:
            close(element)


with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)
close(document["components"]["schemas"])
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(document, file)
