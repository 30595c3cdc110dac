"""Holds answers to the program's own description: /openapi.json."""

import copy

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match


def path_parts(path):
    return path.split("?")[0].strip("/").split("/")


def fits(pattern, path):
    """Says whether an address is one of a pattern such as /v1/offers/{id}."""
    wanted, given = path_parts(pattern), path_parts(path)
    return len(wanted) == len(given) and all(
        part.startswith("{") or part == other for part, other in zip(wanted, given))


def closed(schema):
    """The schema without room for more: what an answer has beside its description is a fault."""
    schema = copy.deepcopy(schema)
    if "properties" in schema:
        schema["additionalProperties"] = False
    return schema


class Contract:
    """Collects what differs between answers and their description."""

    def __init__(self, openapi):
        self.paths = openapi["paths"]
        components = copy.deepcopy(openapi["components"])
        components["schemas"] = {
            name: closed(schema) for name, schema in components["schemas"].items()}
        self.components = components
        self.faults = []
        self.answered = set()  # (method, pattern) with an answer of success

    def _pattern_of(self, method, path):
        found = [pattern for pattern in self.paths
                 if fits(pattern, path) and method.lower() in self.paths[pattern]]
        return min(found, key=lambda pattern: pattern.count("{")) if found else None

    def _check(self, schema, answer):
        whole = {"components": self.components, **closed(schema)}
        errors = list(Draft202012Validator(whole).iter_errors(answer.body))
        if errors:
            worst = best_match(errors)
            place = "/".join(str(part) for part in worst.absolute_path)
            self.faults.append(f"{answer.path}: at /{place}: {worst.message[:300]}")

    def watch(self, method, path, answer):
        if answer.status >= 400:
            if answer.headers.get("content-type") != "application/problem+json":
                self.faults.append(f"{answer.path}: {answer.status} is no problem+json")
            self._check({"$ref": "#/components/schemas/problem"}, answer)
            return
        pattern = self._pattern_of(method, path)
        if pattern is None:
            self.faults.append(f"{answer.path}: not described")
            return
        self.answered.add((method.lower(), pattern))
        responses = self.paths[pattern][method.lower()]["responses"]
        response = responses.get(str(answer.status)) or responses.get("2XX")
        if response is None:
            self.faults.append(f"{answer.path}: status {answer.status} is not described")
            return
        self._check(response["content"]["application/json"]["schema"], answer)

    def unanswered(self):
        """Routes that no answer of success was seen of."""
        described = {(method, pattern) for pattern, item in self.paths.items() for method in item}
        return sorted(described - self.answered)
