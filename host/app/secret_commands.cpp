// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/commands.hpp"
#include "app/guarded.hpp"
#include "app/run_and_wait.hpp"
#include "base/duration.hpp"
#include "json/read.hpp"
#include "secrets/documents.hpp"

namespace quell::app {
namespace {

constexpr std::int64_t kPart = 500;

Result<std::string> optional_text(const json::Object& arguments, std::string_view name) {
    TRY(const auto text, json::optional_string(arguments, name));
    return std::string(text.value_or(""));
}

Result<secrets::Access> access_of(Services& services, const json::Object& arguments, const Actor& actor) {
    secrets::Access access;
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    access.caller = as_principal(tenant, actor);
    TRY(access.resource, text_argument(arguments, "resource"));
    TRY(access.reason, optional_text(arguments, "reason"));
    access.peer = actor.id;
    access.user_agent = "quell command line";
    return access;
}

json::Object written(const secrets::Access& access, const std::string& version) {
    return {{"resource", access.resource}, {"version", version}};
}

Result<secrets::LogQuery> log_query(const json::Object& arguments) {
    secrets::LogQuery query;
    TRY(query.since, optional_text(arguments, "since"));
    TRY(query.resource, optional_text(arguments, "resource"));
    TRY(query.operation, optional_text(arguments, "operation"));
    TRY(query.limit, json::integer_member(arguments, "count"));
    return query;
}

}  // namespace

Result<json::Value> list_secrets(Services& services, const json::Object& arguments, const Actor&) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const auto found, services.guarded->secrets.list(tenant));
    return secrets::list_document(found);
}

// The value comes by standard input and stays out of the command line; it needs no approval of its own, since whoever runs
// this may change the rules as well, but is recorded like every other change.
Result<json::Value> set_secret(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const secrets::Access access, access_of(services, arguments, actor));
    TRY(std::string value, text_argument(arguments, "value"));
    TRY(const std::string version, run_and_wait(services.guarded->secrets.put_by_operator(access, SecretString(std::move(value)))));
    return written(access, version);
}

Result<json::Value> rotate_secret(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const secrets::Access access, access_of(services, arguments, actor));
    TRY(const std::string version, run_and_wait(services.guarded->secrets.put_by_operator(access, std::nullopt)));
    return written(access, version);
}

Result<json::Value> roll_back_secret(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const secrets::Access access, access_of(services, arguments, actor));
    TRY(const std::int64_t version, json::integer_member(arguments, "version"));
    TRY(const std::string now, run_and_wait(services.guarded->secrets.roll_back_by_operator(access, version)));
    return written(access, now);
}

Result<json::Value> delete_secret(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const secrets::Access access, access_of(services, arguments, actor));
    TRY_VOID(run_and_wait(services.guarded->secrets.remove_by_operator(access)));
    return json::Object{{"resource", access.resource}, {"deleted", true}};
}

Result<json::Value> rekey_secrets(Services& services, const json::Object&, const Actor& actor) {
    std::int64_t total = 0;
    for (std::int64_t some = kPart; some == kPart; total += some) {
        TRY(some, services.guarded->built_in.reseal_and_wait(kPart));
    }
    TRY_VOID(services.store->write_and_wait<void>([&](store::Transaction& transaction) {
        return services.trail.append(transaction, audit::Record{.tenant = {},
                                                                .event = "secrets_rekeyed",
                                                                .actor = actor.id,
                                                                .request_id = {},
                                                                .outcome = "ok",
                                                                .detail = {{"versions", total}, {"key", services.guarded->keys.present_id()}}});
    }));
    return json::Object{{"versions", total}, {"key", services.guarded->keys.present_id()}};
}

Result<json::Value> list_accesses(Services& services, const json::Object& arguments, const Actor&) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const secrets::LogQuery query, log_query(arguments));
    TRY(const std::string by, optional_text(arguments, "group_by"));
    if (!by.empty()) {
        TRY(const auto groups, services.guarded->log.group(tenant, query, by));
        return secrets::group_document(groups, by);
    }
    TRY(const auto page, services.guarded->log.list(tenant, query));
    json::Array rows;
    for (const store::AccessRow& row : page.rows) {
        rows.push_back(secrets::to_document(row));
    }
    return rows;
}

// L29
Result<json::Value> show_secret_metric(Services& services, const json::Object& arguments, const Actor&) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string period_text, text_argument(arguments, "period"));
    TRY(const auto period, parse_duration(period_text));
    TRY(const std::string resource, optional_text(arguments, "resource"));
    TRY(const std::int64_t count, services.guarded->log.metric(tenant, "access_count", period, resource));
    return json::Object{{"metric", "access_count"}, {"period", period_text}, {"count", count}};
}

}  // namespace quell::app
