// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// oauth4webapi, which takes nothing that the RFCs do not allow, against a running host. It knows the issuer, the
// resource, two registered clients and a person's login (JSON on standard input), and tells on standard output what it
// accepted. Every process...Response call throws on the least deviation.

import { readFileSync } from "node:fs";
import * as oauth from "oauth4webapi";
import { Browser } from "./browser.mjs";

const options = { [oauth.allowInsecureRequests]: true }; // the test's host is on loopback

async function discover(given) {
  const resource = new URL(given.resource);
  const described = await oauth.processResourceDiscoveryResponse(
    resource, await oauth.resourceDiscoveryRequest(resource, options));
  const issuer = new URL(described.authorization_servers[0]);
  const servers = {};
  for (const algorithm of ["oauth2", "oidc"]) {
    const response = await oauth.discoveryRequest(issuer, { ...options, algorithm });
    servers[algorithm] = await oauth.processDiscoveryResponse(issuer, response);
  }
  return servers.oauth2;
}

// Authorize with PKCE and state; validateAuthResponse insists on the right `iss` (RFC 9207).
async function logIn(server, given, client, authentication) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint);
  const parameters = {
    response_type: "code", client_id: client.client_id, redirect_uri: given.redirect_uri, scope: given.scope, state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
    resource: given.resource,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const answer = oauth.validateAuthResponse(server, client, await new Browser(given).allow(url), state);
  const response = await oauth.authorizationCodeGrantRequest(
    server, client, authentication, answer, given.redirect_uri, verifier,
    { ...options, additionalParameters: { resource: given.resource } });
  return oauth.processAuthorizationCodeResponse(server, client, response);
}

async function refresh(server, client, authentication, token) {
  const response = await oauth.refreshTokenGrantRequest(server, client, authentication, token, options);
  return oauth.processRefreshTokenResponse(server, client, response);
}

async function introspect(server, client, authentication, token) {
  const response = await oauth.introspectionRequest(server, client, authentication, token, options);
  return oauth.processIntrospectionResponse(server, client, response);
}

async function revoke(server, client, authentication, token) {
  await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, authentication, token, options));
}

async function machineToken(server, client, authentication, given) {
  const wanted = new URLSearchParams({ scope: given.scope, resource: given.resource });
  const response = await oauth.clientCredentialsGrantRequest(server, client, authentication, wanted, options);
  return oauth.processClientCredentialsResponse(server, client, response);
}

// A refused token must come with a challenge that can be read.
async function challenge(given) {
  try {
    await oauth.protectedResourceRequest("expired", "POST", new URL(given.resource), new Headers(), "{}", options);
  } catch (error) {
    if (error instanceof oauth.WWWAuthenticateChallengeError) return error.cause[0];
    throw error;
  }
  throw new Error("took an expired token");
}

async function codeOf(work) {
  try {
    await work();
  } catch (error) {
    if (error instanceof oauth.WWWAuthenticateChallengeError) return (await error.response.json()).error;
    return error.error ?? String(error);
  }
  return "ok";
}

const given = JSON.parse(readFileSync(0, "utf8"));
const server = await discover(given);
const client = { client_id: given.client_id };
const basic = oauth.ClientSecretBasic(given.client_secret);
const post = oauth.ClientSecretPost(given.client_secret);

const first = await logIn(server, given, client, basic);
const second = await refresh(server, client, post, first.refresh_token);
const active = await introspect(server, client, basic, second.access_token);
await revoke(server, client, post, second.refresh_token);
const ended = await introspect(server, client, basic, second.access_token);
const afterwards = await codeOf(() => refresh(server, client, basic, second.refresh_token));

const machine = { client_id: given.machine.client_id };
const key = await crypto.subtle.importKey("jwk", given.machine.key, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
const signed = oauth.PrivateKeyJwt({ key, kid: given.machine.key.kid });
const machineTokens = await machineToken(server, machine, signed, given);
const machineFacts = await introspect(server, machine, signed, machineTokens.access_token);
const wrongSecret = await codeOf(() => machineToken(server, client, oauth.ClientSecretBasic("wrong"), given));

console.log(JSON.stringify({
  issuer: server.issuer, scope: first.scope, refreshed: second.access_token !== first.access_token, active, ended, afterwards,
  machine: machineFacts, wrong_secret: wrongSecret, challenge: (await challenge(given)).parameters,
}));
