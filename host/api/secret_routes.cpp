// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "api/secret_routes.hpp"

#include "api/error_answer.hpp"
#include "api/secret_calls.hpp"
#include "base/duration.hpp"
#include "identity/presented_credential.hpp"
#include "json/read.hpp"
#include "json/serialize.hpp"
#include "secrets/documents.hpp"
#include "secrets/rule_document.hpp"

namespace quell::embedded {
extern const std::string_view secret_definitions;
}

namespace quell::api {
namespace {

using identity::Scope;
using secrets::Operation;

constexpr std::string_view kTokenPrefix = "mcp_access_token_";
constexpr std::string_view kResourcePath = "/v1/security/mcp/resources/";

Reply document(const json::Object& object, unsigned status = 200) {
    return {.document = json::serialize(object), .status = status};
}

// A02: the holder of the grant, or of its token.
base::Task<Reply> read_resource(SecretServices services, const Call& call) {
    secrets::Access access = access_of(call);
    access.resource = call.path.front();
    access.reason = text_of(call.query, "reason");
    access.approval_id = text_of(call.query, "approvalId");
    const std::string token(approval_token(call.request));
    Result<secrets::Reading> reading;
    if (token.empty()) {
        reading = co_await services.secrets.read(std::move(access));
    } else {
        reading = co_await services.secrets.read_with_token(token, std::move(access));
    }
    if (!reading) {
        co_return refusal(reading.error());
    }
    const SecretString answer = value_document(*reading);
    co_return Reply{.document = std::string(answer.reveal())};
}

base::Task<Reply> list_resources(SecretServices services, const Call& call) {
    CO_TRY(const auto found, services.secrets.list(call.caller.tenant));
    co_return document({{"resources", secrets::list_document(found)}});
}

base::Task<Reply> describe_resource(SecretServices services, const Call& call) {
    CO_TRY(const auto found, services.secrets.describe(call.caller.tenant, call.path.front()));
    co_return document(to_document(found));
}

base::Task<Reply> configure_resource(SecretServices services, const Call& call) {
    const auto settings = services.secrets.settings(call.caller.tenant);
    CO_TRY(config::SecretRule rule, secrets::read_rule(call.body, settings->approvals));
    CO_TRY(const config::SecretRule saved, co_await services.secrets.configure(call.caller, std::move(rule)));
    co_return document(secrets::to_document(saved), 201);
}

base::Task<Reply> remove_rule(SecretServices services, const Call& call) {
    CO_TRY_VOID(co_await services.secrets.remove_rule(call.caller, call.path.front()));
    co_return document({{"uri", call.path.front()}, {"deleted", true}});
}

base::Task<Reply> write_value(SecretServices services, const Call& call) {
    secrets::Access access = access_of(call);
    access.resource = call.path.front();
    access.reason = text_of(call.body, "reason");
    SecretString value(text_of(call.body, "value"));
    Result<std::string> version;
    if (value.empty()) {
        version = co_await services.secrets.rotate(std::move(access));
    } else {
        version = co_await services.secrets.write(std::move(access), std::move(value));
    }
    if (!version) {
        co_return refusal(version.error());
    }
    co_return document({{"uri", call.path.front()}, {"version", *version}});
}

base::Task<Reply> roll_back(SecretServices services, const Call& call) {
    secrets::Access access = access_of(call);
    access.resource = call.path.front();
    access.reason = text_of(call.body, "reason");
    const auto version = co_await services.secrets.roll_back(std::move(access), call.body.at("version").to_number<std::int64_t>());
    if (!version) {
        co_return refusal(version.error());
    }
    co_return document({{"uri", call.path.front()}, {"version", *version}});
}

base::Task<Reply> delete_value(SecretServices services, const Call& call) {
    secrets::Access access = access_of(call);
    access.resource = call.path.front();
    access.reason = text_of(call.query, "reason");
    const auto gone = co_await services.secrets.remove(std::move(access));
    if (!gone) {
        co_return refusal(gone.error());
    }
    co_return document({{"uri", call.path.front()}, {"deleted", true}});
}

// A reference opens once, and the answer is kept nowhere.
base::Task<Reply> unwrap(SecretServices services, const Call& call) {
    CO_TRY(const secrets::Reading reading, co_await services.secrets.unwrap(access_of(call), text_of(call.body, "reference")));
    const SecretString answer = value_document(reading);
    co_return Reply{.document = std::string(answer.reveal())};
}

// A03: asks; one resource, or several with one decision each (L12).
base::Task<Reply> request_approval(SecretServices services, const Call& call) {
    secrets::Access access = access_of(call);
    access.reason = text_of(call.body, "reason");
    access.requested_by = text_of(call.body, "requestedBy");
    CO_TRY(access.ttl, ttl_of(call.body));
    const json::Value* const several = json::find(call.body, "resources");
    std::vector<std::string> names = several ? texts_of(several->get_array()) : std::vector<std::string>{text_of(call.body, "resource")};
    const Operation operation = text_of(call.body, "operation") == "write" ? Operation::write : Operation::read;
    CO_TRY(const auto answers, co_await services.secrets.ask(std::move(access), names, operation));
    if (!several) {
        co_return answers.front() ? document(approval_of(services, *answers.front()), 201) : refusal(answers.front().error());
    }
    json::Array rows;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        rows.push_back(answers[i] ? approval_of(services, *answers[i]) : refused_part(names[i], answers[i].error()));
    }
    co_return document({{"approvals", std::move(rows)}}, 201);
}

base::Task<Reply> list_approvals(SecretServices services, const Call& call) {
    approvals::Query query{.status = text_of(call.query, "status"), .resource = text_of(call.query, "resource"),
                           .cursor = text_of(call.query, "cursor"), .limit = limit_of(call)};
    if (!query.resource.empty()) {
        CO_TRY(const ResourceUri uri, services.secrets.resource_named(call.caller.tenant, query.resource));
        query.resource = uri.text();
    }
    CO_TRY(const approvals::Page page, services.approvals.list(call.caller, query));
    json::Array rows;
    for (const approvals::Approval& approval : page.approvals) {
        rows.push_back(approval_of(services, approval));
    }
    co_return document({{"data", std::move(rows)}, {"pagination", pagination(page.cursor)}});
}

base::Task<Reply> get_approval(SecretServices services, const Call& call) {
    CO_TRY(const approvals::Approval approval, services.approvals.get(call.caller, call.path.front()));
    co_return document(approval_of(services, approval));
}

// A05, L19.
base::Task<Reply> respond(SecretServices services, const Call& call) {
    CO_TRY_VOID(check_is_caller(call.caller, text_of(call.body, "approvedBy")));
    approvals::Decision decision;
    decision.approve = text_of(call.body, "action") == "approve";
    decision.reason = text_of(call.body, "reason");
    if (const std::string duration = text_of(call.body, "duration"); !duration.empty()) {
        CO_TRY(decision.duration, parse_duration(duration));
    }
    const auto decided = co_await services.approvals.decide(call.caller, call.path.front(), std::move(decision));
    if (!decided) {
        co_return refusal(decided.error());
    }
    json::Object answer = approval_of(services, decided->approval);
    if (!decided->token.empty()) {
        answer["accessToken"] = decided->token.reveal();
    }
    co_return document(answer);
}

base::Task<Reply> read_log(SecretServices services, const Call& call) {
    const secrets::LogQuery query{.since = text_of(call.query, "since"), .resource = text_of(call.query, "resource"),
                                  .actor = text_of(call.query, "actor"), .operation = text_of(call.query, "operation"),
                                  .cursor = text_of(call.query, "cursor"), .limit = limit_of(call)};
    if (const std::string by = text_of(call.query, "groupBy"); !by.empty()) {
        CO_TRY(const auto groups, services.secrets.log().group(call.caller.tenant, query, by));
        co_return document({{"groups", secrets::group_document(groups, by)}});
    }
    CO_TRY(const auto page, services.secrets.log().list(call.caller.tenant, query));
    json::Array rows;
    for (const store::AccessRow& row : page.rows) {
        rows.push_back(secrets::to_document(row));
    }
    co_return document({{"logs", std::move(rows)}, {"pagination", pagination(page.cursor)}});
}

// L29
base::Task<Reply> read_metric(SecretServices services, const Call& call) {
    const std::string period = text_of(call.query, "period").empty() ? "1h" : text_of(call.query, "period");
    CO_TRY(const auto length, parse_duration(period));
    const std::string name = text_of(call.query, "metric").empty() ? "access_count" : text_of(call.query, "metric");
    CO_TRY(const std::int64_t count, services.secrets.log().metric(call.caller.tenant, name, length, text_of(call.query, "resource")));
    co_return document({{"metric", name}, {"period", period}, {"count", count}});
}

Handler bind(const SecretServices& services, base::Task<Reply> (*function)(SecretServices, const Call&)) {
    return [services, function](const Call& call) { return function(services, call); };
}

QueryParameter text_parameter(std::string name, std::string description, std::string schema = R"({"type":"string","maxLength":512})") {
    return {std::move(name), std::move(description), std::move(schema)};
}

std::vector<QueryParameter> page_parameters() {
    return {text_parameter("cursor", "Of the page before."), {"limit", "How many, 1 to 200.", R"({"type":"integer","minimum":1,"maximum":200})"}};
}

std::vector<QueryParameter> with_page(std::vector<QueryParameter> parameters) {
    for (QueryParameter& parameter : page_parameters()) {
        parameters.push_back(std::move(parameter));
    }
    return parameters;
}

std::vector<QueryParameter> log_parameters() {
    return with_page({text_parameter("since", "A length of time such as 24h or 7d, or a time of RFC 3339."),
                      text_parameter("resource", "A resource or a pattern, such as production/*."),
                      text_parameter("actor", "A principal's id."), text_parameter("operation", "read, write, requested, granted, ..."),
                      text_parameter("groupBy", "Counts instead of rows: resource, actor, operation or action.")});
}

std::vector<Route> resource_routes(const SecretServices& services) {
    const std::string path = "/v1/security/mcp/resources";
    const std::vector<QueryParameter> reason = {text_parameter("reason", "Why; some rules want one.", R"({"type":"string","maxLength":2000})")};
    std::vector<QueryParameter> of_read = reason;
    of_read.push_back(text_parameter("approvalId", "An approval that you were given for this."));
    return {{.method = "GET", .path = path, .operation = "listSecretResources", .tag = "Secrets",
             .summary = "Guarded secrets and the rules for them, without values.", .scope = Scope::mcp_read, .answer = "SecretResources",
             .handler = bind(services, list_resources)},
            {.method = "POST", .path = path, .operation = "configureSecretResource", .tag = "Secrets",
             .summary = "Make or change the rule for a resource or a pattern. For administrators of the tenant.", .scope = Scope::admin_all,
             .body = "SecretRule", .answer = "SecretRule", .status = 201, .handler = bind(services, configure_resource)},
            {.method = "GET", .path = path + "/{uri}", .operation = "readSecret", .tag = "Secrets",
             .summary = "Read a secret. Without a live approval: 403 with the approval that people were asked for.",
             .scope = Scope::mcp_access, .query = of_read, .answer = "SecretValue", .handler = bind(services, read_resource)},
            {.method = "PUT", .path = path + "/{uri}", .operation = "writeSecret", .tag = "Secrets",
             .summary = "A new version of a secret: the value given, or a random one.", .scope = Scope::secrets_write, .body = "SecretChange",
             .answer = "SecretVersion", .handler = bind(services, write_value)},
            {.method = "DELETE", .path = path + "/{uri}", .operation = "deleteSecret", .tag = "Secrets", .summary = "Delete a secret with all its versions.",
             .scope = Scope::secrets_delete, .query = reason, .answer = "SecretDeletion", .handler = bind(services, delete_value)},
            {.method = "GET", .path = path + "/{uri}/metadata", .operation = "describeSecret", .tag = "Secrets", .summary = "A secret without its value.",
             .scope = Scope::mcp_read, .answer = "SecretResource", .handler = bind(services, describe_resource)},
            {.method = "POST", .path = path + "/{uri}/rollback", .operation = "rollBackSecret", .tag = "Secrets", .summary = "Read an earlier version again.",
             .scope = Scope::secrets_write, .body = "SecretRollback", .answer = "SecretVersion", .handler = bind(services, roll_back)},
            {.method = "DELETE", .path = "/v1/security/mcp/rules/{uri}", .operation = "removeSecretRule", .tag = "Secrets",
             .summary = "Remove a rule that was made here.", .scope = Scope::admin_all, .answer = "SecretDeletion", .handler = bind(services, remove_rule)},
            {.method = "POST", .path = "/v1/security/mcp/unwrap", .operation = "unwrapSecret", .tag = "Secrets", .summary = "Open a reference, once.",
             .scope = Scope::mcp_access, .body = "SecretReference", .answer = "SecretValue", .handler = bind(services, unwrap)}};
}

std::vector<Route> approval_routes(const SecretServices& services) {
    return {{.method = "POST", .path = "/v1/security/mcp/approve", .operation = "requestApproval", .tag = "Approvals",
             .summary = "Ask people to approve.", .scope = Scope::mcp_access, .body = "ApprovalArguments", .answer = "ApprovalAnswer", .status = 201,
             .handler = bind(services, request_approval)},
            {.method = "GET", .path = "/v1/security/mcp/approvals", .operation = "listApprovals", .tag = "Approvals",
             .summary = "Requests that you made or may decide, newest first.", .scope = Scope::mcp_read,
             .query = with_page({text_parameter("status", "pending, approved, denied or expired."), text_parameter("resource", "One resource.")}),
             .answer = "ApprovalPage", .handler = bind(services, list_approvals)},
            {.method = "GET", .path = "/v1/security/mcp/approvals/{id}", .operation = "getApproval", .tag = "Approvals", .summary = "One request.",
             .scope = Scope::mcp_read, .answer = "Approval", .handler = bind(services, get_approval)},
            {.method = "POST", .path = "/v1/security/mcp/approvals/{id}/respond", .operation = "respondToApproval", .tag = "Approvals",
             .summary = "Approve or deny, once.", .scope = Scope::mcp_approve, .body = "ApprovalResponse", .answer = "Approval",
             .handler = bind(services, respond)}};
}

std::vector<Route> log_routes(const SecretServices& services) {
    return {{.method = "GET", .path = "/v1/security/mcp/audit", .operation = "listSecretAccesses", .tag = "Secrets",
             .summary = "Who did what with guarded secrets, newest first, or counted.", .scope = Scope::audit_read, .query = log_parameters(),
             .answer = "AccessLog", .handler = bind(services, read_log)},
            {.method = "GET", .path = "/v1/security/mcp/metrics", .operation = "getSecretMetric", .tag = "Secrets",
             .summary = "How often secrets were used in a period.", .scope = Scope::audit_read,
             .query = {text_parameter("metric", "access_count."), text_parameter("period", "A length of time such as 1h."),
                       text_parameter("resource", "A resource or a pattern.")},
             .answer = "SecretMetric", .handler = bind(services, read_metric)}};
}

}  // namespace

RouteGroup secret_routes(const SecretServices& services) {
    std::vector<Route> routes = resource_routes(services);
    for (std::vector<Route>& more : std::vector{approval_routes(services), log_routes(services)}) {
        std::move(more.begin(), more.end(), std::back_inserter(routes));
    }
    return {std::move(routes), embedded::secret_definitions};
}

std::string_view approval_token(const http::Request& request) {
    const bool is_read = request.method == "GET" && request.path.starts_with(kResourcePath) &&
                         request.path.find('/', kResourcePath.size()) == std::string_view::npos;
    const std::string_view token = is_read && request.count("Authorization") == 1 ? identity::bearer_token(request.find("Authorization"))
                                                                                  : std::string_view();
    return token.starts_with(kTokenPrefix) ? token : std::string_view();
}

identity::Principal token_bearer(const http::Request& request) {
    return {.tenant = {}, .id = "token:" + std::string(request.peer), .label = "holder of an approval's token", .client = {},
            .scopes = {Scope::mcp_access}};
}

}  // namespace quell::api
