// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// Debian's Chromium, told what to do: a command a line on standard input, an answer a line on standard output.
// tests/e2e/rig/chromium.py speaks it. A site of another origin (the first line tells it) stands for a client
// that people are sent back to, and for a page that frames ours.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const PATIENCE = 15_000; // milliseconds for any one step

// One person's browser: cookies, one tab, and everything that the console complained of.
class Person {
  static async arrive(engine, { scripts = true }) {
    const context = await engine.newContext({ javaScriptEnabled: scripts, ignoreHTTPSErrors: true });
    context.setDefaultTimeout(PATIENCE);
    // Not as a script of the page: its policy would rightly refuse that.
    if (scripts) await context.addInitScript({ path: AXE });
    return new Person(context, await context.newPage());
  }

  constructor(context, page) {
    this.context = context;
    this.page = page;
    this.complaints = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()) && !isOwnStatus(message)) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
  }

  async open({ url }) {
    const answer = await this.page.goto(url);
    return { ...(await this.see()), status: answer.status() };
  }

  async fill({ label, value }) {
    await this.page.getByLabel(label, { exact: true }).fill(value);
    return {};
  }

  async choose({ label }) {
    await this.page.getByLabel(label).check();
    return {};
  }

  // Presses a button and waits for the page it leads to.
  async press({ name }) {
    const button = this.page.getByRole("button", { name, exact: true });
    const [answer] = await Promise.all([this.page.waitForNavigation(), button.click()]);
    return { ...(await this.see()), status: answer.status() };
  }

  async see() {
    return { url: this.page.url(), title: await this.page.title(), text: await this.page.innerText("body") };
  }

  // What the frame of a page of another origin shows of the URL.
  async framed({ url }, site) {
    await this.page.goto(`${site}/framing?url=${encodeURIComponent(url)}`);
    const [, frame] = this.page.frames();
    return { url: frame.url(), text: await frame.innerText("body") };
  }

  // WCAG 2 A and AA and axe's best practices, in both colour schemes.
  async accessibility() {
    const found = [];
    for (const colorScheme of ["light", "dark"]) {
      await this.page.emulateMedia({ colorScheme });
      const { violations } = await this.page.evaluate(() => globalThis.axe.run());
      for (const { id, help, nodes } of violations) {
        found.push({ scheme: colorScheme, id, help, where: nodes.map((node) => node.html) });
      }
    }
    return { violations: found };
  }

  async cookies() {
    return { cookies: await this.context.cookies() };
  }

  async complained() {
    return { complaints: this.complaints };
  }

  async leave() {
    await this.context.close();
    return {};
  }
}

// That a page is an error page is no fault of the page.
function isOwnStatus(message) {
  return message.text().startsWith("Failed to load resource") && message.location().url === message.page()?.url();
}

function otherSite() {
  const server = createServer((request, response) => {
    const asked = new URL(request.url, "http://site");
    const framed = asked.searchParams.get("url")?.replaceAll('"', "%22");
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(
      asked.pathname === "/framing"
        ? `<!DOCTYPE html><title>Framing</title><iframe src="${framed}"></iframe>`
        : "<!DOCTYPE html><title>Client</title><p>Back at the client",
    );
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

async function main() {
  const site = await otherSite();
  const origin = `http://127.0.0.1:${site.address().port}`;
  const engine = await chromium.launch({ executablePath: process.argv[2], chromiumSandbox: false });
  const people = new Map();
  const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

  say({ origin });
  for await (const line of createInterface({ input: process.stdin })) {
    const { person, command, ...given } = JSON.parse(line);
    try {
      if (command === "arrive") people.set(person, await Person.arrive(engine, given));
      say(command === "arrive" ? {} : await people.get(person)[command](given, origin));
    } catch (problem) {
      say({ problem: String(problem) });
    }
  }
  await engine.close();
  site.close();
}

await main();
