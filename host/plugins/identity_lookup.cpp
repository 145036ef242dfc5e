// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/identity_lookup.hpp"

#include "plugins/outcome.hpp"
#include "plugins/outcome_documents.hpp"

namespace quell::plugins {
namespace {

std::string to_document(const Person& person) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    write_members(out, person);
    out.end_object();
    return text;
}

Result<std::vector<FoundUser>> read_users(const json::Value& reply, const Person& asked) {
    std::vector<FoundUser> users;
    for (const json::Value& document : reply.at("users").get_array()) {
        const json::Object& object = document.get_object();
        users.push_back({.provider_user_id = text_at(object, "provider_user_id"),
                         .email = optional_text_at(object, "email"),
                         .name = optional_text_at(object, "name"),
                         .active = object.at("active").get_bool()});
        if (asked.provider_user_id && users.back().provider_user_id != *asked.provider_user_id) {
            return bad_result("a user has another id than was asked for");
        }
    }
    return users;
}

}  // namespace

base::Task<std::vector<FoundUser>> find_user(const Connector& connector, const Person& person, CallOptions options) {
    options.read_only = true;
    return connector.call<std::vector<FoundUser>>(kIdentityLookup, "find_user", to_document(person), std::move(options),
                                                  [person](const json::Value& reply) { return read_users(reply, person); });
}

}  // namespace quell::plugins
