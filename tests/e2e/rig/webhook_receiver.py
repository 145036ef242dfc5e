# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A receiver of webhooks on this machine: it keeps what came, and answers as it is told."""

import base64
import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Delivery:
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes
    at: float  # of the steady clock

    @property
    def json(self) -> dict:
        return json.loads(self.body)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def is_signed_with(self, secret: str) -> bool:
        """By the rules of standard-webhooks, written down a second time."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        text = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        wanted = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        return abs(int(self.headers["webhook-timestamp"]) - time.time()) < 300 and \
            hmac.compare_digest(wanted, self.headers["webhook-signature"])


class WebhookReceiver:
    """`answers` maps a path to (status, headers) or to a function that writes the answer itself; else 204."""

    def __init__(self):
        self.answers: dict = {}
        self.got: list[Delivery] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def at(self, path: str) -> list[Delivery]:
        return [delivery for delivery in self.got if delivery.path == path]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(outer):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.got.append(Delivery(self.path, headers, body, time.monotonic()))
                answer = outer.answers.get(self.path, (204, {}))
                if callable(answer):
                    answer(self)
                    return
                self.send_response(answer[0])
                for name, value in {**answer[1], "Content-Length": "0"}.items():
                    self.send_header(name, value)
                self.end_headers()

            def do_GET(self):
                outer.got.append(Delivery(self.path, {}, b"", time.monotonic()))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        return Handler
