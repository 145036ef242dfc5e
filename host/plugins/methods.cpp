// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/methods.hpp"

#include <array>

#include "json/parse.hpp"

namespace quell::embedded {
extern const std::string_view device_containment_1_resolve_reply;
extern const std::string_view device_containment_1_apply_reply;
extern const std::string_view device_containment_1_poll_reply;
extern const std::string_view session_revocation_1_resolve_reply;
extern const std::string_view session_revocation_1_revoke_reply;
extern const std::string_view health_1_check_reply;
}  // namespace quell::embedded

namespace quell::plugins {
namespace {

json::Schema compile(std::string_view text) { return json::Schema::compile(json::parse(text).value()).value(); }

const std::array<Method, 6>& methods() {
    static const std::array<Method, 6> all = {
        Method{"device_containment/1", "resolve", compile(embedded::device_containment_1_resolve_reply)},
        Method{"device_containment/1", "apply", compile(embedded::device_containment_1_apply_reply)},
        Method{"device_containment/1", "poll", compile(embedded::device_containment_1_poll_reply)},
        Method{"session_revocation/1", "resolve", compile(embedded::session_revocation_1_resolve_reply)},
        Method{"session_revocation/1", "revoke", compile(embedded::session_revocation_1_revoke_reply)},
        Method{"health/1", "check", compile(embedded::health_1_check_reply)}};
    return all;
}

}  // namespace

const Method* known_method(std::string_view capability, std::string_view name) {
    for (const Method& method : methods()) {
        if (method.capability == capability && method.name == name) {
            return &method;
        }
    }
    return nullptr;
}

}  // namespace quell::plugins
