// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/secret_resources.hpp"

#include "json/serialize.hpp"
#include "mcp/secret_results.hpp"
#include "secrets/documents.hpp"

namespace quell::mcp {
namespace {

// RFC 6570 has no star: everything below is one variable that may hold slashes.
std::string uri_template(const std::string& pattern) {
    return pattern.ends_with("/*") ? pattern.substr(0, pattern.size() - 1) + "{+path}" : pattern;
}

json::Object definition(const secrets::Resource& resource) {
    const json::Object document = to_document(resource);
    json::Object out{{"name", document.at("name")}, {"description", document.at("description")}};
    out[resource.is_pattern ? "uriTemplate" : "uri"] = resource.is_pattern ? uri_template(resource.uri) : resource.uri;
    return out;
}

}  // namespace

std::string SecretResources::listed(const identity::Principal& caller, bool patterns) const {
    const bool may = caller.scopes.has(identity::Scope::mcp_read) || caller.scopes.has(scope());
    const auto found = may ? secrets_.list(caller.tenant) : std::vector<secrets::Resource>();
    std::string out;
    for (std::size_t i = 0; found && i < found->size(); ++i) {
        if ((*found)[i].is_pattern == patterns) {
            out += out.empty() ? "" : ",";
            json::append(out, definition((*found)[i]));
        }
    }
    return out;
}

base::Task<std::string> SecretResources::read(identity::Principal caller, std::string uri) {
    secrets::Access access{.caller = caller, .resource = uri, .peer = caller.peer, .user_agent = caller.user_agent};
    CO_TRY(const secrets::Reading reading, co_await secrets_.read(std::move(access)));
    json::Object content{{"uri", reading.uri}};
    if (reading.value_in_result) {
        content["mimeType"] = "text/plain";
        content["text"] = reading.value.reveal();
    } else {
        CO_TRY(const std::string document, co_await shown(secrets_, caller, reading));
        content["mimeType"] = "application/json";
        content["text"] = document;
    }
    co_return json::serialize(json::Object{{"contents", json::Array{std::move(content)}}});
}

}  // namespace quell::mcp
