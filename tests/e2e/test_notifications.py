# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What a tenant's people and machines are told: signed webhooks, Slack, mail; retried, durable, visible."""

import json
import threading

import pytest

from rig import private_trust
from rig.certificates import self_signed
from rig.deadline import eventually
from rig.mail_server import MailServer
from rig.quell_process import scratch_folder
from rig.webhook_receiver import WebhookReceiver


@pytest.fixture
def receiver():
    made = WebhookReceiver()
    yield made
    made.stop()


@pytest.fixture
def mail(request):
    servers = []

    def make(**options) -> MailServer:
        servers.append(MailServer(**options))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


def told(fresh, channels: dict[str, dict], start: bool = True, smtp: dict | None = None, loopback: bool = True, **options):
    """An installation whose tenant acme has these channels, all enabled and for every event."""
    def change(configuration):
        configuration.tables = {**({"webhooks": {"allow_insecure_loopback": True}} if loopback else {}), **({"smtp": smtp} if smtp else {})}
        configuration.tenants["acme"].tables = {f"notifications.{name}": {"enabled": True, "events": ["*"], **values}
                                                for name, values in channels.items()}

    return fresh(change=change, start=start, **options)


def listed(host, state: str = "") -> list[dict]:
    options = ["--state", state] if state else []
    return host.quell("notifications", "list", "--tenant", "acme", "-n", "500", *options)["notifications"]


def tell(host) -> None:
    """A test message over every channel."""
    host.quell("notifications", "test", "--tenant", "acme")


# L23, SS-05
def test_a_webhook_is_signed_and_can_be_checked_with_the_secret_that_the_host_shows(fresh, receiver):
    host = told(fresh, {"webhook": {"url": receiver.url + "/hook"}})
    secret = host.quell("notifications", "secret", "--tenant", "acme")["webhook_secret"]

    tell(host)
    eventually(lambda: receiver.got, "the webhook arrives")
    delivery = receiver.got[0]
    assert delivery.is_signed_with(secret)
    assert not delivery.is_signed_with("whsec_" + "A" * 32)
    assert (delivery.json["type"], delivery.json["data"]["title"]) == ("notification.test", "A test of Quell's notices")
    done = eventually(lambda: listed(host, "delivered"), "it is noted as delivered")
    assert (done[0]["id"], done[0]["attempts"]) == (delivery.id, 1)
    assert [entry["outcome"] for entry in host.audit(event="notification_delivered")] == ["ok"]
    assert len(host.audit(event="webhook_secret_shown")) == 1


def test_a_secret_of_the_settings_signs_instead(fresh, receiver):
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    def change(configuration):
        configuration.tables = {"webhooks": {"allow_insecure_loopback": True}}
        configuration.tenants["acme"].tables = {"notifications.webhook": {
            "enabled": True, "events": ["*"], "url": receiver.url, "secret": configuration.secret("hook", secret)}}

    tell(fresh(change=change))
    eventually(lambda: receiver.got, "the webhook arrives")
    assert receiver.got[0].is_signed_with(secret)


# SS-05: same id, a later time, after the first step of five seconds
@pytest.mark.slow
def test_a_receiver_that_failed_gets_the_same_message_again(fresh, receiver):
    host = told(fresh, {"webhook": {"url": receiver.url + "/hook"}})
    receiver.answers["/hook"] = (500, {})

    tell(host)
    eventually(lambda: receiver.got, "the first attempt")
    waiting = eventually(lambda: [row for row in listed(host, "pending") if row["last_error"]], "the failure is noted")
    assert waiting[0]["last_error"] == "The receiver answered 500."
    receiver.answers.clear()
    eventually(lambda: len(receiver.got) == 2, "the second attempt", 60)
    assert receiver.got[0].id == receiver.got[1].id and receiver.got[0].body == receiver.got[1].body
    assert receiver.got[1].at - receiver.got[0].at >= 4.5
    eventually(lambda: listed(host, "delivered"), "it is delivered")


# SS-05
def test_gone_stops_and_a_retry_by_hand_begins_anew(fresh, receiver):
    host = told(fresh, {"webhook": {"url": receiver.url + "/hook"}})
    receiver.answers["/hook"] = (410, {})

    tell(host)
    eventually(lambda: listed(host, "failed"), "it is given up")
    tell(host)
    stopped = eventually(lambda: listed(host, "failed") if len(listed(host, "failed")) == 2 else None, "the second is not sent")
    assert len(receiver.got) == 1
    assert "410" in stopped[0]["last_error"]
    assert [entry["outcome"] for entry in host.audit(event="notification_failed")] == ["gone"]
    receiver.answers.clear()
    host.quell("notifications", "retry", "--tenant", "acme", stopped[0]["id"])
    eventually(lambda: listed(host, "delivered"), "the retry is delivered")
    tell(host)
    eventually(lambda: len(listed(host, "delivered")) == 2, "the receiver gets messages again")


# SS-02
def test_a_redirect_is_not_followed(fresh, receiver):
    host = told(fresh, {"webhook": {"url": receiver.url + "/hook"}})
    receiver.answers["/hook"] = (307, {"Location": receiver.url + "/inner"})

    tell(host)
    waiting = eventually(lambda: [row for row in listed(host) if row["last_error"]], "the redirect is noted")
    assert waiting[0]["last_error"] == "The receiver answered 307."
    assert receiver.at("/inner") == []


# SS-01, SS-03, SS-04: whatever the settings say, and judged where the connection is made
@pytest.mark.parametrize("url", ["https://127.0.0.1:{port}/hook", "https://localhost:{port}/hook", "https://[::1]:{port}/hook",
                                 "https://2130706433:{port}/hook", "https://169.254.169.254/hook", "https://10.0.0.1/hook"])
def test_a_webhook_goes_to_public_addresses_alone(fresh, receiver, url):
    host = told(fresh, {"webhook": {"url": url.format(port=receiver.url.rsplit(":", 1)[1])}}, loopback=False)

    tell(host)
    refused = eventually(lambda: [row for row in listed(host) if row["last_error"]], "it is refused")
    assert "address" in refused[0]["last_error"], refused
    assert receiver.got == []


# SS-06
@pytest.mark.slow
def test_a_receiver_that_drips_or_floods_is_cut_and_holds_up_nobody(fresh, receiver):
    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b".")
                handler.wfile.flush()
                threading.Event().wait(0.5)
        except OSError:
            pass

    def flood(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(1 << 30))
        handler.end_headers()
        sent = 0
        try:
            while sent < 1 << 30:
                sent += handler.wfile.write(b"x" * 65536)
        except OSError:
            flooded.append(sent)

    flooded: list[int] = []
    receiver.answers = {"/drip": drip, "/flood": flood}
    host = told(fresh, {"webhook": {"url": receiver.url + "/drip"}})

    tell(host)
    eventually(lambda: receiver.at("/drip"), "the slow receiver is called")
    host.configuration.tenants["acme"].tables["notifications.webhook"]["url"] = receiver.url + "/flood"
    host.configuration.write()
    host.quell("reload")
    tell(host)
    eventually(lambda: receiver.at("/flood"), "another receiver is called meanwhile", 8)
    eventually(lambda: flooded, "the flood is cut", 8)
    assert flooded[0] < 32 << 20  # what the kernel's buffers take, far from 1 GB
    cut = eventually(lambda: [row for row in listed(host) if row["last_error"] and row["destination"].endswith("/drip")], "the drip is cut", 30)
    assert cut[0]["state"] == "pending"


def test_what_waits_survives_a_kill(fresh, receiver):
    host = told(fresh, {"webhook": {"url": receiver.url + "/hook"}})
    receiver.answers["/hook"] = (503, {"Retry-After": "3600"})

    tell(host)
    eventually(lambda: [row for row in listed(host) if row["last_error"]], "the first attempt fails")
    host.host.process.kill()
    host.host.process.wait()
    before = host.quell("notifications", "list", "--tenant", "acme")["notifications"][0]
    assert (before["state"], before["attempts"]) == ("pending", 1)
    host.start()
    assert listed(host)[0] == before


# L22
def test_slack_gets_text_and_its_url_stays_secret(fresh, receiver):
    def change(configuration):
        configuration.tables = {"webhooks": {"allow_insecure_loopback": True}}
        configuration.tenants["acme"].tables = {"notifications.slack": {
            "enabled": True, "events": ["*"], "channel": "#security-approvals",
            "webhook_url": configuration.secret("slack", receiver.url + "/services/T0/B0/canary")}}

    host = fresh(change=change)
    tell(host)
    eventually(lambda: receiver.got, "Slack is called")
    assert receiver.got[0].json["channel"] == "#security-approvals"
    assert "A test of Quell's notices" in receiver.got[0].json["text"]
    shown = eventually(lambda: listed(host, "delivered"), "it is delivered")
    assert "canary" not in json.dumps(shown) + host.log + json.dumps(host.audit())


# L21
def test_each_recipient_gets_a_mail(fresh, mail):
    server = mail()
    host = told(fresh, {"email": {"recipients": ["ada@acme.example", "gone@acme.example", "bob@acme.example"]}},
                smtp={"server": server.address, "tls": "none", "from": "quell@corp.example"})
    server.refuse["gone@acme.example"] = "550 no such user"

    tell(host)
    eventually(lambda: len(server.mails) == 2, "the mails arrive")
    assert {mail.recipient for mail in server.mails} == {"ada@acme.example", "bob@acme.example"}
    message = server.mails[0].message
    assert (server.mails[0].sender, message["Subject"]) == ("quell@corp.example", "[Quell] A test of Quell's notices")
    assert "Asked for by: uid:" in message.get_content()
    failed = eventually(lambda: listed(host, "failed"), "the refused one is given up")
    assert (failed[0]["destination"], failed[0]["last_error"]) == ("gone@acme.example", "The mail server answered 550.")


# L21: STARTTLS is required unless the settings say otherwise
@pytest.mark.skipif(bool(private_trust.missing()), reason=f"missing: {private_trust.missing()}")
def test_mail_goes_over_tls_with_a_login(fresh, mail, monkeypatch):
    folder = scratch_folder("quell-mail-")
    certificate = self_signed(folder)
    server = mail(certificate=certificate, login="quell canary-password")

    def change(configuration):
        configuration.tables = {"smtp": {"server": server.address, "from": "quell@corp.example", "username": "quell",
                                         "password": configuration.secret("smtp", "canary-password")}}
        configuration.tenants["acme"].tables = {"notifications.email": {"enabled": True, "events": ["*"], "recipients": ["ada@acme.example"]}}

    host = fresh(change=change, start=False)
    private_trust.start(host, certificate[0], monkeypatch)
    tell(host)
    eventually(lambda: server.mails, "the mail arrives")
    assert (server.mails[0].secure, server.mails[0].login) == (True, "quell canary-password")
    assert "canary-password" not in host.log


def test_no_mail_goes_to_a_server_without_starttls(fresh, mail):
    server = mail()
    host = told(fresh, {"email": {"recipients": ["ada@acme.example"]}}, smtp={"server": server.address, "from": "quell@corp.example"})

    tell(host)
    waiting = eventually(lambda: [row for row in listed(host) if row["last_error"]], "it is refused")
    assert "STARTTLS" in waiting[0]["last_error"]
    assert not [line for line in server.commands if line.startswith("MAIL")]


def test_check_tells_what_the_files_lack_together(fresh):
    host = told(fresh, {"email": {"recipients": ["ada@acme.example"]}, "plugin": {"connector": "slack", "channel": "#x"},
                        "webhook": {"url": "http://soar.example/hook"}}, start=False, loopback=False)

    found = " ".join(error["message"] for error in host.refusal("check").document["errors"])
    assert "no [smtp]" in found and "no connector of this tenant" in found and "must be https" in found


# TN-01
def test_a_tenant_sees_and_retries_its_own_alone(fresh, receiver):
    host = told(fresh, {"webhook": {"url": receiver.url + "/hook"}})
    receiver.answers["/hook"] = (410, {})
    tell(host)
    failed = eventually(lambda: listed(host, "failed"), "it fails")

    host.configuration.tenants["other"] = type(host.configuration.tenants["acme"])()
    host.configuration.write()
    host.quell("reload")
    assert host.quell("notifications", "list", "--tenant", "other")["notifications"] == []
    assert host.refusal("notifications", "retry", "--tenant", "other", failed[0]["id"]).error["key"] == "notification_not_found"
