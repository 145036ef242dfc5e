// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "api/order_routes.hpp"

#include "api/paging.hpp"
#include "json/read.hpp"
#include "json/serialize.hpp"
#include "json/slice.hpp"

namespace quell::embedded {
extern const std::string_view order_definitions;
}

namespace quell::api {
namespace {

using identity::Scope;
using policy::Entry;

template <class Service>
using Present = std::function<std::shared_ptr<Service>()>;

// The use case takes the key as an argument, since other doors have no headers.
json::Object arguments_of(const Call& call) {
    json::Object arguments(call.body, json::Storage{});
    if (call.idempotency_key) {
        arguments.emplace("idempotency_key", *call.idempotency_key);
    }
    return arguments;
}

base::Task<Reply> contain(std::shared_ptr<containment::Containment> containment, const Call& call) {
    const json::Object arguments = arguments_of(call);
    CO_TRY(std::string document, co_await containment->contain(call.caller, arguments, Entry::rest, call.stop));
    co_return Reply{.document = std::move(document)};
}

base::Task<Reply> revoke(std::shared_ptr<revocation::Revocation> revocation, const Call& call) {
    const json::Object arguments = arguments_of(call);
    CO_TRY(std::string document, co_await revocation->revoke(call.caller, arguments, Entry::rest, call.stop));
    co_return Reply{.document = std::move(document)};
}

template <class Service>
base::Task<Reply> get_request(std::shared_ptr<Service> service, const Call& call) {
    CO_TRY(std::string document, co_await service->get(call.caller, RequestId(call.path.front())));
    co_return Reply{.document = std::move(document)};
}

std::string id_of(std::string_view request) {
    const std::string_view quoted = json::member_text(request, "request_id").value_or(R"("")");
    return std::string(quoted.substr(1, quoted.size() - 2));
}

template <class Service>
base::Task<Reply> list_requests(std::shared_ptr<Service> service, const Call& call) {
    CO_TRY(const Page page, read_page(call));
    CO_TRY(const std::string found, service->list(call.caller, RequestId(page.after), page.limit + 1));
    const auto requests = json::element_texts(json::member_text(found, "requests").value_or("[]"));
    co_return Reply{.document = page_document(requests, page, id_of)};
}

template <class Service>
base::Task<Reply> capabilities(std::shared_ptr<Service> service, const Call& call) {
    CO_TRY(const json::Value document, service->capabilities(call.caller, Entry::rest));
    co_return Reply{.document = json::serialize(document)};
}

template <class Service>
Handler bind(const Present<Service>& present, base::Task<Reply> (*function)(std::shared_ptr<Service>, const Call&)) {
    return [present, function](const Call& call) { return function(present(), call); };
}

std::vector<Route> containment_routes(const Present<containment::Containment>& present) {
    return {{.method = "POST", .path = "/api/v1/containment-requests", .operation = "createContainmentRequest",
             .tag = "Containment", .summary = "Contain, release or lock devices. Waits some seconds for the outcome; while `status` is `pending`, ask again by `request_id`.",
             .scope = Scope::devices_contain, .body = "ContainmentArguments", .answer = "ContainmentRequest",
             .takes_idempotency_key = true, .handler = bind(present, contain)},
            {.method = "GET", .path = "/api/v1/containment-requests", .operation = "listContainmentRequests",
             .tag = "Containment", .summary = "The tenant's containment requests, newest first.",
             .scope = Scope::devices_contain, .query = page_parameters(), .answer = "ContainmentRequestPage",
             .handler = bind(present, list_requests<containment::Containment>)},
            {.method = "GET", .path = "/api/v1/containment-requests/{request_id}", .operation = "getContainmentRequest",
             .tag = "Containment", .summary = "The present state of a containment request.",
             .scope = Scope::devices_contain, .answer = "ContainmentRequest",
             .handler = bind(present, get_request<containment::Containment>)},
            {.method = "GET", .path = "/api/v1/containment-capabilities", .operation = "listContainmentCapabilities",
             .tag = "Containment", .summary = "Which connectors can contain, release or lock devices, and whether the tenant allows it.",
             .scope = Scope::devices_contain, .answer = "Capabilities",
             .handler = bind(present, capabilities<containment::Containment>)}};
}

std::vector<Route> revocation_routes(const Present<revocation::Revocation>& present) {
    return {{.method = "POST", .path = "/api/v1/revocation-requests", .operation = "createRevocationRequest",
             .tag = "Revocation", .summary = "End the sessions of one user. Waits some seconds for the outcome; while `status` is `pending`, ask again by `request_id`.",
             .scope = Scope::sessions_revoke, .body = "RevocationArguments", .answer = "RevocationRequest",
             .takes_idempotency_key = true, .handler = bind(present, revoke)},
            {.method = "GET", .path = "/api/v1/revocation-requests", .operation = "listRevocationRequests",
             .tag = "Revocation", .summary = "The tenant's revocation requests, newest first.",
             .scope = Scope::sessions_revoke, .query = page_parameters(), .answer = "RevocationRequestPage",
             .handler = bind(present, list_requests<revocation::Revocation>)},
            {.method = "GET", .path = "/api/v1/revocation-requests/{request_id}", .operation = "getRevocationRequest",
             .tag = "Revocation", .summary = "The present state of a revocation request.",
             .scope = Scope::sessions_revoke, .answer = "RevocationRequest",
             .handler = bind(present, get_request<revocation::Revocation>)},
            {.method = "GET", .path = "/api/v1/revocation-capabilities", .operation = "listRevocationCapabilities",
             .tag = "Revocation", .summary = "Which connectors can end a user's sessions, and whether the tenant allows it.",
             .scope = Scope::sessions_revoke, .answer = "Capabilities",
             .handler = bind(present, capabilities<revocation::Revocation>)}};
}

}  // namespace

RouteGroup order_routes(const OrderServices& services) {
    std::vector<Route> routes = containment_routes(services.containment);
    std::vector<Route> revocation = revocation_routes(services.revocation);
    std::move(revocation.begin(), revocation.end(), std::back_inserter(routes));
    return {std::move(routes), embedded::order_definitions};
}

}  // namespace quell::api
