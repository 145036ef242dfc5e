# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The page where people decide what others ask for."""

import shutil
import uuid

import pytest

from rig import guarded
from rig.browser import Browser, Page
from rig.guarded import Guarded
from rig.oauth_client import is_login, sign_in
from rig.quell_process import scratch_folder


@pytest.fixture(scope="module")
def world():
    installation = guarded.build(scratch_folder("quell-e2e-"))
    installation.start()
    yield Guarded(installation)
    installation.end()
    shutil.rmtree(installation.configuration.folder, ignore_errors=True)


@pytest.fixture
def asked(world):
    return world.ask(f"vsecure://secrets/production/P_{uuid.uuid4().hex}")


def opened(world, person, path="/mcp/approvals") -> tuple[Browser, Page]:
    browser = Browser(world.host.base_url)
    reply = browser.open(path)
    assert is_login(reply)
    return browser, Page(sign_in(browser, reply, person))


def form_of(page: Page, approval: str):
    return next(form for form in page.forms if form.values()["id"] == approval)


def press(browser: Browser, page: Page, approval: str, action: str, **fields):
    form = form_of(page, approval)
    assert ("action", action) in form.buttons
    return browser.follow(browser.send("POST", form.action, {**form.values(), "reason": "Seen", "action": action, **fields}))


# L15
def test_an_approver_finds_a_request_and_approves_it(world, asked):
    browser, page = opened(world, world.admin)
    assert asked["resource"] in page.text and "INC-4711: the database is down" in page.text
    after = Page(press(browser, page, asked["approvalId"], "approve", duration="10m"))
    assert after.reply.status == 200 and "approved by admin@acme.example: Seen" in after.text
    assert world.call("GET", f"/approvals/{asked['approvalId']}", world.agent_token).json["status"] == "approved"
    assert asked["approvalId"] not in Page(browser.open("/mcp/approvals")).text


# L15
def test_an_approver_denies_with_a_reason(world, asked):
    browser, page = opened(world, world.oncall, f"/mcp/approvals?id={asked['approvalId']}")
    press(browser, page, asked["approvalId"], "deny", reason="use the replica")
    found = world.call("GET", f"/approvals/{asked['approvalId']}", world.agent_token).json
    assert (found["status"], found["decisionReason"]) == ("denied", "use the replica")


# TN-06
def test_others_see_no_form(world, asked):
    _, page = opened(world, world.analyst)
    assert asked["approvalId"] not in page.text
    own = world.ask(f"vsecure://secrets/production/O_{uuid.uuid4().hex}", world.admin)
    _, page = opened(world, world.admin, f"/mcp/approvals?id={own['approvalId']}")
    assert own["approvalId"] in page.text
    assert own["approvalId"] not in [form.values()["id"] for form in page.forms]


# AP-01
def test_a_second_press_is_told_that_it_was_decided(world, asked):
    browser, page = opened(world, world.admin)
    press(browser, page, asked["approvalId"], "approve")
    reply = press(browser, page, asked["approvalId"], "deny")
    assert reply.status == 409 and "decided before" in reply.text


# OA-23, OA-24
def test_a_form_of_another_login_or_request_does_nothing(world, asked):
    browser, page = opened(world, world.admin)
    form = form_of(page, asked["approvalId"])
    other = world.ask(f"vsecure://secrets/production/Q_{uuid.uuid4().hex}")
    stranger = Browser(world.host.base_url)
    sign_in(stranger, stranger.open("/mcp/approvals"), world.oncall)
    for sender, changed in ((browser, {"csrf": "x"}), (browser, {"csrf": ""}), (browser, {"id": other["approvalId"]}), (stranger, {}),
                            (Browser(world.host.base_url), {})):
        fields = {**form.values(), "reason": "x", "action": "approve", **changed}
        assert sender.send("POST", "/mcp/approvals", fields).status == 403
    assert world.call("GET", f"/approvals/{asked['approvalId']}", world.agent_token).json["status"] == "pending"


# OA-24, UI-01
def test_the_page_runs_no_script_and_is_not_framed(world):
    name = f"vsecure://secrets/production/X_{uuid.uuid4().hex}"
    world.ask(name, reason='<script>alert(1)</script><img src=x onerror="alert(2)">', requestedBy='"><script>alert(3)</script>')
    _, page = opened(world, world.admin)
    assert name in page.text
    assert "script" not in page.tags and "img" not in page.tags
    policy = page.reply.header("Content-Security-Policy")
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe-inline" not in policy
    assert page.reply.header("X-Frame-Options") == "DENY"
    assert page.reply.header("Referrer-Policy") == "no-referrer"
    assert page.reply.header("X-Content-Type-Options") == "nosniff"
    assert page.reply.header("Cache-Control") == "no-store"


def test_every_field_has_its_label(world, asked):
    _, page = opened(world, world.admin)
    html = page.reply.text
    assert '<html lang="en">' in html and html.count("<h1>") == 1
    for field in ("r", "d"):
        assert f'for="{field}-{asked["approvalId"]}"' in html and f'id="{field}-{asked["approvalId"]}"' in html


# UI-01
def test_the_page_suits_assistive_technology_and_its_own_policy(world, asked, person):
    person.open(f"{world.host.base_url}/oauth/login")
    person.sign_in(world.admin)

    page = person.open(f"{world.host.base_url}/mcp/approvals?id={asked['approvalId']}")

    assert asked["resource"] in page.text
    assert person.violations() == []
    assert person.complaints() == []
