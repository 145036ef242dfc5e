# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The story of the demo, line by line. A line returns what happened, computed from an answer or a ledger."""

import json
from typing import Callable, Iterator

from rig.deadline import eventually
from rig.mcp_client import Modern, ToolResult
from rig.oauth_client import OAuthClient, Pkce, answer_of, consent_of, decide, discover
from rig.people_story import SECRET, People
from rig.quell_process import run
from rig.simulators import Provider, providers
from rig.world import ALICE, ALICE_MAC, ERIN, accounts, computers, hosts

REASON = "demo: beacon to a known bad host"


class Disagreement(Exception):
    """What Quell said and what the provider recorded differ."""


def agree(fact: bool, what: str) -> None:
    if not fact:
        raise Disagreement(what)


class Story:
    def __init__(self, ready: dict):
        self.ready = ready
        found = providers(ready["simulators"])
        self.jamf, self.falcon, self.okta = found["jamf"], found["crowdstrike"], found["okta"]
        self.people = People(ready, found["slack"], found["vault"])
        self.client: OAuthClient
        self.mcp: Modern

    def lines(self) -> Iterator[tuple[str, Callable[[], str]]]:
        for name, line in (("discovery", self.discovery), ("login", self.login), ("tools", self.tools),
                           ("challenge", self.challenge), ("secret", self.secret), ("sessions", self.sessions),
                           ("dry run", self.dry_run), ("contain", self.contain), ("lock", self.lock),
                           ("by e-mail", self.by_email), ("release", self.release),
                           ("usage", self.usage), ("audit", self.audit)):
            yield name, self._guarded(line)
        for provider in (self.jamf, self.falcon, self.okta, self.people.slack, self.people.vault):
            provider.reset()

    @staticmethod
    def _guarded(line: Callable[[], str]) -> Callable[[], str]:
        def run_line() -> str:
            try:
                return line()
            except (AssertionError, KeyError, IndexError, OSError, ValueError) as failure:
                raise Disagreement(f"{type(failure).__name__}: {failure}") from failure

        return run_line

    def discovery(self) -> str:
        found = discover(self.ready["mcp_url"])
        public = next(client for client in self.ready["clients"] if client["client_secret"] is None)
        self.client = OAuthClient(found, public["client_id"], None, public["redirect_uris"][0])
        agree(found.resource["resource"] == self.ready["mcp_url"], "the metadata describes another resource")
        return f"401 at {self.ready['mcp_url']} leads to the authorization server {found.server['issuer']}"

    def login(self) -> str:
        person = self._person("analyst")
        browser, pkce = self.client.browser(), Pkce()
        parameters = self.client.authorize_parameters(pkce)
        answer = answer_of(decide(browser, consent_of(self.client, browser, person, parameters)))
        agree(answer["state"] == parameters["state"], "another state came back")
        tokens = self.client.redeem(answer["code"], pkce.verifier).json
        self.mcp = Modern(self.ready["mcp_url"], tokens["access_token"])
        count = len(tokens["scope"].split())
        return f"{person['email']} signed in and pressed Allow: {count} scopes for {tokens['expires_in'] // 60} minutes"

    def tools(self) -> str:
        names = self.mcp.tool_names()
        agree({"contain_device", "revoke_sessions"} <= set(names), f"the tools are {names}")
        return f"{len(names)} tools, among them contain_device and revoke_sessions"

    def challenge(self) -> str:
        ended = self.people.report(self.mcp, ALICE, "Login from a new country at 03:12 UTC")
        agree(ended["status"] == "incident_reported", f"the challenge ended as {ended['status']}")
        asked = len(self.people.slack.acted("post"))
        agree(asked > 0, "Slack's ledger shows no message")
        return f"{ALICE} was asked in Slack and pressed \"It was not me\": {ended['status']}"

    def secret(self) -> str:
        agent, approver = self.people.agent(self._command), self._person("admin")
        refused = agent.tool("read-secret", name=SECRET, reason="the database of the breached account has to be closed")
        agree(refused.is_error, "the secret was read without anybody's approval")
        approval = refused.error["candidates"][0]["approvalId"]
        self.people.approve(approval, approver["email"])
        read = eventually(lambda: self._read(agent), "the approval counts")
        value = self.people.open(agent, read.order["reference"])
        kept = self.people.vault.state()["secrets"]
        agree(value in json.dumps(kept), "the value is not the one that Vault keeps")
        agree(value not in json.dumps([refused.raw, read.raw]), "the model saw the value")
        return f"an agent asked for {SECRET}; {approver['email']} approved it in Slack; the value came from Vault, by reference"

    @staticmethod
    def _read(agent: Modern) -> ToolResult | None:
        read = agent.tool("read-secret", name=SECRET)
        return None if read.is_error else read

    def _person(self, role: str) -> dict:
        return next(user for user in self.ready["users"] if user["role"] == role)

    def dry_run(self) -> str:
        before = self._orders()
        result = self._contain("network_contain", "hostname", ALICE_MAC, dry_run=True)
        found = [f"{target['hostname']} ({target['serial_number']})" for target in result.targets]
        agree(result.order["status"] == "resolved", f"the status is {result.order['status']}")
        agree(self._orders() == before, "a dry run acted at a provider")
        reads = len([row for row in self.falcon.ledger() if row["verb"] == "read"])
        return f"found {', '.join(found)} at CrowdStrike; its ledger: {reads} reads, no order"

    def contain(self) -> str:
        result = self._contain("network_contain", "hostname", ALICE_MAC)
        serial = result.targets[0]["serial_number"]
        agree(result.order["status"] == "completed", f"the status is {result.order['status']}")
        agree(hosts(self.falcon)[serial]["status"] == "contained", "CrowdStrike does not show it contained")
        orders = self._acted(self.falcon, "contain", result)
        return f"{ALICE_MAC} is cut off the network; CrowdStrike's ledger: {orders} order, status contained"

    def lock(self) -> str:
        result = self._contain("lock_device", "hostname", ALICE_MAC)
        mac, metadata = computers(self.jamf)[ALICE_MAC], result.targets[0]["result_metadata"]
        agree(result.order["status"] == "completed", f"the status is {result.order['status']}")
        agree(mac["locks"] == 1, f"Jamf locked it {mac['locks']} times")
        agree(mac["pins"][0] not in json.dumps(result.raw), "the PIN is in the answer")
        orders = self._acted(self.jamf, "lock", result)
        return f"{ALICE_MAC} is locked; Jamf's ledger: {orders} lock; its PIN stays sealed ({metadata['lock_pin_ref']})"

    def by_email(self) -> str:
        result = self._contain("network_contain", "user_email", ERIN)
        target = result.targets[0]
        agree(result.order["status"] == "completed", f"the status is {result.order['status']}")
        agree(hosts(self.falcon)[target["serial_number"]]["status"] == "contained", "CrowdStrike shows another state")
        self._acted(self.falcon, "contain", result)
        way = ", then ".join(f"{step['connector']} by {step['lookup_type']}" for step in target["resolved_by"])
        return f"{ERIN} owns {target['hostname']} ({way}): contained"

    def release(self) -> str:
        result = self._contain("release_containment", "hostname", ALICE_MAC)
        serial = result.targets[0]["serial_number"]
        agree(result.order["status"] == "completed", f"the status is {result.order['status']}")
        agree(hosts(self.falcon)[serial]["status"] == "normal", "CrowdStrike does not show it released")
        orders = self._acted(self.falcon, "release", result)
        return f"{ALICE_MAC} is back on the network; CrowdStrike's ledger: {orders} release, status normal"

    def sessions(self) -> str:
        before = accounts(self.okta)[ALICE]["sessions"]
        result = self.mcp.tool("revoke_sessions", username=ALICE, reason=REASON)
        after = accounts(self.okta)[ALICE]["sessions"]
        agree(result.order["status"] == "completed", f"the status is {result.order['status']}")
        agree(after == 0 and before > 0, f"Okta shows {after} sessions")
        orders = len(self.okta.acted("revoke", result.targets[0]["provider_user_id"]))
        agree(orders == 1, f"Okta's ledger shows {orders} revocations")
        return f"{ALICE} had {before} sessions at Okta and has {after}; Okta's ledger: {orders} revocation"

    def usage(self) -> str:
        units = self._command("usage")["units"]
        orders = len({row["request_id"] for row in self._requests() if not row["dry_run"]})
        agree(units == orders, f"{units} units for {orders} orders")
        return f"{units} units for {orders} orders; the dry run is free"

    def audit(self) -> str:
        chains = self._command("audit", "verify")
        agree(all(chain["verifies"] for chain in chains), "a chain does not verify")
        told = json.dumps(self._command("audit", "tail", "-n", "10000"))
        missing = [row["request_id"] for row in self._requests() if row["request_id"] not in told]
        agree(not missing, f"not in the trail: {missing}")
        records = sum(chain["records"] for chain in chains)
        return f"{records} records in {len(chains)} hash chains, all verify; every request is in them"

    def _contain(self, action: str, lookup_type: str, value: str, **more) -> ToolResult:
        result = self.mcp.contain(action, lookup_type, value, reason=REASON, **more)
        if not result.is_error and result.order["status"] == "pending":
            eventually(lambda: self._order(result)["status"] != "pending", "the order is final", 60)
            return ToolResult(False, self._order(result), result.raw)
        return result

    def _order(self, result: ToolResult) -> dict:
        return self.mcp.tool("get_containment_request", request_id=result.order["request_id"]).order

    def _acted(self, provider: Provider, verb: str, result: ToolResult) -> int:
        """Orders that the ledger shows for exactly these targets; one each is what was asked for."""
        counts = {target["provider_device_id"]: len(provider.acted(verb, target["provider_device_id"]))
                  for target in result.targets}
        agree(set(counts.values()) == {1}, f"the ledger shows {counts}")
        return sum(counts.values())

    def _orders(self) -> int:
        return sum(len(provider.acted()) for provider in (self.jamf, self.falcon, self.okta))

    def _requests(self) -> list[dict]:
        return [row for kind in ("containment", "revocation")
                for row in self._command("request", "list", "--kind", kind, "-n", "1000")["requests"]]

    def _command(self, *words: str):
        done = run("--json", "-c", self.ready["config"], *words)
        agree(done.returncode == 0, f"quell {' '.join(words)}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)
