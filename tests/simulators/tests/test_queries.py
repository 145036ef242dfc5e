# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The three query languages, each against a few records."""

import pytest

import fql
import rsql
import scim
from queries import BadQuery

HOSTS = [
    {"hostname": "alice-mac", "serial_number": "C1", "last_seen": "2026-01-02T00:00:00Z"},
    {"hostname": "o'brien", "serial_number": "C2", "last_seen": "2026-01-03T00:00:00Z"},
    {"hostname": "star*mac", "serial_number": "C3", "last_seen": "2026-01-04T00:00:00Z"},
]
MACS = [
    {"id": "1", "general": {"name": "alice mac", "managed": True}, "at": "2026-01-02T00:00:00.5Z"},
    {"id": "2", "general": {"name": 'say "hi"', "managed": False}, "at": "2026-01-03T00:00:00Z"},
]
USERS = [
    {"status": "ACTIVE", "profile": {"email": "a@x.example", "login": "a"}},
    {"status": "ACTIVE", "profile": {"email": 'q"q@x.example', "login": "q"}},
]


def fql_hits(text):
    matches = fql.parse(text, frozenset(HOSTS[0]))
    return "".join(str(number) for number, host in enumerate(HOSTS) if matches(host))


def rsql_hits(text):
    matches = rsql.parse(text, frozenset({"id", "general.name", "general.managed", "at"}))
    return "".join(mac["id"] for mac in MACS if matches(mac))


def scim_hits(parse, text):
    matches = parse(text, frozenset({"status", "profile.email", "profile.login"}))
    return "".join(user["profile"]["login"] for user in USERS if matches(user))


@pytest.mark.parametrize("text, hits", [
    ("", "012"),
    ("hostname:'alice-mac'", "0"),
    ("hostname:'ALICE-MAC'", "0"),
    ("hostname:'alice'", ""),
    (r"hostname:'o\'brien'", "1"),
    (r"hostname:'star\*mac'", "2"),
    ("hostname:'star*mac'", "2"),
    ("hostname:'*'", "012"),
    (r"hostname:'\*'", ""),
    ("hostname:'*mac'", "02"),
    ("hostname:*'*mac'", "02"),
    ("hostname:!'alice-mac'", "12"),
    ("hostname:~'MAC'", "02"),
    ("hostname:['alice-mac','o\\'brien']", "01"),
    ("hostname:'*mac'+serial_number:'C3'", "2"),
    ("serial_number:'C1',serial_number:'C2'", "01"),
    ("serial_number:'C1',serial_number:'C2'+hostname:'none'", "0"),
    ("(serial_number:'C1',serial_number:'C2')+hostname:'none'", ""),
    ("last_seen:>='2026-01-03T00:00:00Z'", "12"),
    # An unescaped quote lets the rest of a value speak: the query gets broad, and shows it.
    ("hostname:'a',hostname:'*'", "012"),
])
def test_fql_finds(text, hits):
    assert fql_hits(text) == hits


@pytest.mark.parametrize("text", [
    "hostname", "hostname:", "hostname:alice", "hostname:'a", "hostname:'a\\", "nosuch:'a'",
    "hostname:'a'+", "hostname:'a' + serial_number:'b'", "hostname:'a''b'", "(hostname:'a'",
    "hostname:[]", 'hostname:"a"', "hostname=='a'", "(" * 100 + "hostname:'a'" + ")" * 100,
    "hostname:'" + "a" * 20_000 + "'",
])
def test_fql_refuses(text):
    with pytest.raises(BadQuery):
        fql_hits(text)


@pytest.mark.parametrize("text, hits", [
    ('id==1', "1"),
    ('id=="1"', "1"),
    ("general.name=='alice mac'", "1"),
    ('general.name=="ALICE MAC"', "1"),
    (r'general.name=="say \"hi\""', "2"),
    ('general.name=="*"', "12"),
    (r'general.name=="\*"', ""),
    ("general.name==alice*", "1"),
    ("id!=1", "2"),
    ("id=in=(1,2)", "12"),
    ("id=out=(1)", "2"),
    ("general.managed==true", "1"),
    ("id==1;general.managed==false", ""),
    ("id==1,general.managed==false", "12"),
    ("id==1,id==2;general.managed==true", "1"),
    ("(id==1,id==2);general.managed==true", "1"),
    # Times compare as times, whatever their number of digits.
    ("at=ge=2026-01-02T00:00:00.50Z", "12"),
    ("at=gt=2026-01-02T00:00:00.500Z", "2"),
])
def test_rsql_finds(text, hits):
    assert rsql_hits(text) == hits


@pytest.mark.parametrize("text", [
    "", "id", "id=1", "id==", "nosuch==1", 'id=="1', "id==1;", "id==a b", "id==1 ", "(id==1",
    'id=="1""2"', "id=in=1", "id==(1)",
])
def test_rsql_refuses(text):
    with pytest.raises(BadQuery):
        rsql_hits(text)


@pytest.mark.parametrize("parse, text, hits", [
    (scim.parse_filter, 'profile.email eq "a@x.example"', "a"),
    (scim.parse_filter, 'profile.email eq "A@x.example"', ""),
    (scim.parse_search, 'profile.email eq "A@x.example"', "a"),
    (scim.parse_search, 'profile.email EQ "a@x.example"', "a"),
    (scim.parse_search, 'profile.email eq "*"', ""),
    (scim.parse_search, r'profile.email eq "q\"q@x.example"', "q"),
    (scim.parse_search, 'profile.email sw "a"', "a"),
    (scim.parse_search, 'profile.email co "x.example"', "aq"),
    (scim.parse_search, 'profile.login eq "a" or profile.login eq "q"', "aq"),
    (scim.parse_search, 'profile.login eq "a" and status eq "STAGED"', ""),
    (scim.parse_search, '(profile.login eq "a" or profile.login eq "q") and status eq "active"',
     "aq"),
])
def test_scim_finds(parse, text, hits):
    assert scim_hits(parse, text) == hits


@pytest.mark.parametrize("parse, text", [
    (scim.parse_filter, 'profile.email sw "a"'),
    (scim.parse_search, 'status co "a"'),
    (scim.parse_search, 'profile.email ne "a"'),
    (scim.parse_search, 'profile.email eq a'),
    (scim.parse_search, 'profile.email eq "a'),
    (scim.parse_search, 'profile.email eq "a" or'),
    (scim.parse_search, 'email eq "a"'),
    (scim.parse_search, ""),
])
def test_scim_refuses(parse, text):
    with pytest.raises(BadQuery):
        scim_hits(parse, text)
