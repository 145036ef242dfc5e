// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/health.hpp"

#include "plugins/outcome.hpp"
#include "plugins/outcome_documents.hpp"

namespace quell::plugins {
namespace {

Health read_health(const json::Value& reply) {
    Health health;
    health.healthy = reply.at("healthy").get_bool();
    for (const json::Value& document : reply.at("checks").get_array()) {
        const json::Object& object = document.get_object();
        health.checks.push_back({.name = text_at(object, "name"),
                                 .ok = object.at("ok").get_bool(),
                                 .message = presentable(text_at(object, "message"))});
    }
    return health;
}

}  // namespace

base::Task<Health> check_health(const Connector& connector, CallOptions options) {
    options.read_only = true;
    return connector.call<Health>(kHealth, "check", "{}", std::move(options), read_health);
}

Result<Health> check_health_and_wait(const Connector& connector, CallOptions options) {
    options.read_only = true;
    TRY(const json::Value reply, connector.call_and_wait(kHealth, "check", "{}", std::move(options)));
    return read_health(reply);
}

}  // namespace quell::plugins
