// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// The official TypeScript SDK clients against a host with the plugin mcp-fixtures: the v1 line, and the v2 line in the older era,
// choosing by itself, and pinned to 2026-07-28. All between is the SDK's work. JSON on standard input: url, token, client;
// on standard output what was seen.

import { readFileSync } from "node:fs";
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema, ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";

const given = JSON.parse(readFileSync(0, "utf8"));
const answer = { action: "accept", content: { name: "Ada" } };
const seen = { changed: 0, progress: [] };
const info = { name: "referee", version: "1" };
const capabilities = { elicitation: {} };
const MODES = { "v2-legacy": "legacy", "v2-auto": "auto", "v2-pinned": { pin: "2026-07-28" } };

function makeV1() {
  const client = new ClientV1(info, { capabilities });
  client.setRequestHandler(ElicitRequestSchema, async () => answer);
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => void seen.changed++);
  return [client, TransportV1];
}

function makeV2(mode) {
  const client = new ClientV2(info, { capabilities, versionNegotiation: { mode } });
  client.setRequestHandler("elicitation/create", async () => answer);
  client.setNotificationHandler("notifications/tools/list_changed", () => void seen.changed++);
  return [client, TransportV2];
}

const [client, Transport] = given.client === "v1" ? makeV1() : makeV2(MODES[given.client]);
const transport = new Transport(new URL(given.url), { requestInit: { headers: { Authorization: `Bearer ${given.token}` } } });
await client.connect(transport);
const isModern = given.client === "v2-pinned" || client.getNegotiatedProtocolVersion?.() === "2026-07-28";
seen.modern = isModern;

const call = (name, options) =>
  given.client === "v1"
    ? client.callTool({ name, arguments: {} }, undefined, options)
    : client.callTool({ name, arguments: {} }, options);
const text = (result) => result.content[0].text;

seen.tools = (await client.listTools()).tools.map((tool) => tool.name);
seen.text = text(await call("test_simple_text"));
await call("test_tool_with_progress", { onprogress: (p) => seen.progress.push(p.progress) });
seen.elicited = text(await call("test_input_required_result_elicitation"));
seen.rounds = text(await call("test_input_required_result_request_state").catch((e) => ({ content: [{ text: String(e) }] })));
seen.resource = (await client.readResource({ uri: "test://static-text" })).contents[0].text;
seen.prompt = (await client.getPrompt({ name: "test_simple_prompt" })).messages.length;

if (isModern) await client.listen({ toolsListChanged: true });
for (let i = 0; i < 50 && seen.changed === 0; i++) {
  if (i % 10 === 0) await call("test_trigger_tool_change"); // the older era's stream may not be open yet
  await new Promise((resolve) => setTimeout(resolve, 100));
}
await transport.terminateSession?.();
await client.close();
console.log(JSON.stringify(seen));
process.exit(0);
