# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Locking Macs: the host makes the PIN, keeps it sealed, and locks at most once."""

import re

import pytest

from rig.deadline import eventually
from rig.world import ALICE, ALICE_MAC, FRANK, GRACE, HEIDI, computers


def pins(jamf, hostname: str = ALICE_MAC) -> list[str]:
    return computers(jamf)[hostname]["pins"]


# V47, V54
def test_a_mac_is_locked_with_a_pin_that_the_answer_does_not_show(quell, jamf):
    result = quell.mcp().contain("lock_device", "hostname", ALICE_MAC)
    metadata = result.targets[0]["result_metadata"]

    assert result.order["status"] == "completed"
    assert len(jamf.acted("lock")) == 1
    assert len(pins(jamf)) == 1 and re.fullmatch("[0-9]{6}", pins(jamf)[0])
    assert metadata["lock_pin_ref"]
    assert "lock_pin" not in metadata
    assert pins(jamf)[0] not in str(result.raw)


# V54
def test_the_pin_is_in_the_answer_only_if_the_tenant_says_so(quell, jamf):
    metadata = quell.mcp("pins-shown").contain("lock_device", "hostname", ALICE_MAC).targets[0]["result_metadata"]

    assert metadata["lock_pin"] == pins(jamf)[0]


def test_an_admin_reveals_the_pin_with_a_reason_and_leaves_a_trace(quell, jamf):
    result = quell.mcp().contain("lock_device", "hostname", ALICE_MAC)
    request, device = result.order["request_id"], result.targets[0]["provider_device_id"]

    revealed = quell.quell("request", "pin", request, device, "--tenant", "acme", "--reason", "owner is back")

    assert pins(jamf)[0] in str(revealed)
    records = quell.audit(request=request)
    assert [row for row in records if "pin" in row["event"] and "owner is back" in str(row)]
    assert not [row for row in records if re.search(rf'"{pins(jamf)[0]}"', str(row).replace("'", '"'))]


def test_a_pin_is_not_revealed_without_a_reason(quell, jamf):
    result = quell.mcp().contain("lock_device", "hostname", ALICE_MAC)
    request, device = result.order["request_id"], result.targets[0]["provider_device_id"]

    assert quell.refusal("request", "pin", request, device, "--tenant", "acme", "--reason", "").code == 1


def test_the_pin_is_sealed_in_the_store(door, jamf):
    door.mcp().contain("lock_device", "hostname", ALICE_MAC)
    pin = pins(jamf)[0].encode()

    stored = b"".join(path.read_bytes() for path in door.configuration.folder.glob("quell.db*"))
    assert re.search(rb"(?<![0-9])" + pin + rb"(?![0-9])", stored) is None


def test_two_locks_have_two_pins(quell, jamf):
    client = quell.mcp()
    result = client.contain("lock_device", "user_email", FRANK)

    assert result.order["status"] == "completed"
    first, second = pins(jamf, "frank-mac-1.corp.example"), pins(jamf, "frank-mac-2.corp.example")
    assert len(first) == len(second) == 1 and first != second


# V49
@pytest.mark.parametrize("lookup_type, value", [("serial_number", "C02ALICE0001"), ("user_email", ALICE)])
def test_a_mac_is_found_by_serial_number_and_by_email(quell, jamf, lookup_type, value):
    result = quell.mcp().contain("lock_device", lookup_type, value, dry_run=True)

    assert [target["hostname"] for target in result.targets] == [ALICE_MAC]
    assert result.targets[0]["provider_device_id"] == computers(jamf)[ALICE_MAC]["management_id"]


# PF-06: one locked, one refused by the provider
def test_a_user_with_two_macs_of_which_one_is_refused_ends_partial(quell, jamf):
    refused = computers(jamf)["frank-mac-2.corp.example"]["management_id"]
    jamf.fault("POST /api/v2/mdm/commands", match=refused, status=404, times=None)

    result = quell.mcp().contain("lock_device", "user_email", FRANK)

    assert result.order["status"] == "partial"
    states = {target["provider_device_id"]: target for target in result.targets}
    assert states[refused]["state"] == "failed" and states[refused]["error"]["key"] == "device_not_found"
    other = next(target for target in result.targets if target["provider_device_id"] != refused)
    assert other["state"] == "confirmed"
    assert [row["target"] for row in jamf.acted("lock")] == [other["provider_device_id"]]


def test_a_mac_that_is_not_managed_is_not_locked(quell, jamf):
    result = quell.mcp().contain("lock_device", "user_email", HEIDI)

    assert not jamf.acted("lock")
    if not result.is_error:
        assert result.order["status"] == "failed"


# PF-04
@pytest.mark.parametrize("isolation", ["process", "in_process"])
@pytest.mark.parametrize("outcome", ["ERROR", "COMMAND_FORMAT_ERROR"])
def test_a_lock_that_the_device_reports_as_failed_is_failed(fresh, jamf, isolation, outcome):
    quell = fresh(isolation)
    jamf.settings(lock_outcome=outcome)

    result = quell.mcp().contain("lock_device", "hostname", ALICE_MAC)

    assert result.order["status"] == "failed"
    assert result.targets[0]["state"] == "failed" and result.targets[0]["error"]
    assert len(jamf.acted("lock")) == 1


# PF-03
def test_a_lock_whose_answer_is_lost_is_read_back_and_not_sent_again(quell, jamf):
    jamf.fault("POST /api/v2/mdm/commands", kind="reset", before=False)

    result = quell.mcp().contain("lock_device", "hostname", ALICE_MAC)

    assert result.order["status"] == "completed"
    assert len(jamf.acted("lock")) == 1
    assert len(pins(jamf)) == 1


# PF-03: it never reached the Mac, and a lock is never sent twice
def test_a_lock_that_got_lost_before_the_provider_is_not_sent_again(quell, jamf):
    jamf.fault("POST /api/v2/mdm/commands", kind="reset", before=True, times=None)

    result = quell.mcp().contain("lock_device", "hostname", ALICE_MAC)

    assert not jamf.acted("lock")
    posts = [row for row in jamf.ledger() if row["method"] == "POST" and row["path"].startswith("/api/v2/mdm/commands")]
    assert len(posts) == 1
    assert result.order["status"] in ("failed", "unknown")


def test_a_mac_that_is_offline_stays_pending_and_is_locked_later(quell, jamf):
    result = quell.mcp("hasty").contain("lock_device", "user_email", GRACE)
    assert result.order["status"] == "pending"

    jamf.settings(offline=[])

    def final():
        order = quell.mcp("hasty").tool("get_containment_request", request_id=result.order["request_id"]).order
        return order["status"] == "completed"

    eventually(final, "the lock is confirmed", 60)
    assert len(jamf.acted("lock")) == 1
