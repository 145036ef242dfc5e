// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// A person at a browser, as far as the login and the consent page need one: cookies, redirects, one form a page.
export class Browser {
  constructor(person) {
    this.person = person;
    this.cookies = new Map();
  }

  // Opens the authorize URL, signs in, presses Allow; the parameters that the client's redirect gets.
  async allow(authorizeUrl) {
    let page = await this.open(authorizeUrl);
    page = await this.submit(page, { email: this.person.email, password: this.person.password });
    page = await this.submit(page, { decision: "allow" });
    if (!page.away) throw new Error(`no way back to the client: ${page.status} ${page.text}`);
    return new URL(page.away).searchParams;
  }

  async open(url, init = {}) {
    const response = await fetch(url, { ...init, redirect: "manual", headers: { cookie: this.cookieLine() } });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    const location = response.headers.get("location");
    if (!location) return { url, status: response.status, text: await response.text() };
    const target = new URL(location, url);
    return target.origin === new URL(url).origin ? this.open(target) : { url, away: target };
  }

  async submit(page, values) {
    const form = /<form[^>]*action="([^"]*)"/.exec(page.text ?? "");
    if (!form) throw new Error(`no form: ${page.status} ${page.text}`);
    const fields = new URLSearchParams();
    for (const [tag] of page.text.matchAll(/<input[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(tag)?.[1];
      const isChosen = !/type="radio"/.test(tag) || /\bchecked\b/.test(tag);
      if (name && isChosen) fields.set(name, decode(/value="([^"]*)"/.exec(tag)?.[1] ?? ""));
    }
    for (const [name, value] of Object.entries(values)) fields.set(name, value);
    return this.open(new URL(decode(form[1]), page.url), { method: "POST", body: fields });
  }

  cookieLine() {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  keep(line) {
    const [pair, ...attributes] = line.split(";");
    const at = pair.indexOf("=");
    const gone = attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute));
    if (gone) this.cookies.delete(pair.slice(0, at));
    else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

function decode(text) {
  const entities = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", "#39": "'" };
  return text.replace(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole);
}
