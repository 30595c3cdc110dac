#!/usr/bin/env python3
"""Holds /openapi.json to OpenAPI 3.1 and to the table of routes.

The program is $ANNEX_BIN, or build/annex. Prints `ok NAME` or `FAILED NAME: …` lines.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from jsonschema import Draft202012Validator  # noqa: E402
from jsonschema.exceptions import SchemaError  # noqa: E402

from support.server import Client, Server, Store  # noqa: E402

ROUTES = HERE.parents[1] / "src/app/routes.def"
METHODS = ("get", "post", "patch", "delete", "put", "head", "options", "trace")
PLACES = ("path", "query", "header", "cookie")


def operations(openapi):
    for path, item in openapi["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def walk(node, place=""):
    yield place, node
    if isinstance(node, dict):
        for name, value in node.items():
            yield from walk(value, f"{place}/{name}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from walk(value, f"{place}/{index}")


def check_root(openapi):
    """OpenAPI 3.1, 4.8.1 and 4.8.2."""
    if not re.fullmatch(r"3\.1\.\d+", openapi.get("openapi", "")):
        yield "openapi is not a 3.1 version"
    for name in ("title", "version"):
        if not isinstance(openapi.get("info", {}).get(name), str):
            yield f"info.{name} is missing"
    unknown = set(openapi) - {"openapi", "info", "jsonSchemaDialect", "servers", "paths",
                              "webhooks", "components", "security", "tags", "externalDocs"}
    if unknown:
        yield f"unknown members at the root: {sorted(unknown)}"


def check_references(openapi):
    """Every $ref leads to something that is there."""
    for place, node in walk(openapi):
        if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
            continue
        target = openapi
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target.get(part) if isinstance(target, dict) else None
        if target is None or not node["$ref"].startswith("#/"):
            yield f"{place}: {node['$ref']} leads nowhere"


def check_schemas(openapi):
    """Every schema is one of JSON Schema 2020-12, and what is required is a property."""
    for place, node in walk(openapi):
        if not (place.endswith("/schema") or re.fullmatch(r"/components/schemas/\w+", place)):
            continue
        try:
            Draft202012Validator.check_schema(node)
        except SchemaError as error:
            yield f"{place}: {error.message}"
        missing = set(node.get("required", [])) - set(node.get("properties", {}))
        if missing:
            yield f"{place}: required but no property: {sorted(missing)}"


def check_used(openapi):
    """No schema is left over."""
    used = {node["$ref"].rpartition("/")[2] for _, node in walk(openapi)
            if isinstance(node, dict) and isinstance(node.get("$ref"), str)}
    for name in openapi["components"]["schemas"]:
        if name not in used:
            yield f"schema {name} is used nowhere"


def check_parameters(openapi):
    """4.8.12: path parameters are those of the address, required; nothing is there twice."""
    for path, method, operation in operations(openapi):
        parameters = operation.get("parameters", [])
        names = [(one["in"], one["name"]) for one in parameters]
        if len(set(names)) != len(names):
            yield f"{method} {path}: a parameter twice"
        in_path = {name for place, name in names if place == "path"}
        if in_path != set(re.findall(r"{(\w+)}", path)):
            yield f"{method} {path}: path parameters are {sorted(in_path)}"
        for one in parameters:
            good = one["in"] in PLACES and "schema" in one
            if not good or (one["in"] == "path" and one.get("required") is not True):
                yield f"{method} {path}: parameter {one['name']}"


def check_operations(openapi):
    """4.8.10, 4.8.16: methods, ids of their own, responses by status with a description."""
    seen = set()
    for path, method, operation in operations(openapi):
        if method not in METHODS or not path.startswith("/"):
            yield f"{method} {path}: no method or no address"
        if operation.get("operationId") in seen:
            yield f"{method} {path}: operationId is not unique"
        seen.add(operation.get("operationId"))
        responses = operation.get("responses", {})
        if "default" not in responses or len(responses) < 2:
            yield f"{method} {path}: an answer of success and a problem are missing"
        for status, response in responses.items():
            if not re.fullmatch(r"[1-5](\d\d|XX)|default", status):
                yield f"{method} {path}: status {status}"
            if "$ref" not in response and "description" not in response:
                yield f"{method} {path}: {status} has no description"
        if method == "get" and "requestBody" in operation:
            yield f"{method} {path}: a GET with a body"


def check_security(openapi):
    """Every requirement names a scheme that is there; whoever asks no key is public."""
    schemes = set(openapi["components"]["securitySchemes"])
    for requirement in openapi["security"]:
        if not set(requirement) <= schemes:
            yield f"unknown scheme in {requirement}"
    for path, method, operation in operations(openapi):
        public = operation.get("security") == []
        if public == bool(operation["x-permissions"]):
            yield f"{method} {path}: public and with permissions, or neither"


def check_routes(openapi):
    """Every row of routes.def is described, and nothing else."""
    rows = re.findall(r'^ROUTE\((\w+), "([^"]+)"', ROUTES.read_text(encoding="utf-8"),
                      re.MULTILINE)
    described = {(method, path) for path, method, _ in operations(openapi)}
    wanted = {(method.lower(), path) for method, path in rows}
    if not rows or len(rows) != len(wanted):
        yield f"routes.def has {len(rows)} rows, {len(wanted)} of them different"
    for method, path in sorted(wanted ^ described):
        yield f"{method} {path} is in one of the two only"


CHECKS = (check_root, check_references, check_schemas, check_used, check_parameters,
          check_operations, check_security, check_routes)


def fetch():
    store = Store("sqlite")
    server = Server(store)
    try:
        return Client(server.address).get("/openapi.json").body
    finally:
        server.stop()
        store.remove()


def main():
    openapi = fetch()
    failed = False
    for check in CHECKS:
        faults = list(check(openapi))
        name = check.__name__.removeprefix("check_")
        print(f"FAILED {name}: " + "\n    ".join(faults) if faults else f"ok {name}")
        failed = failed or bool(faults)
    sys.exit(failed)


main()
