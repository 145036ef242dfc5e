# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A browser as far as login and consent need one: cookies, links, forms. It follows redirects of its own host only."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from rig.web import Reply, Web

REDIRECTS = (301, 302, 303, 307, 308)


@dataclass
class Form:
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def values(self) -> dict[str, str]:
        return dict(self.fields)


class Page(HTMLParser):
    """A page's forms and its visible text."""

    def __init__(self, reply: Reply):
        super().__init__()
        self.reply = reply
        self.forms: list[Form] = []
        self.words: list[str] = []
        self.tags: list[str] = []
        self.feed(reply.text)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def form(self) -> Form:
        assert len(self.forms) == 1, f"{len(self.forms)} forms: {self.text}"
        return self.forms[0]

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get").lower()))
        elif tag in ("input", "button") and self.forms and values.get("name"):
            self._add_field(tag, values)

    def _add_field(self, tag: str, values: dict[str, str]) -> None:
        entry = (values["name"], values.get("value", ""))
        if tag == "button":
            self.forms[-1].buttons.append(entry)
        elif values.get("type") not in ("radio", "checkbox") or "checked" in values:
            self.forms[-1].fields.append(entry)

    def handle_data(self, data):
        self.words.append(data)


class Browser:
    """Keeps cookies for one origin, as a user agent of one person."""

    def __init__(self, origin: str, web: Web | None = None):
        self.origin = origin
        self.web = web or Web()
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []  # every Set-Cookie seen, whole

    def send(self, method: str, url: str, fields: dict | list | None = None) -> Reply:
        """One request without following; the cookies of the answer are kept."""
        headers = {"Accept": "text/html"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = self.origin
        reply = self.web.send(method, urljoin(self.origin, url), headers, body)
        self._keep_cookies(reply)
        return reply

    def open(self, url: str) -> Reply:
        return self.follow(self.send("GET", url))

    def submit(self, page: Page, fields: dict[str, str] | None = None,
               button: tuple[str, str] | None = None) -> Reply:
        """Sends the page's only form, its fields replaced by those given; follows within the origin."""
        form = page.form
        values = {**form.values(), **(fields or {})}
        if button:
            assert button in form.buttons, f"no such button: {form.buttons}"
            values[button[0]] = button[1]
        target = urljoin(page.reply.url, form.action)
        return self.follow(self.send(form.method.upper(), target, values))

    def follow(self, reply: Reply) -> Reply:
        """Goes along redirects that stay here; the redirect to the client is given back as it is."""
        for _ in range(10):
            location = reply.header("Location")
            if reply.status not in REDIRECTS or not location:
                return reply
            target = urljoin(reply.url, location)
            if not self._is_here(target):
                return reply
            reply = self.send("GET", target)
        raise AssertionError("redirected in circles")

    def _is_here(self, url: str) -> bool:
        here, there = urlsplit(self.origin), urlsplit(url)
        return (here.scheme, here.netloc) == (there.scheme, there.netloc)

    def _keep_cookies(self, reply: Reply) -> None:
        for line in reply.all("Set-Cookie"):
            self.set_cookies.append(line)
            pair, *attributes = line.split(";")
            name, _, value = pair.strip().partition("=")
            if any(a.strip().lower() == "max-age=0" for a in attributes):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
