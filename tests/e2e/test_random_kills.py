# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""kill -9 at random moments under load: what was answered is there, and nobody was acted upon twice.

QUELL_KILLS is the number of kills over both isolation modes (20), QUELL_SEED repeats a run's moments.
"""

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from rig.deadline import eventually
from rig.load import CUT, Load
from rig.installation import Installation
from rig.mcp_client import McpClient
from rig.world import ALICE, ALICE_MAC, BOB, BOB_WIN, FRANK, accounts, computers, hosts

MODES = ("process", "in_process")
KILLS = int(os.environ.get("QUELL_KILLS", "20"))
SEED = os.environ.get("QUELL_SEED", str(random.randrange(1 << 32)))
KILLS_A_ROUND = 2  # the second one meets what the first one left
LATEST = 2.0  # seconds from the first order to the kill; most orders are through by then
# Each device and account is ordered once a round, so the provider may act once.
ORDERS = {
    "contain-alice": ("contain_device", {"action": "network_contain", "lookup": ("hostname", ALICE_MAC)}),
    "contain-bob": ("contain_device", {"action": "network_contain", "lookup": ("hostname", BOB_WIN)}),
    "contain-frank": ("contain_device", {"action": "network_contain", "lookup": ("user_email", FRANK)}),
    "contain-erin": ("contain_device", {"action": "network_contain", "lookup": ("hostname", "erin-mac.corp.example")}),
    "lock-alice": ("contain_device", {"action": "lock_device", "lookup": ("hostname", ALICE_MAC)}),
    "lock-frank": ("contain_device", {"action": "lock_device", "lookup": ("user_email", FRANK)}),
    "revoke-alice": ("revoke_sessions", {"username": ALICE}),
    "revoke-bob": ("revoke_sessions", {"username": BOB}),
}


@dataclass
class Round:
    """The orders of one round: those that were answered, by the key they were given under."""

    quell: Installation
    number: int
    answered: dict[str, dict] = field(default_factory=dict)

    def order(self, client: McpClient, name: str) -> dict:
        tool, arguments = ORDERS[name]
        arguments = dict(arguments, idempotency_key=f"{self.number}-{name}")
        if "lookup" in arguments:
            kind, value = arguments["lookup"]
            arguments["lookup"] = {"lookup_type": kind, "value": value}
        return client.tool(tool, **arguments).order

    def start(self, client: McpClient, name: str, delay: float) -> threading.Thread:
        def run():
            threading.Event().wait(delay)
            try:
                self.answered[name] = self.order(client, name)
            except CUT:
                pass  # not answered: the host died under it, or was gone already

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def until_killed(self, random_moment: random.Random) -> None:
        moment = random_moment.uniform(0, LATEST)
        looking = self.quell.mcp()
        client = self.quell.mcp()  # its token is there before the load
        with Load(lambda _: looking.contain("network_contain", "hostname", BOB_WIN, dry_run=True), may_be_cut=True):
            threads = [self.start(client, name, random_moment.uniform(0, LATEST / 2)) for name in ORDERS]
            threading.Event().wait(moment)
            self.quell.host.kill()
            for thread in threads:
                thread.join()

    def outcomes(self) -> dict[str, dict]:
        """What became of the orders, given again under their keys: the same request, or the first that got through."""
        client = self.quell.mcp()

        def settled(name: str) -> dict:
            def final():
                order = self.order(client, name)
                return order if order["status"] != "pending" else None

            return eventually(final, f"{name} is settled", 90)

        with ThreadPoolExecutor(len(ORDERS)) as pool:
            return dict(zip(ORDERS, pool.map(settled, ORDERS)))


def quick(providers) -> None:
    """Providers that act at once, so that a round is short."""
    for provider in providers.values():
        provider.reset()
    providers["crowdstrike"].settings(contain_delay_s=0.05)
    providers["jamf"].settings(command_delay_s=0.05)


def check_nobody_was_acted_upon_twice(providers, why: str) -> None:
    for host in hosts(providers["crowdstrike"]).values():
        assert host["orders"]["contain"] <= 1, f"{host['hostname']} contained twice; {why}"
    for name, computer in computers(providers["jamf"]).items():
        assert computer["locks"] <= 1, f"{name} locked twice; {why}"


def check_what_was_answered(kill: Round, outcomes: dict[str, dict], why: str) -> None:
    for name, order in kill.answered.items():
        now = outcomes[name]
        assert now["request_id"] == order["request_id"], f"{name} was answered and is gone; {why}"
        if order["status"] != "pending":
            assert now == order, f"{name} was final and changed; {why}"


def check_the_answers_are_true(providers, outcomes: dict[str, dict], why: str) -> None:
    """Containing may be repeated and read back, so it always ends well. A lock is never repeated, and the end of
    sessions cannot be read back: those may end as unknown, or failed, but a success must be one."""
    for name, order in outcomes.items():
        allowed = {"completed"} if name.startswith("contain") else {"completed", "unknown", "failed", "partial"}
        assert order["status"] in allowed, f"{name}: {order}; {why}"
    if outcomes["lock-alice"]["status"] == "completed":
        assert computers(providers["jamf"])[ALICE_MAC]["locks"] == 1, why
    for login in (ALICE, BOB):
        if outcomes[f"revoke-{login.partition('@')[0]}"]["status"] == "completed":
            assert accounts(providers["okta"])[login]["sessions"] == 0, why


# DU-01
@pytest.mark.slow
@pytest.mark.parametrize("isolation", MODES)
def test_a_host_killed_at_random_moments_loses_nothing_and_repeats_nothing(fresh, simulators, isolation):
    chance = random.Random(f"{SEED}-{isolation}")
    quell = fresh(isolation)
    answered = 0
    for number in range(max(1, KILLS // len(MODES) // KILLS_A_ROUND)):
        why = f"round {number} of QUELL_SEED={SEED}"
        quick(simulators)
        kill = Round(quell, number)
        for _ in range(KILLS_A_ROUND):
            kill.until_killed(chance)
            quell.start()

        outcomes = kill.outcomes()

        answered += len(kill.answered)
        check_what_was_answered(kill, outcomes, why)
        check_nobody_was_acted_upon_twice(simulators, why)
        check_the_answers_are_true(simulators, outcomes, why)
    print(f"QUELL_SEED={SEED} {isolation}: {answered} orders were answered before their kill")
    assert all(row["verifies"] for row in quell.quell("audit", "verify"))
