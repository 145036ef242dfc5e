// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/secret_tools.hpp"

#include "base/duration.hpp"
#include "json/error_document.hpp"
#include "json/read.hpp"
#include "json/serialize.hpp"
#include "mcp/secret_results.hpp"
#include "secrets/documents.hpp"

namespace quell::mcp {
namespace {

using identity::Principal;
using identity::Scope;

// What the schema leaves open: whether a text that is there is there.
std::string text_of(const json::Object& arguments, std::string_view name) {
    const json::Value* const value = json::find(arguments, name);
    return value == nullptr ? std::string() : std::string(json::text(*value));
}

Result<secrets::Access> access_of(const Principal& caller, const json::Object& arguments) {
    secrets::Access access{.caller = caller,
                           .resource = text_of(arguments, "name"),
                           .reason = text_of(arguments, "reason"),
                           .approval_id = text_of(arguments, "approval_id"),
                           .peer = caller.peer,
                           .user_agent = caller.user_agent};
    if (const std::string duration = text_of(arguments, "duration"); !duration.empty()) {
        TRY(access.ttl, parse_duration(duration));
    }
    return access;
}

base::Task<std::string> list_resources(secrets::Service& secrets, const Principal& caller) {
    CO_TRY(const auto found, secrets.list(caller.tenant));
    co_return json::serialize(json::Object{{"resources", secrets::list_document(found)}});
}

base::Task<std::string> approval_status(secrets::Service& secrets, approvals::Service& approvals, const Principal& caller, std::string id) {
    CO_TRY(const approvals::Approval approval, approvals.get(caller, id));
    co_return json::serialize(approvals::to_document(approval, approvals.now(), secrets.public_url()));
}

// L12: each resource has its own answer.
base::Task<std::string> request_approval(secrets::Service& secrets, approvals::Service& approvals, const Principal& caller,
                                         const json::Object& arguments) {
    CO_TRY(secrets::Access access, access_of(caller, arguments));
    std::vector<std::string> names;
    for (const json::Value& name : arguments.at("resources").get_array()) {
        names.emplace_back(json::text(name));
    }
    const bool writes = text_of(arguments, "operation") == "write";
    CO_TRY(const auto answers,
           co_await secrets.ask(std::move(access), names, writes ? secrets::Operation::write : secrets::Operation::read));
    json::Array rows;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        json::Object row = answers[i] ? approvals::to_document(*answers[i], approvals.now(), secrets.public_url())
                                      : json::error_document(answers[i].error());
        row["resource"] = answers[i] ? json::Value(answers[i]->resource) : json::Value(names[i]);
        rows.push_back(std::move(row));
    }
    co_return json::serialize(json::Object{{"approvals", std::move(rows)}});
}

base::Task<std::string> read_secret(secrets::Service& secrets, const Principal& caller, const json::Object& arguments) {
    CO_TRY(secrets::Access access, access_of(caller, arguments));
    CO_TRY(const secrets::Reading reading, co_await secrets.read(std::move(access)));
    co_return co_await shown(secrets, caller, reading);
}

// L33: a version, never the value.
base::Task<std::string> rotate_secret(secrets::Service& secrets, const Principal& caller, const json::Object& arguments) {
    CO_TRY(secrets::Access access, access_of(caller, arguments));
    const std::string name = access.resource;
    CO_TRY(const std::string version, co_await secrets.rotate(std::move(access)));
    co_return json::serialize(json::Object{{"success", true}, {"name", name}, {"newVersion", version}});
}

}  // namespace

std::vector<std::pair<std::string, ToolBinding>> secret_tools(secrets::Service& secrets, approvals::Service& approvals) {
    const auto offered = [&secrets](const Principal& caller) { return secrets.has_rules(caller.tenant); };
    std::vector<std::pair<std::string, ToolBinding>> tools;
    tools.emplace_back("list_secret_resources",
                       ToolBinding{Scope::mcp_read, offered, [&secrets](const Principal& caller, const json::Object&, std::stop_token) {
                                       return list_resources(secrets, caller);
                                   }});
    tools.emplace_back("get_approval_status",
                       ToolBinding{Scope::mcp_read, offered,
                                   [&](const Principal& caller, const json::Object& arguments, std::stop_token) {
                                       return approval_status(secrets, approvals, caller, text_of(arguments, "approval_id"));
                                   }});
    tools.emplace_back("request_approval",
                       ToolBinding{Scope::mcp_access, offered,
                                   [&](const Principal& caller, const json::Object& arguments, std::stop_token) {
                                       return request_approval(secrets, approvals, caller, arguments);
                                   }});
    tools.emplace_back("read-secret",
                       ToolBinding{Scope::secrets_read, offered,
                                   [&secrets](const Principal& caller, const json::Object& arguments, std::stop_token) {
                                       return read_secret(secrets, caller, arguments);
                                   }});
    tools.emplace_back("rotate-secret",
                       ToolBinding{Scope::secrets_write, offered,
                                   [&secrets](const Principal& caller, const json::Object& arguments, std::stop_token) {
                                       return rotate_secret(secrets, caller, arguments);
                                   }});
    return tools;
}

}  // namespace quell::mcp
