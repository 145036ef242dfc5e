# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Headers at /mcp that say something other than what the host takes them for: another host, another coding, twice."""

import json

import pytest

from rig.mcp_client import LEGACY
from rig.web import RawReply, exchange_raw

PING = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}).encode()
JSON_BODY = ("Content-Type: application/json",)


def ping(quell, *lines: str, host: str | None = None, target: str = "/mcp") -> RawReply:
    """A good request of the older era with a token, as raw lines, with more of them."""
    head = [f"POST {target} HTTP/1.1", f"Host: {host or quell.base_url.partition('://')[2]}",
            f"Authorization: Bearer {quell.token()}", f"Content-Length: {len(PING)}", *lines]
    return exchange_raw(quell.base_url, ("\r\n".join(head) + "\r\n\r\n").encode() + PING)


# MC-02
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8443", "localhost.evil.example", "[::2]",
                                  "0.0.0.0", "127.0.0.2", "2130706433"])
def test_a_request_to_another_host_is_refused(door, host):
    assert ping(door, *JSON_BODY, host=host).status == 421


# MC-02: with a token or without, and before the door is asked what it takes
@pytest.mark.parametrize("method", ["POST", "GET", "DELETE", "OPTIONS"])
def test_no_method_is_for_another_host(door, method):
    reply = exchange_raw(door.base_url, f"{method} /mcp HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n".encode())

    assert reply.status == 421
    assert "evil.example" not in reply.head + reply.body.decode()


# RFC 9112 3.2.2: the target's host counts, so the two may not differ
@pytest.mark.parametrize("target", ["http://evil.example/mcp", "http://127.0.0.1@evil.example/mcp", "http://evil.example?/mcp"])
def test_a_target_may_not_name_another_host(door, target):
    assert ping(door, *JSON_BODY, target=target).status == 400


def test_every_name_of_the_listener_is_its_own(door):
    port = door.configuration.port
    for host in (f"127.0.0.1:{port}", "127.0.0.1", f"localhost:{port}", "LOCALHOST", f"[::1]:{port}", "localhost.", "127.0.0.1:1"):
        assert ping(door, *JSON_BODY, host=host).status == 200, host
    assert ping(door, *JSON_BODY, target=f"{door.base_url}/mcp").status == 200


def status_of(quell, host: str) -> int:
    lines = f"POST /mcp HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n"
    return exchange_raw(quell.base_url, lines.encode()).status


def test_the_public_name_is_taken(fresh):
    def named(configuration):
        configuration.server = {"public_url": "https://quell.example"}

    quell = fresh(change=named)

    for host in ("quell.example", "Quell.Example:443", "127.0.0.1"):
        assert status_of(quell, host) == 401, host
    assert status_of(quell, "example") == status_of(quell, "evil.quell.example") == 421


def test_a_named_proxy_writes_into_host_what_it_likes(fresh):
    def proxied(configuration):
        configuration.server = {"public_url": "https://quell.example", "trusted_proxies": ["127.0.0.1"]}

    assert status_of(fresh(change=proxied), "quell_backend") == 401


@pytest.mark.parametrize("lines,status", [
    (("Content-Type: application/json; charset=utf-8",), 200),
    (('Content-Type: application/json;charset="UTF-8"; v=1',), 200),
    (("Content-Type: application/json", "Content-Encoding: identity"), 200),
    (("Content-Type: application/json; charset=iso-8859-1",), 415),
    (("Content-Type: application/json; v=1; charset=utf-16",), 415),
    (("Content-Type: application/json; charset=",), 415),
    (("Content-Type: application/json-patch+json",), 415),
    (("Content-Type: application/json", "Content-Encoding: gzip"), 415),
    (("Content-Type: application/json", "Content-Encoding: identity, gzip"), 415),
    (("Content-Type: application/json", "Content-Encoding: identity", "Content-Encoding: br"), 415),
    (("Content-Type: application/json", "Content-Type: text/plain"), 400),
    (("Content-Type: application/json", "Content-Type: application/json"), 400),
    (("Content-Type: application/json, text/plain",), 415),
    ((), 415),
])
def test_a_body_is_what_its_header_says_or_refused(door, lines, status):
    assert ping(door, *lines).status == status


@pytest.mark.parametrize("lines", [
    ("Origin: {origin}", "Origin: https://evil.example"),
    (f"MCP-Protocol-Version: {LEGACY}", "MCP-Protocol-Version: 2026-07-28"),
    ("Mcp-Session-Id: a", "Mcp-Session-Id: b"),
    ("Last-Event-ID: 1", "Last-Event-ID: 2"),
    ("Host: evil.example",),
])
def test_a_header_that_decides_comes_once(door, lines):
    filled = [line.replace("{origin}", door.base_url) for line in lines]

    assert ping(door, *JSON_BODY, *filled).status == 400


# A second credential is no chance to try two
def test_a_second_credential_is_refused(door):
    assert ping(door, *JSON_BODY, f"Authorization: Bearer {door.token()}").status in (400, 401)
