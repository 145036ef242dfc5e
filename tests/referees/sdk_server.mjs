// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// The official TypeScript SDK as a server with a tool of the same shape as ours, for tests/bench: nobody asks for a token.
//     node sdk_server.mjs v1-stateless | v1-stateful | v2-stateless | v2-stateful | v2-modern PORT
// Answers are JSON where the SDK lets it choose; tool lists hold eight tools.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

const [mode, port] = process.argv.slice(2);
const [line, kind] = mode.split("-");
const v1 = line === "v1";

const { McpServer } = await import(v1 ? "@modelcontextprotocol/sdk/server/mcp.js" : "@modelcontextprotocol/server");
const { z } = await import("zod");

const inputSchema = {
  action: z.enum(["network_contain", "lock_device", "release_containment"]),
  lookup: z.object({ lookup_type: z.enum(["user_email", "hostname", "serial_number", "provider_device_id"]), value: z.string() }),
  integration_targets: z.array(z.string()).optional(),
  dry_run: z.boolean().optional(),
  reason: z.string().max(1000).optional(),
  idempotency_key: z.string().max(128).optional(),
};

function answer({ action, lookup, reason }) {
  const found = {
    request_id: randomUUID(), status: "resolved", action, dry_run: true, lookup, reason, created_at: new Date().toISOString(),
    integrations: [{ integration: "memory", status: "resolved", error: null, devices: [
      { provider_device_id: "m-1", hostname: lookup.value, serial_number: "C02", state: "resolved", changed: null, error: null }] }],
  };
  return { content: [{ type: "text", text: JSON.stringify(found) }], structuredContent: found };
}

function makeServer() {
  const server = new McpServer({ name: "reference", version: "1.0.0" });
  for (let number = 0; number < 8; ++number) {
    const name = number === 0 ? "contain_device" : `contain_device_${number}`;
    const description = "Isolate or lock the devices that a look-up finds; a dry run says which. ".repeat(4);
    server.registerTool(name, { description, inputSchema: v1 ? inputSchema : z.object(inputSchema) }, answer);
  }
  return server;
}

async function transports() {
  const module = await import(v1 ? "@modelcontextprotocol/sdk/server/streamableHttp.js" : "@modelcontextprotocol/node");
  return v1 ? module.StreamableHTTPServerTransport : module.NodeStreamableHTTPServerTransport;
}

// A server and a transport for each request.
async function stateless() {
  const Transport = await transports();
  return async (request, response) => {
    const transport = new Transport({ sessionIdGenerator: undefined, enableJsonResponse: true });
    const server = makeServer();
    response.on("close", () => server.close());
    await server.connect(transport);
    await transport.handleRequest(request, response);
  };
}

// A server and a transport for each session.
async function stateful() {
  const Transport = await transports();
  const sessions = new Map();
  return async (request, response) => {
    let transport = sessions.get(request.headers["mcp-session-id"]);
    if (!transport) {
      transport = new Transport({
        sessionIdGenerator: randomUUID, enableJsonResponse: true, onsessioninitialized: (id) => sessions.set(id, transport),
      });
      await makeServer().connect(transport);
    }
    await transport.handleRequest(request, response);
  };
}

async function modern() {
  const { createMcpHandler } = await import("@modelcontextprotocol/server");
  const { toNodeHandler } = await import("@modelcontextprotocol/node");
  return toNodeHandler(createMcpHandler(makeServer));
}

const handler = await { stateless, stateful, modern }[kind]();
createServer((request, response) => {
  Promise.resolve(handler(request, response)).catch((problem) => {
    console.error(problem);
    response.writeHead(500).end();
  });
}).listen(Number(port), "127.0.0.1");
