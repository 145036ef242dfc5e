// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/product_tools.hpp"

#include "json/serialize.hpp"
#include "mcp/challenge_tasks.hpp"
#include "mcp/secret_tools.hpp"

namespace quell::mcp {
namespace {

using identity::Principal;
using identity::Scope;
using policy::Entry;

bool always(const Principal&) {
    return true;
}

// The schema has required it and checked its type.
RequestId request_id(const json::Object& arguments) {
    return RequestId(std::string(json::text(arguments.at("request_id"))));
}

template <class Service>
base::Task<std::string> capabilities_of(Service& service, const Principal& caller) {
    CO_TRY(const json::Value document, service.capabilities(caller, Entry::mcp));
    co_return json::serialize(document);
}

template <class Service>
ToolBinding capabilities(Service& service, Scope scope) {
    return {scope, always, [&service](const Principal& caller, const json::Object&, std::stop_token) {
                return capabilities_of(service, caller);
            }};
}

template <class Service>
ToolBinding look_up(Service& service, Scope scope) {
    return {scope, always, [&service](const Principal& caller, const json::Object& arguments, std::stop_token) {
                return service.get(caller, request_id(arguments));
            }};
}

// The acting tools are hidden while a switch of the tenant is off (V60, V61).
template <class Service>
auto offered_by(Service& service) {
    return [&service](const Principal& caller) { return service.check_usable(caller.tenant, Entry::mcp).has_value(); };
}

ToolBinding contain_device(containment::Containment& containment) {
    return {Scope::devices_contain, offered_by(containment),
            [&containment](const Principal& caller, const json::Object& arguments, std::stop_token stop) {
                return containment.contain(caller, arguments, Entry::mcp, std::move(stop));
            }};
}

ToolBinding revoke_sessions(revocation::Revocation& revocation) {
    return {Scope::sessions_revoke, offered_by(revocation),
            [&revocation](const Principal& caller, const json::Object& arguments, std::stop_token stop) {
                return revocation.revoke(caller, arguments, Entry::mcp, std::move(stop));
            }};
}

base::Task<std::string> status_of(challenges::Challenges& challenges, const Principal& caller, ChallengeId id) {
    co_return challenges.get(caller, id);
}

ToolBinding challenge_status(challenges::Challenges& challenges) {
    return {Scope::challenges_read, always, [&challenges](const Principal& caller, const json::Object& arguments, std::stop_token) {
                return status_of(challenges, caller, ChallengeId(std::string(json::text(arguments.at("challenge_id")))));
            }};
}

ToolBinding create_challenge(challenges::Challenges& challenges) {
    return {Scope::challenges_create,
            [&challenges](const Principal& caller) { return challenges.check_usable(caller.tenant).has_value(); },
            [&challenges](const Principal& caller, const json::Object& arguments, std::stop_token) {
                return challenges.create(caller, arguments, Entry::mcp);
            },
            begin_challenge_task};
}

}  // namespace

Result<ToolSet> product_tools(const ProductServices& services) {
    auto& [containment, revocation, challenges, secrets, approvals] = services;
    std::vector<std::pair<std::string, ToolBinding>> bindings = secret_tools(secrets, approvals);
    bindings.emplace_back("list_device_containment_capabilities", capabilities(containment, Scope::devices_contain));
    bindings.emplace_back("list_session_revocation_capabilities", capabilities(revocation, Scope::sessions_revoke));
    bindings.emplace_back("get_containment_request", look_up(containment, Scope::devices_contain));
    bindings.emplace_back("get_revocation_request", look_up(revocation, Scope::sessions_revoke));
    bindings.emplace_back("get_challenge_status", challenge_status(challenges));
    bindings.emplace_back("contain_device", contain_device(containment));
    bindings.emplace_back("revoke_sessions", revoke_sessions(revocation));
    bindings.emplace_back("create_challenge", create_challenge(challenges));
    return ToolSet::make(std::move(bindings));
}

}  // namespace quell::mcp
