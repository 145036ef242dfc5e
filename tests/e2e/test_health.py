# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Is it alive, is it ready: what a supervisor asks."""

from rig.web import Web


def test_a_running_host_is_alive_and_ready(door):
    alive, ready = Web().get(f"{door.base_url}/healthz"), Web().get(f"{door.base_url}/readyz")

    assert alive.status == 200
    assert (ready.status, ready.json["ready"]) == (200, True)


def test_health_tells_nothing_about_the_inside(door):
    text = Web().get(f"{door.base_url}/readyz").text

    assert str(door.configuration.folder) not in text


def test_the_admin_listener_serves_health_and_metrics_and_nothing_else(fresh):
    quell = fresh(change=lambda configuration: configuration.with_admin())
    admin = quell.configuration.admin_url

    assert Web().get(f"{admin}/healthz").status == 200
    assert Web().get(f"{admin}/readyz").status == 200
    assert Web().get(f"{admin}/metrics").status == 200
    assert Web().send("POST", f"{admin}/mcp").status == 404
    assert Web().send("POST", f"{admin}/command").status == 404
    assert Web().get(f"{quell.base_url}/metrics").status == 404
