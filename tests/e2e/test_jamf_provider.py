# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Jamf Pro as it comes: older servers, mobile devices, devices that take no lock, a cluster, the gateway."""

import pytest

from rig.deadline import eventually
from rig.world import ALICE, ALICE_MAC, FRANK, computers

JUDY, IPAD, IPHONE = "judy@corp.example", "judy-ipad", "judy-iphone"
IPAD_SERIAL = "DNPJUDY00001"
COMPUTER_PRIVILEGES = ["Read Computers", "Send Computer Remote Lock Command",
                       "View MDM command information in Jamf Pro API"]


def lock(quell, lookup_type, value, tenant="acme", **more):
    return quell.mcp(tenant).contain("lock_device", lookup_type, value, **more)


def mobile(jamf, name):
    return next(device for device in jamf.state()["mobile_devices"] if device["name"] == name)


def by_name(result) -> dict:
    return {target["hostname"]: target for target in result.targets}


def with_jamf(**settings):
    return lambda configuration: configuration.tenants["acme"].connectors["jamf"].update(settings)


# ---- the inventory's version


@pytest.mark.parametrize("newest", [1, 2, 3])
def test_an_older_server_needs_no_setting(quell, jamf, newest):
    jamf.settings(newest_inventory=newest)

    assert lock(quell, "hostname", ALICE_MAC).order["status"] == "completed"
    assert len(jamf.acted("lock")) == 1


@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_the_version_is_remembered(fresh, jamf, isolation):
    jamf.settings(newest_inventory=2)
    quell = fresh(isolation)
    for _ in range(3):
        assert lock(quell, "hostname", ALICE_MAC, dry_run=True).order["status"] == "resolved"

    refused = [row["path"] for row in jamf.ledger() if row["status"] == 404]
    assert [path.split("/")[2] for path in refused] == ["v4", "v3"]


def test_all_pages_of_a_small_server_are_read(quell, jamf):
    jamf.settings(most_per_page=1)

    assert len(lock(quell, "user_email", FRANK, dry_run=True).targets) == 2


# ---- mobile devices


@pytest.mark.parametrize("lookup_type, value", [("serial_number", IPAD_SERIAL), ("hostname", IPAD)])
def test_a_mobile_device_is_locked_without_a_pin(quell, jamf, lookup_type, value):
    result = lock(quell, lookup_type, value)

    assert result.order["status"] == "completed"
    assert result.targets[0]["provider_device_id"] == mobile(jamf, IPAD)["management_id"]
    assert result.targets[0]["result_metadata"]["lock_pin_set"] is False
    assert mobile(jamf, IPAD)["locks"] == 1 and mobile(jamf, IPAD)["pins"] == []


def test_mobile_devices_may_be_left_out(fresh, jamf):
    quell = fresh(change=with_jamf(mobile_devices=False))

    assert lock(quell, "serial_number", IPAD_SERIAL).error["key"] == "device_not_found"
    assert not [row for row in jamf.ledger() if "mobile-devices" in row["path"]]


def test_a_role_that_may_not_read_mobile_devices_is_told_so(fresh, jamf):
    jamf.settings(privileges=COMPUTER_PRIVILEGES)
    quell = fresh()
    error = lock(quell, "user_email", ALICE).error

    assert error["key"] == "http_403"
    assert "Read Mobile Devices" in error["message"] and "mobile_devices" in error["message"]
    assert not jamf.acted()


# ---- devices that take no lock


def test_a_device_that_is_not_managed_is_refused_by_name_and_the_others_go_on(quell, jamf):
    result = lock(quell, "user_email", JUDY)

    assert result.order["status"] == "partial"
    assert by_name(result)[IPAD]["state"] == "confirmed"
    refused = by_name(result)[IPHONE]
    assert refused["state"] == "failed" and refused["error"]["key"] == "action_not_supported"
    assert IPHONE in refused["error"]["message"] and "not managed" in refused["error"]["message"]
    assert [row["target"] for row in jamf.acted("lock")] == [mobile(jamf, IPAD)["management_id"]]


def test_a_mac_that_takes_no_commands_is_refused_by_name_and_the_others_go_on(quell, jamf):
    incapable = "frank-mac-1.corp.example"
    jamf.settings(incapable=[computers(jamf)[incapable]["management_id"]])
    result = lock(quell, "user_email", FRANK)

    assert result.order["status"] == "partial"
    error = by_name(result)[incapable]["error"]
    assert incapable in error["message"] and "MDM commands" in error["message"]
    assert computers(jamf)[incapable]["locks"] == 0
    assert by_name(result)["frank-mac-2.corp.example"]["state"] == "confirmed"


def test_an_apple_tv_is_refused_by_name(quell, jamf):
    result = lock(quell, "hostname", "lobby-tv")

    assert result.order["status"] == "failed"
    assert "Apple TV" in result.targets[0]["error"]["message"]
    assert not [row for row in jamf.ledger() if row["verb"] == "lock"]


# ---- what becomes of a command


def test_a_command_is_found_by_its_device_if_its_id_finds_nothing(quell, jamf):
    jamf.settings(command_id_is_uuid=False)

    assert lock(quell, "hostname", ALICE_MAC).order["status"] == "completed"
    assert len(jamf.acted("lock")) == 1


@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_a_device_that_cannot_now_stays_pending(fresh, jamf, isolation):
    jamf.settings(lock_outcome="NOT_NOW", command_delay_s=0)
    quell = fresh(isolation, lambda configuration: configuration.tenants["acme"].containment.update(wait_seconds=1))
    request = lock(quell, "hostname", ALICE_MAC).order["request_id"]

    def read_back_twice() -> bool:
        return len([row for row in jamf.ledger() if row["path"].startswith("/api/v2/mdm/commands?")]) > 1

    eventually(read_back_twice, "the command is read back", 30)
    assert quell.mcp().tool("get_containment_request", request_id=request).order["status"] == "pending"
    assert len(jamf.acted("lock")) == 1


@pytest.mark.parametrize("missing", ["Send Computer Remote Lock Command", "Read Computers"])
def test_a_missing_privilege_is_told_by_its_name(fresh, jamf, missing):
    jamf.settings(privileges=[name for name in COMPUTER_PRIVILEGES if name != missing])
    quell = fresh(change=with_jamf(mobile_devices=False))
    result = lock(quell, "hostname", ALICE_MAC)
    error = result.error if result.is_error else result.targets[0]["error"]

    assert error["key"] == "http_403" and missing in error["message"]
    assert not jamf.acted()


# ---- ways to the server


@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_the_platform_gateway_is_a_matter_of_settings(fresh, jamf, isolation):
    jamf.settings(gateway_tenant="t-1")
    quell = fresh(isolation, with_jamf(path_prefix="/api/pro/{version}/tenant/t-1", token_path="oauth2/token"))

    assert lock(quell, "hostname", ALICE_MAC).order["status"] == "completed"
    assert len(jamf.acted("lock")) == 1
    client = quell.configuration.tenants["acme"].connectors["jamf"]["client_id"]
    assert {row["status"] for row in jamf.ledger(client)} == {200, 201}


@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_a_cluster_is_asked_at_one_node_where_cookies_are_kept(fresh, jamf, isolation):
    jamf.settings(sticky_lag_s=3600)
    quell = fresh(isolation, with_jamf(keep_cookies=True))

    assert lock(quell, "hostname", ALICE_MAC).order["status"] == "completed"
    # The host's request for a token, and the plugin's first.
    assert jamf.state()["requests_without_cookie"] == 2


def test_a_server_that_restarts_is_an_error_that_may_be_retried(quell, jamf):
    jamf.settings(restarting=True)
    error = lock(quell, "hostname", ALICE_MAC).error

    assert error["key"] == "connector_unavailable" and error["retryable"] is True
    assert not jamf.acted()
