# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What no honest client sends: sizes, framing and JSON that the host refuses and survives."""

import json
import re
import select
from pathlib import Path

import pytest

from rig.deadline import eventually
from rig.mcp_client import META, MODERN
from rig.web import Web, exchange_raw, open_raw, read_raw
from rig.world import ALICE_MAC

MIB = 1 << 20


@pytest.fixture(autouse=True)
def alive_afterwards(door):
    yield
    assert Web(timeout=1).get(f"{door.base_url}/readyz").status == 200
    assert door.mcp().tools()


def head(door, *lines: str, target: str = "/mcp", method: str = "POST") -> bytes:
    host = door.base_url.partition("://")[2]
    found = [f"{method} {target} HTTP/1.1", f"Host: {host}", f"Authorization: Bearer {door.token()}", *lines]
    return ("\r\n".join(found) + "\r\n\r\n").encode()


def post(door, body: bytes, method: str = "tools/call", name: str = "contain_device"):
    """A body as it is, with the headers of a good call of the newer era."""
    return Web().send("POST", door.mcp_url, {
        "Authorization": f"Bearer {door.token()}", "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream", "MCP-Protocol-Version": MODERN, "Mcp-Method": method,
        "Mcp-Name": name}, body)


def good_call(door) -> str:
    client = door.mcp()
    return json.dumps(client.message("tools/call", {"name": "contain_device", "arguments": {
        "action": "network_contain", "lookup": {"lookup_type": "hostname", "value": ALICE_MAC}}}))


# HT-01
def test_a_body_over_the_limit_is_refused_by_its_announced_length(door):
    request = head(door, "Content-Type: application/json", f"Content-Length: {MIB + 1}")
    reply = exchange_raw(door.base_url, request)

    assert reply.status == 413 and reply.closed


# HT-01
def test_a_body_over_the_limit_is_refused_when_it_comes_in_chunks(door):
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    request = head(door, "Content-Type: application/json", "Transfer-Encoding: chunked") + chunk * 17 + b"0\r\n\r\n"
    reply = exchange_raw(door.base_url, request)

    assert reply.status == 413 and reply.closed


def answered(connections) -> list:
    return select.select(connections, [], [], 0)[0]


def test_callers_without_a_token_cannot_fill_the_memory(door):
    def resident() -> int:
        status = Path(f"/proc/{door.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    before, open_ones = resident(), []
    for _ in range(150):
        open_ones.append(open_raw(door.base_url))
        try:
            open_ones[-1].sendall(f"POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Length: {MIB}\r\n\r\n".encode()
                                  + b" " * (MIB - 1))
        except OSError:
            pass  # refused already
    eventually(lambda: len(answered(open_ones)) == 150 - 64, "all but the first 64 are refused")
    assert {read_raw(connection).status for connection in answered(open_ones)} == {503}
    assert door.mcp().tools(), "small requests go on"
    assert resident() - before < 100 * 1024
    for connection in open_ones:
        connection.close()

    eventually(lambda: resident() - before < 16 * 1024, "the memory is given back")


def test_a_body_at_the_limit_is_read(door):
    call = good_call(door).replace('"network_contain"', '"nothing"').encode()
    reply = post(door, call + b" " * (MIB - len(call)))

    assert reply.status == 200


# HT-02
@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000,
                                  '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":' + '{"a":' * 50_000])
def test_deep_json_is_refused(door, text):
    assert post(door, text.encode()).status == 400


# HT-03
@pytest.mark.parametrize("twice", [
    ('"action": "network_contain"', '"action": "network_contain", "action": "release_containment"'),
    ('"name": "contain_device"', '"name": "contain_device", "name": "revoke_sessions"'),
    ('"method": "tools/call"', '"method": "tools/call", "method": "tools/list"'),
    ('"action": "network_contain"', '"action": "network_contain", "\\u0061ction": "lock_device"'),
    ('"lookup_type": "hostname"', '"lookup_type": "hostname", "lookup_type": "hostname"'),
])
def test_a_key_that_comes_twice_is_refused(door, crowdstrike, twice):
    call = good_call(door)
    assert twice[0] in call

    assert post(door, call.replace(*twice).encode()).status == 400
    assert crowdstrike.ledger() == []


# HT-04
@pytest.mark.parametrize("value", [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\\ud800", b"\\udc00",
                                   b"\\ud800\\u0041"])
def test_text_that_is_not_unicode_is_refused(door, crowdstrike, value):
    assert post(door, good_call(door).encode().replace(b"alice-mac", value)).status == 400
    assert crowdstrike.ledger() == []


# HT-04
@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "01", "1.", ".5", "+1", "0x10"])
def test_a_number_that_is_none_is_refused(door, number):
    assert post(door, good_call(door).replace('"id": 1', f'"id": {number}').encode()).status == 400


# HT-04: the documented behaviour is refusal
def test_a_byte_order_mark_is_refused(door):
    assert post(door, b"\xef\xbb\xbf" + good_call(door).encode()).status == 400


@pytest.mark.parametrize("body", [b"", b" ", b"{", b"{}{}", b"// x\n{}", b"{'a':1}", b'{"a":1,}', b"\x00"])
def test_what_is_no_json_is_refused(door, body):
    reply = post(door, body)

    assert reply.status == 400
    assert reply.json["error"]["code"] in (-32700, -32600)


# HT-08; RFC 9112 3.2: nor one that names no host
@pytest.mark.parametrize("hosts", [[], ["a", "b"], ["a", "a"], [""], ["a, b"], ["a b"], ["user@a"], ["http://a"], ["a/b"],
                                   ["a:b"], ["a:1:2"], ["[::1"], ["::1"], ["a\tb"], ["a\\b"], [":80"], ["[]"]])
def test_exactly_one_host_is_needed(door, hosts):
    lines = "".join(f"Host: {host}\r\n" for host in hosts)
    reply = exchange_raw(door.base_url, f"GET /healthz HTTP/1.1\r\n{lines}\r\n".encode())

    assert reply.status == 400 and reply.closed


@pytest.mark.parametrize("host", ["a", "a.example:", "a-b.example:8443", "127.0.0.1:1", "[::1]:80", "[::1]", "A_b", "xn--a"])
def test_every_form_of_a_host_is_taken(door, host):
    reply = exchange_raw(door.base_url, f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())

    assert reply.status == 200


# HT-05
@pytest.mark.parametrize("lines", [("Content-Length: 2", "Transfer-Encoding: chunked"),
                                   ("Content-Length: 2", "Content-Length: 3"), ("Content-Length: 2, 3",),
                                   ("Content-Length: 2", "Content-Length: 2"), ("Content-Length: -1",),
                                   ("Content-Length: +2",), ("Content-Length : 2",), ("Transfer-Encoding: chunked ,",)])
def test_two_ways_to_read_the_length_are_refused(door, lines):
    reply = exchange_raw(door.base_url, head(door, "Content-Type: application/json", *lines) + b"{}")

    assert reply.status in (400, 501) and reply.closed


# HT-05: fields behind the body are no header, whatever they are called
def test_a_token_in_a_trailer_is_none(door):
    body = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'
    host = door.base_url.partition("://")[2]
    reply = exchange_raw(door.base_url, f"POST /mcp HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
                         "Transfer-Encoding: chunked\r\n\r\n".encode() + b"%x\r\n%s\r\n0\r\n" % (len(body), body)
                         + f"Authorization: Bearer {door.token()}\r\n\r\n".encode())

    assert reply.status == 400 and reply.closed


# HT-09
@pytest.mark.parametrize("coding", ["gzip", "chunked, gzip", "identity", "xchunked"])
def test_an_unknown_transfer_coding_is_refused(door, coding):
    reply = exchange_raw(door.base_url, head(door, f"Transfer-Encoding: {coding}") + b"0\r\n\r\n")

    assert reply.status in (400, 501) and reply.closed


# HT-07
@pytest.mark.parametrize("lines", [["X-Long: " + "a" * 17_000], [f"X-{i}: 1" for i in range(101)]])
def test_too_much_header_is_refused(door, lines):
    assert exchange_raw(door.base_url, head(door, *lines)).status == 431


@pytest.mark.parametrize("request_line", ["GET", "GET /", "GET / HTTP/3", "get / HTTP/1.1x", "G@T / HTTP/1.1", ""])
def test_a_broken_request_line_is_refused(door, request_line):
    reply = exchange_raw(door.base_url, f"{request_line}\r\nHost: a\r\n\r\n".encode())

    assert reply.status == 400 and reply.closed


def test_two_requests_in_one_packet_get_two_answers_in_order(door):
    host = door.base_url.partition("://")[2]
    one = f"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\nGET /absent HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    with open_raw(door.base_url) as connection:
        connection.sendall(one)
        received = b""
        while received.count(b"HTTP/1.1 ") < 2:
            part = connection.recv(65536)
            assert part, received
            received += part

    assert received.index(b" 200 ") < received.index(b" 404 ")


def test_a_request_that_arrives_byte_by_byte_is_served(door):
    host = door.base_url.partition("://")[2]
    with open_raw(door.base_url) as connection:
        for byte in f"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n".encode():
            connection.sendall(bytes([byte]))
        assert read_raw(connection).status == 200


# LG-03
@pytest.mark.parametrize("path", ["/", "/etc/passwd", "/../../etc/passwd", "/oauth", "/mcp/", "/MCP", "/.git/config"])
def test_other_paths_are_not_there_and_tell_nothing(door, path):
    reply = Web().get(door.base_url + path)

    assert reply.status == 404
    assert str(door.configuration.folder) not in reply.text


def test_meta_keys_are_named_when_they_are_missing(door):
    body = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"contain_device"}}'

    assert META in post(door, body).text
