# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The Jamf Pro simulator over the wire."""

import pytest

ALICE = "alice-mac.corp.example"


def state_of(jamf, uuid):
    results = jamf.commands(f"uuid=={uuid}").json["results"]
    return results[0]["commandState"] if results else None


def test_a_token_lives_as_long_as_the_setting_says(jamf):
    assert jamf.token().json["expires_in"] == 60
    jamf.settings(token_lifetime_s=7)
    assert jamf.token().json["expires_in"] == 7


def test_token_errors_have_the_oauth_shape(jamf):
    assert jamf.token(client_secret="x").status == 401
    assert jamf.token(client_secret="x").json == {"error": "invalid_client"}
    assert jamf.token(grant_type="password").json["error"] == "unsupported_grant_type"
    assert jamf.token(scope="api-role:9").json["error"] == "invalid_scope"
    assert jamf.token(scope="").json["error"] == "invalid_scope"
    assert jamf.call("POST", "/api/v1/oauth/token", b"{}",
                     {"Content-Type": "application/json"}).status == 400


def test_a_dead_token_is_unauthorised(jamf):
    header = jamf.bearer()
    assert jamf.call("POST", "/api/v1/auth/invalidate-token", headers=header).status == 204
    assert jamf.call("GET", "/api/v1/auth", headers=header).status == 401
    assert jamf.call("GET", "/api/v1/auth").status == 401


def test_a_wrong_and_an_expired_token_are_told_apart(jamf):
    jamf.settings(token_lifetime_s=0)
    expired = jamf.token().json["access_token"]
    told = [jamf.call("GET", "/api/v1/auth", headers={"Authorization": f"Bearer {token}"})
            for token in (expired, "wrong")]

    assert [reply.status for reply in told] == [401, 401]
    assert [reply.json["errors"][0]["description"] for reply in told] == [
        "expired token", "invalid token"]


@pytest.mark.parametrize("scope, missing", [("api-role:1", "Mobile"), ("api-role:2", "Computer")])
def test_a_scope_narrows_a_token_to_a_role(jamf, scope, missing):
    header = {"Authorization": f"Bearer {jamf.token(scope=scope).json['access_token']}"}
    by_site = jamf.call("GET", "/api/v1/auth", headers=header).json["account"]["privilegesBySite"]

    assert by_site["-1"] and not [name for name in by_site["-1"] if missing in name]


def test_the_older_alias_of_the_token_path_is_served(jamf):
    form = {"grant_type": "client_credentials", "client_id": jamf.reach["client_id"],
            "client_secret": jamf.reach["client_secret"]}

    assert jamf.post_form("/api/oauth/token", **form).status == 200


def test_the_self_check_shows_the_privileges(jamf):
    jamf.settings(privileges=["Read Computers"])
    by_site = jamf.get("/api/v1/auth").json["account"]["privilegesBySite"]

    assert by_site == {"-1": ["Read Computers"]}
    assert jamf.get("/api/v1/jamf-pro-version").json["version"].startswith("11.30")
    assert jamf.lock(jamf.management_id(ALICE)).status == 403


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_a_computer_is_found_by_its_serial_number(jamf, version):
    reply = jamf.computers('hardware.serialNumber=="C02ALICE0001"', version,
                           ("GENERAL", "HARDWARE", "USER_AND_LOCATION"))

    computer = reply.json["results"][0]
    assert reply.json["totalCount"] == 1
    assert computer["general"]["managementId"] == jamf.management_id(ALICE)
    assert computer["general"]["mdmCapable"]["capable"] is True
    assert computer["userAndLocation"]["email"] == "alice@corp.example"
    assert ("lastContact" in computer["general"]) == (version == 4)


def test_only_the_sections_asked_for_are_in_a_record(jamf):
    computer = jamf.computers("id==1", sections=("HARDWARE",)).json["results"][0]

    assert set(computer) == {"id", "udid", "hardware"}
    assert jamf.computers("id==1", sections=("SECRETS",)).status == 400


def test_an_older_server_has_no_v4(jamf):
    jamf.settings(newest_inventory=3)

    assert jamf.computers("id==1", 4).status == 404
    assert jamf.computers("id==1", 3).status == 200


def test_filters_find_and_a_bad_filter_is_refused(jamf):
    assert jamf.names('userAndLocation.email=="frank@corp.example"') == [
        "frank-mac-1.corp.example", "frank-mac-2.corp.example"]
    assert len(jamf.names('general.name=="*"')) == 6
    assert jamf.names('userAndLocation.email=="dave@corp.example"') == []
    assert jamf.computers('general.name=="a').status == 400


def test_the_inventory_pages(jamf):
    base = "/api/v1/computers-inventory?page-size=4&sort=id:desc&page="
    pages = [jamf.get(base + str(number)).json for number in range(3)]

    assert [page["totalCount"] for page in pages] == [6, 6, 6]
    assert [[item["id"] for item in page["results"]] for page in pages] == [
        ["6", "5", "4", "3"], ["2", "1"], []]


def test_a_smaller_page_than_asked_for_leads_to_more_pages(jamf):
    jamf.settings(most_per_page=4)
    base = "/api/v4/computers-inventory?page-size=100&sort=id:asc&page="
    pages = [jamf.get(base + str(number)).json for number in range(3)]

    assert [len(page["results"]) for page in pages] == [4, 2, 0]
    assert {page["totalCount"] for page in pages} == {6}


@pytest.mark.parametrize("query", [
    "general.name=='a", "general.name=", "general.name", "nosuch==1", "id==1;", "id==1 and id==2",
    "(id==1", "id==1)", 'id=="1""', "id=in=(1"])
def test_a_filter_that_is_no_rsql_is_400(jamf, query):
    assert jamf.computers(query).status == 400
    assert jamf.mobile_devices(query.replace("general.name", "displayName")).status == 400


def test_a_lock_is_queued_then_acknowledged(jamf):
    device = jamf.management_id(ALICE)
    jamf.settings(command_delay_s=0, offline=[device])

    reply = jamf.lock(device, pin="246810", message="Call the help desk")
    uuid = reply.json[0]["id"]
    waiting = state_of(jamf, uuid)
    jamf.settings(offline=[])

    assert reply.status == 201
    assert waiting == "PENDING" and state_of(jamf, uuid) == "ACKNOWLEDGED"
    assert jamf.get("/api/v4/computers-inventory/1/view-device-lock-pin").json == {"pin": "246810"}


def test_a_second_lock_is_counted_and_sets_another_pin(jamf):
    device = jamf.management_id(ALICE)

    jamf.lock(device, pin="111111")
    jamf.lock(device, pin="222222")

    computer = jamf.computer(ALICE)
    assert computer["locks"] == 2 and computer["pins"] == ["111111", "222222"]
    assert computer["lock_pin"] == "222222"


def test_an_offline_mac_leaves_the_command_pending(jamf):
    jamf.settings(command_delay_s=0)
    reply = jamf.lock(jamf.management_id("grace-mac.corp.example"))

    assert state_of(jamf, reply.json[0]["id"]) == "PENDING"


@pytest.mark.parametrize("outcome", ["NOT_NOW", "ERROR", "COMMAND_FORMAT_ERROR"])
def test_a_lock_can_end_otherwise(jamf, outcome):
    jamf.settings(command_delay_s=0, lock_outcome=outcome)
    reply = jamf.lock(jamf.management_id(ALICE))

    assert state_of(jamf, reply.json[0]["id"]) == outcome


def test_a_command_is_found_by_device_and_kind_when_its_id_finds_nothing(jamf):
    device = jamf.management_id(ALICE)
    jamf.settings(command_id_is_uuid=False)
    reply = jamf.lock(device)

    found = jamf.commands(f"clientManagementId=={device};command==DEVICE_LOCK").json
    assert jamf.commands(f"uuid=={reply.json[0]['id']}").json["totalCount"] == 0
    assert found["totalCount"] == 1
    sent = found["results"][0]["dateSent"]
    assert jamf.commands(f"dateSent=ge={sent}").json["totalCount"] == 1
    assert jamf.commands(f"dateSent=gt={sent}").json["totalCount"] == 0


def test_a_command_query_needs_a_filter(jamf):
    assert jamf.get("/api/v2/mdm/commands").status == 400
    assert jamf.commands("nosuch==1").status == 400


def test_a_bad_lock_is_refused_and_does_nothing(jamf):
    device = jamf.management_id(ALICE)
    replies = [
        jamf.lock(device, pin="1234"), jamf.lock(device, pin="12345a"),
        jamf.lock(device, pin=123456), jamf.lock(device, pin="１２３４５６"), jamf.lock(),
        jamf.lock("1"), jamf.lock(device, "unknown"),
        jamf.lock(device, commandType="ERASE_DEVICE"), jamf.lock(device, message=5),
        jamf.lock(device, jamf.management_id("heidi-mac.corp.example")),
        jamf.post_json("/api/v2/mdm/commands", b"not json"),
        jamf.post_json("/api/v2/mdm/commands", []),
        jamf.post_json("/api/v2/mdm/commands", {"clientData": device, "commandData": "x"}),
    ]

    assert {reply.status for reply in replies} == {400}
    assert jamf.computer(ALICE)["locks"] == 0
    assert jamf.get("/api/v1/computers-inventory/1/view-device-lock-pin").status == 404


def test_a_blank_push_names_the_unknown_devices(jamf):
    reply = jamf.post_json("/api/v2/mdm/blank-push",
                           {"clientManagementIds": [jamf.management_id(ALICE), "unknown"]})

    assert reply.json == {"errorUuids": ["unknown"]}


def test_one_mac_has_no_serial_number_at_jamf(jamf, falcon):
    reply = jamf.computers('general.name=="erin-mac.corp.example"')

    assert reply.json["results"][0]["hardware"]["serialNumber"] == ""
    assert len(falcon.ids("hostname:'erin-mac.corp.example'")) == 1


def test_a_computer_may_take_no_mdm_commands(jamf):
    device = jamf.management_id(ALICE)
    jamf.settings(incapable=[device])

    general = jamf.computers("id==1").json["results"][0]["general"]
    assert general["mdmCapable"]["capable"] is False
    assert general["remoteManagement"]["managed"] is True
    assert jamf.lock(device).status == 400


def test_every_answer_is_503_during_a_restart(jamf):
    jamf.bearer()
    jamf.settings(restarting=True)

    # The contract does not say what the token endpoint answers meanwhile.
    replies = [jamf.get("/api/v1/auth"), jamf.lock("x"), jamf.raw("POST", "/api/v1/oauth/token")]
    assert [reply.status for reply in replies] == [503] * 3
    jamf.settings(restarting=False)
    assert jamf.get("/api/v1/auth").status == 200


def test_the_gateway_is_another_door_to_the_same_server(jamf):
    jamf.settings(gateway_tenant="t-1")
    form = {"grant_type": "client_credentials", "client_id": jamf.reach["client_id"],
            "client_secret": jamf.reach["client_secret"]}
    token = jamf.post_form("/oauth2/token", **form).json["access_token"]
    header = {"Authorization": f"Bearer {token}"}

    assert jamf.call("GET", "/api/pro/v3/tenant/t-1/computers-inventory",
                     headers=header).json["totalCount"] == 6
    for path in ("/api/v3/computers-inventory", "/api/pro/v3/tenant/t-2/computers-inventory"):
        assert jamf.call("GET", path, headers=header).status == 404
    assert jamf.token().status == 404
