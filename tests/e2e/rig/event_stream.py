# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""An answer in text/event-stream, read event by event."""

import json
from dataclasses import dataclass, field
from typing import Iterator

from rig.mcp_client import McpClient
from rig.web import Web


@dataclass
class Event:
    data: str = ""
    id: str | None = None
    retry: int | None = None

    @property
    def message(self) -> dict:
        return json.loads(self.data)


@dataclass
class EventStream:
    """One request and its stream. `head` is the answer's; close() leaves before the end."""

    web: Web
    method: str
    url: str
    headers: dict[str, str]
    body: str | None = None
    seen: list[Event] = field(default_factory=list)

    def __post_init__(self):
        self._connection = self.web.connect(self.url)
        self._connection.request(self.method, "/mcp", self.body, self.headers)
        self.head = self._connection.getresponse()

    def __iter__(self) -> Iterator[Event]:
        event = Event()
        has_field = False
        while line := self.head.readline():
            text = line.decode().rstrip("\n")
            name, _, value = text.partition(": ")
            if text == "" and has_field:
                self.seen.append(event)
                yield event
                event, has_field = Event(), False
            elif name == "data":
                event.data, has_field = event.data + value, True
            elif name == "id":
                event.id, has_field = value, True
            elif name == "retry":
                event.retry, has_field = int(value), True

    def messages(self) -> Iterator[dict]:
        return (event.message for event in self if event.data)

    def next_message(self) -> dict:
        message = next(self.messages(), None)
        assert message is not None, f"the stream ended after {self.seen}"
        return message

    def close(self) -> None:
        self.head.close()
        self._connection.close()


def post(client: McpClient, method: str, params: dict, **headers: str) -> EventStream:
    """A request of this client, whose answer is a stream."""
    message = client.message(method, params)
    return EventStream(client.web, "POST", client.url, {**client.headers(method, message["params"]), **headers}, json.dumps(message))


def get(client: McpClient, last_event_id: str | None = None) -> EventStream:
    """The stream of a session, or one of its streams taken up again."""
    headers = {**client.headers("", {}), "Accept": "text/event-stream"}
    if last_event_id:
        headers["Last-Event-ID"] = last_event_id
    return EventStream(client.web, "GET", client.url, headers)
