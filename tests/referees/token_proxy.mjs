// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// A reverse proxy that adds an access token, since the conformance suite can send none:
//     node token_proxy.mjs TARGET_ORIGIN < token        prints the port that it listens at
// Host and Origin pass as they are; where they name the proxy, they name the target.

import { createServer, request } from "node:http";
import { readFileSync } from "node:fs";

const target = new URL(process.argv[2]);
const token = readFileSync(0, "utf8").trim();

const server = createServer((asked, answer) => {
  const own = asked.socket.localPort;
  const headers = { ...asked.headers, authorization: `Bearer ${token}` };
  if (["localhost", "127.0.0.1"].some((name) => headers.host === `${name}:${own}`)) headers.host = target.host;
  if (["localhost", "127.0.0.1"].some((name) => headers.origin === `http://${name}:${own}`)) headers.origin = target.origin;
  const sent = request(
    { host: target.hostname, port: target.port, path: asked.url, method: asked.method, headers },
    (received) => {
      answer.writeHead(received.statusCode, received.headers);
      received.pipe(answer);
    },
  );
  sent.on("error", () => answer.destroy());
  answer.on("close", () => sent.destroy());  // the client has left
  asked.pipe(sent);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
