# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A mail server on this machine: as much SMTP (RFC 5321, STARTTLS of RFC 3207, AUTH PLAIN) as a sender needs."""

import base64
import email
import email.policy
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Mail:
    sender: str
    recipient: str
    secure: bool
    login: str
    message: email.message.EmailMessage


@dataclass
class MailServer:
    """With a certificate it offers STARTTLS. `refuse` maps a recipient to the reply that it gets."""

    certificate: tuple[Path, Path] | None = None
    login: str = ""  # "user password"; empty: nobody is asked
    refuse: dict[str, str] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def __post_init__(self):
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                _Session(server, self.request).run()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Session:
    def __init__(self, server: MailServer, connection):
        self.server, self.connection = server, connection
        self.lines = connection.makefile("rb")
        self.secure, self.login, self.sender, self.recipient = False, "", "", ""

    def say(self, text: str) -> None:
        self.connection.sendall(text.encode() + b"\r\n")

    def run(self) -> None:
        self.say("220 mail.example")
        while line := self.lines.readline().decode().rstrip("\r\n"):
            self.server.commands.append(line)
            word = line.split(" ")[0].upper()
            if word == "QUIT":
                return self.say("221 bye")
            getattr(self, f"on_{word.lower()}", lambda _: self.say("502 unknown"))(line)

    def on_ehlo(self, _) -> None:
        offers = ["STARTTLS"] if self.server.certificate and not self.secure else []
        offers += ["AUTH PLAIN"] if self.server.login else []
        for offer in offers:
            self.say(f"250-{offer}")
        self.say("250 8BITMIME")

    def on_starttls(self, _) -> None:
        self.say("220 go on")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.server.certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.lines = self.connection.makefile("rb")
        self.secure = True

    def on_auth(self, line: str) -> None:
        given = line.split(" ")[2] if line.count(" ") > 1 else ""
        if not given:
            self.say("334 ")
            given = self.lines.readline().decode().strip()
        self.login = base64.b64decode(given).decode().strip("\0").replace("\0", " ")
        self.say("235 welcome" if self.login == self.server.login else "535 no")

    def on_mail(self, line: str) -> None:
        self.sender = line.split("<")[1].split(">")[0]
        self.say("250 ok")

    def on_rcpt(self, line: str) -> None:
        self.recipient = line.split("<")[1].split(">")[0]
        self.say(self.server.refuse.get(self.recipient, "250 ok"))

    def on_data(self, _) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.lines.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.mails.append(Mail(self.sender, self.recipient, self.secure, self.login, message))
        self.say("250 taken")
