"""A way to a PostgreSQL server that can be cut and mended: connections break off, and new ones are
refused, as when the database is stopped."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit, urlunsplit


class Proxy:
    """`where` leads to the same database as the address it was made of."""

    def __init__(self, where):
        parts = urlsplit(where)
        self.target = (parts.hostname, parts.port or 5432)
        self.lock = threading.Lock()
        self.sockets = []
        self.listener = None
        self.port = 0
        self.mend()
        user, mark, _ = parts.netloc.rpartition("@")
        self.where = urlunsplit(parts._replace(netloc=f"{user}{mark}127.0.0.1:{self.port}"))

    def mend(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self.listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self):
        """Closes the door first, then breaks what is open."""
        break_off(self.listener)
        with self.lock:
            sockets, self.sockets = self.sockets, []
        for one in sockets:
            break_off(one)

    close = cut

    def _accept(self, listener):
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(self.target)
            except OSError:
                return
            with self.lock:
                is_cut = self.listener is not listener or listener.fileno() < 0
                self.sockets += [] if is_cut else [near, far]
            for one, other in ((near, far), (far, near)):
                if is_cut:
                    break_off(one)
                else:
                    threading.Thread(target=pump, args=(one, other), daemon=True).start()


def break_off(one):
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


def pump(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    break_off(source)
    break_off(sink)
