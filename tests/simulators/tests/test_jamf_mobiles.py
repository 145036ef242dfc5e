# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Mobile devices of the Jamf Pro simulator."""

import pytest

IPAD = "judy-ipad"


def names(jamf, query):
    reply = jamf.mobile_devices(query)
    assert reply.status == 200, reply.body
    return [item["general"]["displayName"] for item in reply.json["results"]]


@pytest.mark.parametrize("query", [
    'serialNumber=="DNPJUDY00001"', 'displayName=="JUDY-ipad"', "mobileDeviceId==1",
    'emailAddress=="judy@corp.example";managed==true'])
def test_a_mobile_device_is_found(jamf, query):
    assert names(jamf, query) == [IPAD]


def test_a_record_says_what_the_device_is(jamf):
    sections = ("GENERAL", "HARDWARE", "USER_AND_LOCATION")
    first, second = jamf.mobile_devices('emailAddress=="judy@corp.example"',
                                        sections).json["results"]

    assert [item["general"]["managed"] for item in (first, second)] == [True, False]
    assert first["general"]["managementId"] == jamf.mobile_device(IPAD)["management_id"]
    assert first["hardware"]["serialNumber"] == "DNPJUDY00001"
    assert first["userAndLocation"]["emailAddress"] == "judy@corp.example"
    assert first["deviceType"] == "iOS"


def test_only_the_sections_asked_for_are_in_a_record(jamf):
    record = jamf.mobile_devices("mobileDeviceId==1", ("HARDWARE",)).json["results"][0]

    assert set(record) == {"mobileDeviceId", "deviceType", "hardware"}
    assert jamf.mobile_devices("mobileDeviceId==1", ("SECRETS",)).status == 400


def test_a_lock_needs_no_pin(jamf):
    device = jamf.mobile_device(IPAD)["management_id"]
    jamf.settings(command_delay_s=0)

    reply = jamf.post_json("/api/v2/mdm/commands", {
        "clientData": [{"managementId": device}],
        "commandData": {"commandType": "DEVICE_LOCK", "message": "Found?"}})
    found = jamf.commands(f"clientManagementId=={device}").json["results"]

    assert reply.status == 201
    assert [(row["commandState"], row["client"]["clientType"]) for row in found] == [
        ("ACKNOWLEDGED", "MOBILE_DEVICE")]
    ipad = jamf.mobile_device(IPAD)
    assert (ipad["locks"], ipad["pins"], ipad["messages"]) == (1, [], ["Found?"])
    assert [row["target"] for row in jamf.ledger("lock")] == [device]


def test_a_device_that_is_not_managed_takes_no_lock(jamf):
    assert jamf.lock(jamf.mobile_device("judy-iphone")["management_id"]).status == 400


@pytest.mark.parametrize("privilege, refused", [
    ("Send Computer Remote Lock Command", "mobile"),
    ("Send Mobile Device Remote Lock Command", "computer")])
def test_each_kind_of_device_needs_its_own_privilege(jamf, privilege, refused):
    jamf.settings(privileges=[privilege])
    statuses = {"mobile": jamf.lock(jamf.mobile_device(IPAD)["management_id"]).status,
                "computer": jamf.lock(jamf.management_id("alice-mac.corp.example")).status}

    assert statuses.pop(refused) == 403
    assert list(statuses.values()) == [201]
    assert jamf.mobile_devices("").status == 403
