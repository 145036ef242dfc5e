# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A web server on this machine that serves one document, as a client with a metadata document would."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class DocumentServer:
    """Change `status`, `headers` and `body` at any time; `asked` lists the paths that were asked for, `connects` counts."""

    def __init__(self):
        self.status = 200
        self.headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        self.body = b"{}"
        self.asked: list[str] = []
        self.connects = 0
        self._server = self._listener()(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def client_id(self) -> str:
        return f"http://{self.authority}/oauth/client.json"

    def serve(self, **changes) -> None:
        """A good document, changed; None leaves a member out."""
        good = {"client_id": self.client_id, "client_name": "Described editor",
                "redirect_uris": ["http://127.0.0.1/callback"],
                "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": "none"}
        document = {name: value for name, value in {**good, **changes}.items() if value is not None}
        self.body = json.dumps(document).encode()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _listener(outer):
        class Listener(ThreadingHTTPServer):
            def process_request(self, *arguments):
                outer.connects += 1
                super().process_request(*arguments)

        return Listener

    def _handler(outer):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                self.send_response(outer.status)
                for name, value in {**outer.headers, "Content-Length": str(len(outer.body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(outer.body)

            def log_message(self, *arguments):
                pass

        return Handler
