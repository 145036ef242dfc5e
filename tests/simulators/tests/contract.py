# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Checks an answer against a provider's OpenAPI file: status documented, body in its schema.

Knows the schema keywords that the contract files use. Without the files ($QUELL_CONTRACTS, by
default ../shared/contracts beside the repository) nothing is checked.
"""

import json
import os
import re
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[3]
_FOLDER = Path(os.environ.get("QUELL_CONTRACTS", _ROOT.parent / "shared" / "contracts"))

_TYPES = {"object": dict, "array": list, "string": str, "boolean": bool,
          "integer": int, "number": (int, float)}


class Contract:
    def __init__(self, name: str):
        path = _FOLDER / f"{name}.openapi.json"
        self._document = json.loads(path.read_text()) if path.exists() else None

    def available(self) -> bool:
        return self._document is not None

    def complaints(self, method: str, target: str, status: int, body: bytes) -> list[str]:
        """What is wrong with the answer; an operation without a contract is not judged."""
        operation = self._operation(method, target.partition("?")[0])
        if operation is None:
            return []
        response = operation["responses"].get(str(status))
        if response is None:
            return [f"{method} {target}: status {status} is not documented"]
        content = self._resolved(response).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is None:
            return []
        return self._check(schema, json.loads(body), "$")

    def _operation(self, method: str, path: str):
        if self._document is None:
            return None
        # A literal path wins over one with a parameter.
        for template in sorted(self._document["paths"], key=lambda t: t.count("{")):
            pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))
            item = self._document["paths"][template]
            if re.fullmatch(pattern, path) and method.lower() in item:
                return item[method.lower()]
        return None

    def _resolved(self, node: dict) -> dict:
        while "$ref" in node:
            found = self._document
            for name in node["$ref"].lstrip("#/").split("/"):
                found = found[name]
            node = found
        return node

    def _check(self, schema: dict, value, where: str) -> list[str]:
        schema = self._resolved(schema)
        if value is None:
            return [] if schema.get("nullable") else [f"{where} is null"]
        found = self._check_type(schema, value, where)
        for part in schema.get("allOf", []):
            found += self._check(part, value, where)
        for word in ("oneOf", "anyOf"):
            options = schema.get(word, [])
            if options and all(self._check(option, value, where) for option in options):
                found.append(f"{where} fits no {word}")
        if isinstance(value, dict):
            found += self._check_object(schema, value, where)
        if isinstance(value, list) and "items" in schema:
            for index, item in enumerate(value):
                found += self._check(schema["items"], item, f"{where}[{index}]")
        return found

    def _check_type(self, schema: dict, value, where: str) -> list[str]:
        wanted = _TYPES.get(schema.get("type"))
        if wanted and (not isinstance(value, wanted)
                       or (isinstance(value, bool) and schema["type"] != "boolean")):
            return [f"{where} is no {schema['type']}"]
        if "enum" in schema and value not in schema["enum"]:
            return [f"{where} is not in the enumeration"]
        if isinstance(value, str):
            if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 1 << 30):
                return [f"{where} has the wrong length"]
            if "pattern" in schema and not re.search(schema["pattern"], value):
                return [f"{where} does not fit its pattern"]
        return []

    def _check_object(self, schema: dict, value: dict, where: str) -> list[str]:
        found = [f"{where}.{name} is missing" for name in schema.get("required", [])
                 if name not in value]
        known = schema.get("properties", {})
        for name, item in value.items():
            if name in known:
                found += self._check(known[name], item, f"{where}.{name}")
            elif schema.get("additionalProperties") is False:
                found.append(f"{where}.{name} is unknown")
        return found
