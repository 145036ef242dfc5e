# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The control server of one simulator: what tests order and read. README.md is its manual."""

import secrets

from faults import BadFault, parse_fault
from provider import BadSetting, Provider
from tokens import Client
from wire import Answer, BadBody, Request, parse_json


class Control:
    def __init__(self, provider: Provider):
        self._provider = provider
        self._actions = {
            ("GET", "/ledger"): self._ledger,
            ("GET", "/state"): self._state,
            ("GET", "/faults"): self._faults,
            ("POST", "/faults"): self._add_faults,
            ("DELETE", "/faults"): self._clear_faults,
            ("GET", "/settings"): self._settings,
            ("POST", "/settings"): self._change_settings,
            ("POST", "/reset"): self._reset,
            ("POST", "/clients"): self._add_client,
            ("DELETE", "/tokens"): self._drop_tokens,
            **provider.actions(),
        }

    def serve(self, request: Request) -> Answer:
        action = self._actions.get((request.method, request.raw_path))
        if action is None:
            return Answer.of_json(404, {"error": "no such control endpoint"})
        try:
            return Answer.of_json(200, action(request))
        except (BadBody, BadFault, BadSetting) as error:
            return Answer.of_json(400, {"error": str(error)})

    def _ledger(self, _request: Request):
        with self._provider.lock:
            return list(self._provider.ledger)

    def _state(self, _request: Request):
        return self._provider.state()

    def _faults(self, _request: Request):
        with self._provider.lock:
            return self._provider.faults.view()

    def _add_faults(self, request: Request):
        ordered = parse_json(request.body)
        faults = [parse_fault(item) for item in (
            ordered if isinstance(ordered, list) else [ordered])]
        with self._provider.lock:
            self._provider.faults.add(faults)
            return self._provider.faults.view()

    def _clear_faults(self, _request: Request):
        with self._provider.lock:
            self._provider.faults.clear()
        return []

    def _settings(self, _request: Request):
        with self._provider.lock:
            return dict(self._provider.settings)

    def _change_settings(self, request: Request):
        changes = parse_json(request.body)
        if not isinstance(changes, dict):
            raise BadSetting("an object of settings is expected")
        return self._provider.change_settings(changes)

    def _reset(self, _request: Request):
        self._provider.reset()
        return {}

    def _add_client(self, request: Request):
        wanted = parse_json(request.body)
        if not isinstance(wanted, dict) or set(wanted) - {"client_id", "jwk"}:
            raise BadSetting("an object with client_id and jwk at most is expected")
        client_id = wanted.get("client_id", "client-" + secrets.token_hex(8))
        if not isinstance(client_id, str) or not isinstance(wanted.get("jwk", {}), dict):
            raise BadSetting("client_id is a text and jwk an object")
        secret = None if "jwk" in wanted else secrets.token_urlsafe(24)
        self._provider.add_client(Client(client_id, secret, wanted.get("jwk")))
        return {"client_id": client_id, "client_secret": secret}

    def _drop_tokens(self, _request: Request):
        with self._provider.lock:
            self._provider.tokens.drop_all()
        return {}
