// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/commands.hpp"
#include "json/read.hpp"
#include "notifications/signing.hpp"

namespace quell::app {
namespace {

Result<std::string> state_argument(const json::Object& arguments) {
    TRY(const auto state, json::optional_string(arguments, "state"));
    const std::string text(state.value_or(""));
    if (!text.empty() && text != "pending" && text != "delivered" && text != "failed") {
        return invalid_arguments("--state must be one of the three states.").allowed({"pending", "delivered", "failed"});
    }
    return text;
}

}  // namespace

Result<json::Value> list_notifications(Services& services, const json::Object& arguments, const Actor&) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string state, state_argument(arguments));
    TRY(const std::int64_t count, json::integer_member(arguments, "count"));
    TRY(json::Object document, services.outbox.list(tenant, state, "", count));
    return json::Value(std::move(document));
}

Result<json::Value> notification_state(Services& services, const json::Object& arguments, const Actor&) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(json::Object document, services.outbox.state(tenant));
    return json::Value(std::move(document));
}

Result<json::Value> retry_notification(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string id, text_argument(arguments, "id"));
    TRY(json::Object document, services.outbox.retry(tenant, id, actor.id));
    return json::Value(std::move(document));
}

Result<json::Value> test_notifications(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    const notifications::Message message{.tenant = tenant,
                                         .event = std::string(config::kTestEvent),
                                         .subject = "test",
                                         .title = "A test of Quell's notices",
                                         .text = "Somebody asked for it on the command line; there is nothing to do.",
                                         .fields = {{"Asked for by", actor.id}},
                                         .data = {{"asked_for_by", actor.id}}};
    const audit::Record record{.tenant = tenant, .event = "notification_test", .actor = actor.id, .request_id = {}, .outcome = "ok", .detail = {}};
    const auto work = [&](store::Transaction& transaction) -> Result<void> {
        TRY_VOID(services.outbox.add(transaction, message));
        return services.trail.append(transaction, record);
    };
    TRY_VOID(services.store->write_and_wait<void>(work));
    TRY(json::Object state, services.outbox.state(tenant));
    return json::Value(std::move(state));
}

// No audit, no secret: the record is durable before it is shown.
Result<json::Value> show_webhook_secret(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    const audit::Record record{.tenant = tenant, .event = "webhook_secret_shown", .actor = actor.id, .request_id = {}, .outcome = "ok", .detail = {}};
    TRY_VOID(services.store->write_and_wait<void>([&](store::Transaction& transaction) { return services.trail.append(transaction, record); }));
    const SecretString secret = notifications::own_secret(services.key, tenant);
    return json::Value(json::Object{{"webhook_secret", secret.reveal()}});
}

}  // namespace quell::app
