// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secrets/documents.hpp"

#include "json/serialize.hpp"
#include "secrets/rule_document.hpp"

namespace quell::secrets {
namespace {

json::Value text_or_null(const std::string& text) { return text.empty() ? json::Value(nullptr) : json::Value(text); }

std::string name_of(const Resource& resource) {
    if (!resource.rule.name.empty()) {
        return resource.rule.name;
    }
    return resource.uri.substr(resource.uri.rfind('/') + 1);
}

}  // namespace

json::Object to_document(const Resource& resource) {
    const json::Object rule = to_document(resource.rule);
    json::Object out{{"uri", resource.uri},
                     {"name", resource.stored ? resource.uri.substr(resource.uri.rfind('/') + 1) : name_of(resource)},
                     {"description", rule.at("description")},
                     {"type", "secret"},
                     {"permissions", rule.at("permissions")},
                     {"requiresApproval", rule.at("requiresApproval")}};
    if (resource.stored) {
        out["version"] = std::to_string(resource.stored->version);
        out["createdAt"] = to_rfc3339(resource.stored->created_at);
        out["updatedAt"] = to_rfc3339(resource.stored->updated_at);
        out["accessCount"] = resource.stored->accesses;
    }
    return out;
}

json::Array list_document(const std::vector<Resource>& resources) {
    json::Array out;
    for (const Resource& resource : resources) {
        out.push_back(to_document(resource));
    }
    return out;
}

json::Object metadata_document(const Reading& reading) {
    return {{"uri", reading.uri},
            {"name", reading.name},
            {"type", "secret"},
            {"metadata", json::Object{{"environment", text_or_null(reading.environment)}, {"service", text_or_null(reading.service)}}},
            {"version", text_or_null(reading.version)},
            {"accessedAt", to_rfc3339(reading.accessed_at)},
            {"accessCount", reading.accesses},
            {"approvalId", text_or_null(reading.approval_id)},
            {"expiresAt", reading.until ? json::Value(to_rfc3339(*reading.until)) : json::Value(nullptr)}};
}

SecretString value_document(const Reading& reading) {
    const std::string head = json::serialize(metadata_document(reading));
    std::string out;
    // Room for every character escaped, so that no copy of the value is left behind by growing.
    out.reserve(head.size() + reading.value.reveal().size() * 6 + 32);
    out.append(head, 0, head.size() - 1);
    out += R"(,"value":)";
    json::append(out, json::Value(reading.value.reveal()));
    out += '}';
    return SecretString(std::move(out));
}

json::Array group_document(const std::vector<Group>& groups, std::string_view by) {
    json::Array out;
    for (const Group& group : groups) {
        out.push_back(json::Object{{by, group.value}, {"count", group.count}});
    }
    return out;
}

}  // namespace quell::secrets
