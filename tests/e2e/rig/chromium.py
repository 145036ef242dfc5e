# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A real browser: Debian's Chromium, driven by tests/referees/real_browser.mjs.

A page of ours is tried with: open or press to get there, `violations()` for accessibility, `complaints()` for what the
console said (nothing, under our policy), `framed(url)` for what a page of another origin can show of it.
"""

import itertools
import json
import shutil
import subprocess
from dataclasses import dataclass

from rig.quell_process import REPOSITORY

REFEREES = REPOSITORY / "tests/referees"
NODE = REFEREES / "node_modules/node/bin/node"
PROGRAM = shutil.which("chromium")
IS_HERE = PROGRAM is not None and (REFEREES / "node_modules/playwright-core").exists()


@dataclass
class Sight:
    """What the tab shows."""

    url: str
    title: str
    text: str
    status: int = 0


class Person:
    """Someone with a browser of their own: no cookie of anyone else. Page scripts run unless `scripts` is off."""

    def __init__(self, chromium: "Chromium", number: int, scripts: bool):
        self._chromium = chromium
        self._number = number
        self._do("arrive", scripts=scripts)

    def open(self, url: str) -> Sight:
        return Sight(**self._do("open", url=url))

    def fill(self, label: str, value: str) -> None:
        """Into the field that the label names, as assistive technology finds it."""
        self._do("fill", label=label, value=value)

    def choose(self, label: str) -> None:
        """A radio button or check box."""
        self._do("choose", label=label)

    def press(self, name: str) -> Sight:
        """The button of that name; what comes after it."""
        return Sight(**self._do("press", name=name))

    def see(self) -> Sight:
        return Sight(**self._do("see"))

    def framed(self, url: str) -> Sight:
        """What a frame shows in a page of another origin."""
        return Sight(title="", **self._do("framed", url=url))

    def violations(self) -> list[dict]:
        """What axe finds wrong with the page at hand, in the light and in the dark scheme."""
        return self._do("accessibility")["violations"]

    def cookies(self) -> list[dict]:
        return self._do("cookies")["cookies"]

    def complaints(self) -> list[str]:
        """All errors and warnings of the console so far."""
        return self._do("complained")["complaints"]

    def leave(self) -> None:
        self._do("leave")

    def sign_in(self, user: dict) -> Sight:
        self.fill("E-mail", user["email"])
        self.fill("Password", user["password"])
        return self.press("Sign in")

    def _do(self, command: str, **given) -> dict:
        return self._chromium.ask({"person": self._number, "command": command, **given})


class Chromium:
    """Owns the browser process. `site` is the origin that stands for clients and for foreign pages."""

    def __init__(self):
        self._process = subprocess.Popen([NODE, REFEREES / "real_browser.mjs", PROGRAM], text=True,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._numbers = itertools.count()
        self.site = self._answer()["origin"]

    def person(self, scripts: bool = True) -> Person:
        return Person(self, next(self._numbers), scripts)

    def ask(self, question: dict) -> dict:
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def stop(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def _answer(self) -> dict:
        line = self._process.stdout.readline()
        assert line, f"the browser is gone: exit {self._process.wait(timeout=30)}"
        answer = json.loads(line)
        assert "problem" not in answer, answer["problem"]
        return answer
