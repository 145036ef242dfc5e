// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <vector>

#include "app/commands.hpp"
#include "egress/observer.hpp"
#include "plugins/health.hpp"

namespace quell::app {

// One thing that `quell doctor` looked at. `next_step` is for an administrator; empty where all is well.
struct Finding {
    std::string name;
    bool ok = false;
    std::string message;
    std::string next_step{};
};

json::Object to_json(const Finding& finding);

// The machine under the host: files' modes, certificate, disk, clock, port. Changes nothing.
std::vector<Finding> examine_machine(Services& services, bool host_runs);

// Approvals and secrets of every tenant: whether somebody can approve, what waits, whether every value can be opened (L37).
std::vector<Finding> examine_secrets(Services& services);

// What a connector's health check and the requests it made say about the way to its provider.
enum class Verdict {
    ok,
    not_loaded,          // the plugin or the connector's settings: no call can be made
    unreachable,         // no answer from the provider
    credential_refused,  // it answered, and did not accept who we are
    permission_missing,  // it knows us and refuses something; the checks name it
    provider_failing,    // it throttles or fails
    plugin_failed,       // the plugin itself did not answer as it should
    not_asked            // the plugin has no health check
};
std::string_view to_string(Verdict verdict);

Verdict judge(const Result<plugins::Health>& health, const std::vector<egress::RequestLine>& requests);

// Asks every enabled connector of a tenant, or of all if `tenant` is empty, at the same time; at most 10 seconds.
json::Array examine_connectors(Services& services, const TenantId& tenant);

// Asks the OpenID provider of every tenant that has one, or of one tenant, for what a sign-in needs.
json::Array examine_providers(Services& services, const TenantId& tenant);

}  // namespace quell::app
