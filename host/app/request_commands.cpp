// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/commands.hpp"
#include "app/run_and_wait.hpp"
#include "json/read.hpp"
#include "usage/meter.hpp"

namespace quell::app {

// Both kinds share their ids' space, so the caller need not know which it is.
Result<json::Value> get_request(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string id, text_argument(arguments, "request_id"));
    const identity::Principal principal = as_principal(tenant, actor);
    const auto deployment = services.deployment();
    auto containment = run_and_wait(deployment->containment.get(principal, RequestId(id)));
    const bool try_other = !containment && containment.error()->key == "request_not_found";
    return as_answer(try_other ? run_and_wait(deployment->revocation.get(principal, RequestId(id)))
                               : std::move(containment));
}

Result<json::Value> list_requests(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string kind, text_argument(arguments, "kind"));
    TRY(const std::int64_t count, json::integer_member(arguments, "count"));
    const identity::Principal principal = as_principal(tenant, actor);
    const auto deployment = services.deployment();
    if (kind == "containment") {
        return as_answer(deployment->containment.list(principal, RequestId(), count));
    }
    if (kind == "revocation") {
        return as_answer(deployment->revocation.list(principal, RequestId(), count));
    }
    return invalid_arguments("`kind` is one of two words.").allowed({"containment", "revocation"});
}

Result<json::Value> reveal_pin(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    TRY(const std::string request, text_argument(arguments, "request_id"));
    TRY(const std::string device, text_argument(arguments, "provider_device_id"));
    TRY(const std::string reason, text_argument(arguments, "reason"));
    const identity::Principal principal = as_principal(tenant, actor);
    const auto deployment = services.deployment();
    TRY(const SecretString pin,
        run_and_wait(deployment->containment.reveal_pin(principal, RequestId(request), device, reason)));
    return json::Object{{"request_id", request}, {"provider_device_id", device}, {"lock_pin", pin.reveal()}};
}

Result<json::Value> show_usage(Services& services, const json::Object& arguments, const Actor&) {
    TRY(const TenantId tenant, tenant_argument(services, arguments));
    return usage::usage_document(*services.store, tenant);
}

}  // namespace quell::app
