"""A store with the demonstration, a server on it, and calls to its API."""
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import urllib.parse
import uuid

ANNEX = os.environ.get("ANNEX_BIN", "build/annex")
POSTGRES = os.environ.get("ANNEX_PG")


def stores():
    """The kinds of store to run on: SQLite always, PostgreSQL when a server is named."""
    return ["sqlite"] + (["postgres"] if POSTGRES else [])


class Store:
    """A fresh store filled by `annex demo`; keys by the first name of their person."""

    def __init__(self, kind):
        self.folder = tempfile.mkdtemp(prefix="annex-")
        self.schema = None
        self.where = os.path.join(self.folder, "annex.db")
        if kind == "postgres":
            self.schema = "t" + uuid.uuid4().hex[:12]
            self.sql(f"CREATE SCHEMA {self.schema}")
            glue = "&" if "?" in POSTGRES else "?"
            self.where = f"{POSTGRES}{glue}options=-csearch_path%3D{self.schema}"
        told = run("demo", "--store", self.where)
        self.keys = {m[0]: m[1] for m in re.findall(r"^  (\S+) .*?(annex_\S+)$", told, re.M)}

    @staticmethod
    def sql(text):
        subprocess.run(["psql", "-q", POSTGRES, "-c", text], check=True, capture_output=True)

    def doctor(self):
        """The doctor's last line."""
        done = subprocess.run([ANNEX, "doctor", "--store", self.where], capture_output=True,
                              text=True, check=False)
        return (done.stdout.strip().splitlines() or [done.stderr.strip()])[-1]

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.schema:
            self.sql(f"DROP SCHEMA {self.schema} CASCADE")


def run(*words):
    done = subprocess.run([ANNEX, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"annex {words[0]}: {done.stderr.strip()[-400:]}")
    return done.stdout


class Server:
    """`annex serve` on a free port; a context manager."""

    def __init__(self, where):
        self.where, self.port, self.process = where, 0, None

    def __enter__(self):
        command = [ANNEX, "serve", "--store", self.where, "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        found = re.search(r":(\d+)\s*$", line)
        if not found:
            raise RuntimeError(f"the server did not start: {line!r}")
        self.port = int(found[1])
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)
        self.process.stdout.close()


class Client:
    """One caller; each thread takes a connection of its own."""

    def __init__(self, port, key):
        self.port, self.key, self.local = port, key, threading.local()

    def call(self, method, path, body=None, **headers):
        """Gives status, decoded body and headers; raises OSError when nobody answers."""
        connection = getattr(self.local, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self.local.connection = connection
        sent = {"Authorization": f"Bearer {self.key}", **headers}
        data = None
        if body is not None:
            data, sent["Content-Type"] = json.dumps(body), "application/json"
        try:
            connection.request(method, path, data, sent)
            reply = connection.getresponse()
            text = reply.read()
        except (OSError, http.client.HTTPException) as error:
            self.local.connection = None
            connection.close()
            raise OSError(str(error)) from error
        return reply.status, json.loads(text) if text else None, dict(reply.getheaders())

    def get(self, path, **query):
        address = path + ("?" + urllib.parse.urlencode(query) if query else "")
        status, body, _ = self.call("GET", address)
        if status != 200:
            raise AssertionError(f"GET {address}: {status} {body}")
        return body

    def post(self, path, body, key=None):
        headers = {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, body, **headers)

    def all(self, path, **query):
        """Every item of a list, page by page."""
        items, after = [], None
        while True:
            extra = {"after": after} if after else {}
            page = self.get(path, limit=100, **query, **extra)
            items += page["data"]
            after = page.get("next")
            if not page.get("has_more"):
                return items


class Report:
    """Prints a line for each case; the exit status."""

    def __init__(self):
        self.failed = 0

    def case(self, name, work):
        try:
            work()
            print(f"ok {name}", flush=True)
        except Exception as error:  # pylint: disable=broad-except
            self.failed += 1
            print(f"FAILED {name}: {type(error).__name__}: {str(error)[:600]}", flush=True)

    def status(self):
        return 1 if self.failed else 0


def equal(got, wanted, what):
    if got != wanted:
        raise AssertionError(f"{what}: expected {wanted!r}, got {got!r}")
