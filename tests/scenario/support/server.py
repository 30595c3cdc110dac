"""A server of our own on a fresh store: made, served, asked, stopped and removed again."""

import http.client
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

BINARY = Path(os.environ.get("ANNEX_BIN") or Path(__file__).resolve().parents[3] / "build/annex")
SECONDS = 60


def store_kinds():
    """SQLite always; PostgreSQL when ANNEX_PG names a server."""
    return ["sqlite"] + (["postgresql"] if os.environ.get("ANNEX_PG") else [])


class Store:
    """A fresh store: a file in a temporary folder, or a schema of its own."""

    def __init__(self, kind):
        self.kind = kind
        self.folder = Path(tempfile.mkdtemp(prefix="annex-scenario-"))
        if kind == "sqlite":
            self.where = str(self.folder / "annex.db")
            return
        self.server = os.environ["ANNEX_PG"]
        self.schema = "scenario_" + secrets.token_hex(6)
        mark = "&" if "?" in self.server else "?"
        self.where = f"{self.server}{mark}options=-csearch_path%3D{self.schema}"
        self._psql(self.server, f"CREATE SCHEMA {self.schema}")

    @staticmethod
    def _psql(where, text):
        command = ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d",
                   where, "-c", text]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
        return [tuple(line.split("\t")) for line in done.stdout.splitlines()]

    def sql(self, text):
        """Runs one statement past the program; gives its rows as texts."""
        if self.kind == "postgresql":
            return self._psql(self.where, text)
        with sqlite3.connect(self.where, timeout=SECONDS) as connection:
            rows = connection.execute(text).fetchall()
        connection.close()
        return [tuple("" if value is None else str(value) for value in row) for row in rows]

    def run(self, *arguments):
        """Runs a command of the program on this store and gives what it printed."""
        command = [str(BINARY), *arguments, "--store", self.where]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS,
                              check=False)
        if done.returncode != 0:
            raise RuntimeError(f"annex {' '.join(arguments)}: {done.returncode}: {done.stderr}")
        return done.stdout

    def remove(self):
        if self.kind == "postgresql":
            self._psql(self.server, f"DROP SCHEMA {self.schema} CASCADE")
        shutil.rmtree(self.folder)


def read_keys(printed):
    """What `annex demo` prints, as {organisation: {"id": …, first role: key, …}}; the seller's
    people are under "seller"."""
    people, current = {}, None
    for line in printed.splitlines():
        if line and not line.startswith(" "):
            name, _, rest = line.partition(" (")
            is_seller = line.endswith(", the seller")
            current = people.setdefault("seller" if is_seller else name, {})
            current["id"] = rest.rstrip(")")
        elif "annex_" in line:
            before, _, key = line.rpartition(" ")
            words = before.split()
            role = words[-3] if "+" in words else words[-1]
            current[role] = key.strip()
    return people


class Answer:
    """One answer: status, headers by lower-case name, and its body, when that is JSON."""

    def __init__(self, response, path):
        self.path = path
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.text = response.read().decode()
        is_json = "json" in self.headers.get("content-type", "")
        self.body = json.loads(self.text) if self.text and is_json else None

    @property
    def code(self):
        return self.body.get("code") if isinstance(self.body, dict) else None

    def __repr__(self):
        return f"{self.path}: {self.status} {self.text[:300]}"


class Client:
    """Asks a server with one key; `watch` (or None) is shown every answer."""

    def __init__(self, address, key=None, organization=None, watch=None):
        self.address = address
        self.key = key
        self.organization = organization
        self.watch = watch

    def ask(self, method, path, body=None, headers=None, raw=None):
        """`body` is sent as JSON, `raw` as it is."""
        sent = {"Accept-Language": "en"}
        if self.key:
            sent["Authorization"] = f"Bearer {self.key}"
        if self.organization:
            sent["Annex-Organization"] = self.organization
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        connection = http.client.HTTPConnection(self.address, timeout=SECONDS)
        try:
            connection.request(method, path, data, sent)
            answer = Answer(connection.getresponse(), f"{method} {path}")
        finally:
            connection.close()
        if self.watch:
            self.watch(method, path, answer)
        return answer

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.ask("POST", path, {} if body is None and "raw" not in more else body, **more)

    def patch(self, path, body, **more):
        return self.ask("PATCH", path, body, **more)


class Server:
    """`annex serve` on a store, until `stop`."""

    def __init__(self, store, environment=None):
        self.store = store
        self.log = open(store.folder / "serve.log", "w", encoding="utf-8")
        command = [str(BINARY), "serve", "--store", store.where, "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log,
                                        text=True, env={**os.environ, **(environment or {})})
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            self.process.kill()
            raise RuntimeError(f"annex serve: {(store.folder / 'serve.log').read_text()}")
        self.address = urlsplit(line.split()[-1]).netloc

    def stop(self):
        """Stops it as an operator would, and gives its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(SECONDS)
        finally:
            self.process.kill()
            self.process.stdout.close()
            self.log.close()
        return status
