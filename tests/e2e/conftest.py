# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Fixtures: the running installations that the stories share, and fresh ones for stories that break theirs."""

import shutil
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))
sys.dont_write_bytecode = True

from rig import world  # noqa: E402
from rig.chromium import IS_HERE, Chromium  # noqa: E402
from rig.certificates import self_signed  # noqa: E402
from rig.installation import REDIRECT, Installation  # noqa: E402
from rig.quell_process import binary, scratch_folder  # noqa: E402
from rig.simulators import Simulators  # noqa: E402
from rig.wire_schema import check_message  # noqa: E402

MODES = ("process", "in_process")


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes more than ten seconds")
    if not binary().exists():
        pytest.exit(f"{binary()} does not exist: run script/build, or set QUELL_BINARY", returncode=1)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure shows the end of the log of every installation that the test used."""
    report = (yield).get_result()
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, Installation) and value.host:
                report.sections.append((f"log of {name}", value.log[-3000:]))


@pytest.fixture(scope="session")
def simulators():
    folder = scratch_folder("quell-e2e-")
    process = Simulators(folder)
    yield process.providers
    process.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def seeded_world(request):
    """Every test that touches a simulator starts with the seed, an empty ledger and no faults."""
    if {"simulators", "quell", "door", "fresh"} & set(request.fixturenames):
        for provider in request.getfixturevalue("simulators").values():
            provider.reset()


@pytest.fixture
def jamf(simulators):
    return simulators["jamf"]


@pytest.fixture
def crowdstrike(simulators):
    return simulators["crowdstrike"]


@pytest.fixture
def okta(simulators):
    return simulators["okta"]


@pytest.fixture(scope="session")
def standing(simulators):
    """One running installation for each isolation mode, started when first asked for."""
    running: dict[str, Installation] = {}

    def of(mode: str) -> Installation:
        if mode not in running:
            made = world.build(scratch_folder("quell-e2e-"), simulators, mode, check_message)
            world.add_neighbours(made)
            made.configuration.write()
            running[mode] = made
            made.start()
        return running[mode]

    yield of
    for installation in running.values():
        installation.end()
        shutil.rmtree(installation.configuration.folder, ignore_errors=True)


@pytest.fixture(params=MODES)
def quell(request, standing) -> Installation:
    """The shared installation, in both isolation modes: for stories in which plugins take part."""
    return standing(request.param)


@pytest.fixture
def door(standing) -> Installation:
    """The shared installation in the default mode: for stories that end before a plugin."""
    return standing("process")


@pytest.fixture
def fresh(simulators):
    """Makes installations of the test's own; `change` may alter the settings before they are written."""
    made: list[Installation] = []

    def make(isolation: str = "process", change=None, start: bool = True) -> Installation:
        installation = world.build(scratch_folder("quell-e2e-"), simulators, isolation, check_message)
        made.append(installation)
        if change:
            change(installation.configuration)
        installation.configuration.write()
        return installation.start() if start else installation

    yield make
    for installation in made:
        installation.end()
        shutil.rmtree(installation.configuration.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def installation_with(simulators):
    """Makes a running installation of the module's own, with these tables of [oauth]."""
    made: list[Installation] = []

    def make(oauth: dict[str, dict]) -> Installation:
        installation = world.build(scratch_folder("quell-e2e-"), simulators, "process", check_message)
        made.append(installation)
        installation.configuration.oauth = oauth
        installation.configuration.write()
        return installation.start()

    yield make
    for installation in made:
        installation.end()
        shutil.rmtree(installation.configuration.folder, ignore_errors=True)


# ---- people and their clients in the shared installation


@pytest.fixture(scope="session")
def people(standing):
    door = standing("process")
    return {role: door.user(f"{role}@acme.example", role) for role in ("owner", "admin", "analyst", "viewer")}


@pytest.fixture
def analyst(people):
    return people["analyst"]


@pytest.fixture(scope="session")
def desktop(standing):
    """A public client on the person's own machine."""
    return standing("process").client(public=True, name="Desktop client", redirects=[REDIRECT])


@pytest.fixture(scope="session")
def web_client(standing):
    """A confidential client with an https redirect."""
    return standing("process").client(name="Web client", redirects=["https://client.example/callback"])


@pytest.fixture
def tls_files():
    folder = scratch_folder("quell-tls-")
    yield self_signed(folder)
    shutil.rmtree(folder)


# ---- a real browser


@pytest.fixture(scope="session")
def chromium():
    if not IS_HERE:
        pytest.skip("no Chromium here: run script/bootstrap --test")
    engine = Chromium()
    yield engine
    engine.stop()


@pytest.fixture
def person(chromium):
    """Someone at a browser of their own."""
    someone = chromium.person()
    yield someone
    someone.leave()
