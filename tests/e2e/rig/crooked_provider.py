# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""An OpenID provider that breaks one rule at a time. It never checks PKCE, passwords or codes that were used before."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from rig.web import Web


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def part(document: dict) -> str:
    return encoded(json.dumps(document).encode())


class CrookedProvider:
    """`claims` replaces members of the id token, `header` those of its header; `key` is published as `k1`. `sign` makes
    the signature of a text, `issuer_in_answer` is the `iss` parameter, `metadata` changes the description."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self.codes: dict[str, dict] = {}
        self.reset()
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def reset(self) -> None:
        self.claims: dict = {}
        self.header: dict = {}
        self.metadata: dict = {}
        self.sign = self.sign_honestly
        self.issuer_in_answer = self.issuer
        self.tokens_given = 0

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer_to(self, address: str) -> str:
        """Where a person who is sent to `address` ends up: back at the host."""
        return Web().get(address).header("Location")

    # ---- signatures

    def sign_honestly(self, text: bytes) -> bytes:
        return self.sign_with(self.key, text)

    @staticmethod
    def sign_with(key, text: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(text, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def sign_with_public_key_as_secret(self, text: bytes) -> bytes:
        pem = self.key.public_key().public_bytes(serialization.Encoding.PEM,
                                                 serialization.PublicFormat.SubjectPublicKeyInfo)
        return hmac.new(pem, text, hashlib.sha256).digest()

    # ---- what it serves

    def _description(self) -> dict:
        return {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks",
                "authorization_response_iss_parameter_supported": True, **self.metadata}

    def _keys(self) -> dict:
        point = self.key.public_key().public_numbers()
        return {"keys": [{"kty": "EC", "crv": "P-256", "kid": "k1", "use": "sig",
                          "x": encoded(point.x.to_bytes(32, "big")), "y": encoded(point.y.to_bytes(32, "big"))}]}

    def _authorize(self, query: dict) -> str:
        code = secrets.token_hex(8)
        self.codes[code] = query
        answer = {"code": code, "state": query["state"]}
        if self.issuer_in_answer:
            answer["iss"] = self.issuer_in_answer
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def _token(self, form: dict) -> dict:
        self.tokens_given += 1
        asked = self.codes[form["code"]]
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": asked["client_id"], "sub": "subject-1", "nonce": asked["nonce"],
                  "iat": now, "exp": now + 300, "auth_time": now, "email": "alice@corp.example", "email_verified": True,
                  "groups": ["soc"]}
        text = f"{part({'alg': 'ES256', 'kid': 'k1', **self.header})}.{part({**claims, **self.claims})}"
        return {"id_token": f"{text}.{encoded(self.sign(text.encode()))}", "access_token": "none", "token_type": "Bearer"}

    def _handler(outer):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
                if path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", outer._authorize(query))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    self._answer(outer._keys() if path == "/jwks" else outer._description())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._answer(outer._token({name: values[0] for name, values in parse_qs(body).items()}))

            def _answer(self, document: dict):
                body = json.dumps(document).encode()
                self.send_response(200)
                for name, value in {"Content-Type": "application/json", "Cache-Control": "no-store",
                                    "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        return Handler
