"""A service that says whether VAT numbers exist, as VIES does, and can fail in every way."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class VatService:
    """`says` maps a number to "valid", "invalid", or a way to fail: "down", "garbage", "other",
    "slow", "redirect", "huge"; others are "down". `asked` is every question, as it came."""

    def __init__(self):
        self.says = {}
        self.asked = []
        self.let_go = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):  # pylint: disable=invalid-name
                size = int(self.headers.get("Content-Length", 0))
                service.answer(self, json.loads(self.rfile.read(size)))

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}/check"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.let_go.set()
        self.server.shutdown()
        self.server.server_close()

    def count(self, number):
        return sum(number == one["countryCode"] + one["vatNumber"] for one in self.asked)

    def answer(self, handler, question):
        self.asked.append(question)
        number = question["countryCode"] + question["vatNumber"]
        way = self.says.get(number, "down")
        about = {"countryCode": question["countryCode"], "vatNumber": question["vatNumber"],
                 "requestDate": "2026-01-13T10:00:00.000Z", "name": "---", "address": "---"}
        if way == "slow":
            self.let_go.wait(30)
        if way in ("valid", "slow"):
            send(handler, 200, {**about, "valid": True, "requestIdentifier": f"WAPI-{number}",
                                "name": "Lindenhof"})
        elif way == "invalid":
            send(handler, 200, {**about, "valid": False, "requestIdentifier": ""})
        elif way == "other":
            send(handler, 200, {**about, "vatNumber": "1", "valid": True})
        elif way == "garbage":
            send(handler, 200, raw=b"\x00<html>valid: true")
        elif way == "huge":
            send(handler, 200, raw=b"{" + b" " * 1000000 + b"}")
        elif way == "redirect":
            handler.send_response(302)
            handler.send_header("Location", self.address)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        else:
            send(handler, 503, {"error": "down"})


def send(handler, status, body=None, raw=None):
    data = raw if raw is not None else json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    try:
        handler.wfile.write(data)
    except OSError:
        pass  # who asked has heard enough
