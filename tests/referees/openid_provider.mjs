// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// node-oidc-provider, a certified OpenID provider, as the provider of a tenant. The first argument is a file that holds
// issuer, clients and accounts; accounts are read anew at each question, so that a test may change them.
// tests/e2e/rig/openid.py starts it.

import { readFileSync } from "node:fs";
import Provider from "oidc-provider";

const read = () => JSON.parse(readFileSync(process.argv[2], "utf8"));
const { issuer, clients } = read();

const provider = new Provider(issuer, {
  clients,
  claims: { email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
  scopes: ["openid", "email", "profile", "groups"],
  // Any name with any password signs in; whoever is no account of the file has no claims.
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...read().accounts[id] }) }),
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["of a test"] },
});

const { hostname, port } = new URL(issuer);
provider.listen(Number(port), hostname, () => process.stdout.write("ready\n"));
