// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// The official TypeScript SDK client against a running host. It knows the URL, a registered client id and a person's
// login (JSON on standard input), and tells on standard output what it found. Everything between is the SDK's work:
// discovery, authorize URL, token, refresh, initialize, list, call, checking results against outputSchema.

import { readFileSync } from "node:fs";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { Browser } from "./browser.mjs";

// What the SDK asks its host program to keep. A client registered beforehand: nothing is registered here.
class KeptInMemory {
  constructor(given) {
    this.given = given;
    this.authorizeUrl = undefined;
  }
  get redirectUrl() {
    return this.given.redirect_uri;
  }
  get clientMetadata() {
    return { client_name: "referee", redirect_uris: [this.given.redirect_uri] };
  }
  clientInformation() {
    return { client_id: this.given.client_id, issuer: new URL(this.given.url).origin };
  }
  tokens() {
    return this.kept;
  }
  saveTokens(tokens) {
    this.kept = tokens;
  }
  redirectToAuthorization(url) {
    this.authorizeUrl = url;
  }
  saveCodeVerifier(verifier) {
    this.verifier = verifier;
  }
  codeVerifier() {
    return this.verifier;
  }
}

async function connect(given, provider) {
  const client = new Client({ name: "referee", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(given.url), { authProvider: provider });
  await client.connect(transport);
  return client;
}

// Without a token the SDK finds the authorize URL by itself and stops; the person goes there; the code comes back.
async function logIn(given, provider) {
  const transport = new StreamableHTTPClientTransport(new URL(given.url), { authProvider: provider });
  try {
    await new Client({ name: "referee", version: "1" }).connect(transport);
    throw new Error("connected without a token");
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
  }
  const answer = await new Browser(given).allow(provider.authorizeUrl);
  await transport.finishAuth(answer.get("code"));
}

async function contain(client, given, dryRun) {
  const result = await client.callTool({
    name: "contain_device",
    arguments: {
      action: "network_contain",
      lookup: { lookup_type: "hostname", value: given.hostname },
      integration_targets: ["crowdstrike"],
      dry_run: dryRun,
    },
  });
  if (result.isError) throw new Error(JSON.stringify(result.structuredContent));
  return result.structuredContent;
}

// An access token that is not taken any more: the SDK has to come back with the refresh token.
async function survivesExpiry(client, provider) {
  const old = provider.kept.access_token;
  provider.kept = { ...provider.kept, access_token: "expired" };
  await client.listTools();
  return provider.kept.access_token !== "expired" && provider.kept.access_token !== old;
}

const given = JSON.parse(readFileSync(0, "utf8"));
const provider = new KeptInMemory(given);
await logIn(given, provider);
const client = await connect(given, provider);
const tools = (await client.listTools()).tools.map((tool) => tool.name);
const dry = await contain(client, given, true);
const contained = await contain(client, given, false);
const refreshed = await survivesExpiry(client, provider);
await client.close();
console.log(JSON.stringify({ server: client.getServerVersion(), tools, dry_run: dry, contained, refreshed }));
