// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <algorithm>

#include "base/log.hpp"
#include "identity/presented_credential.hpp"
#include "identity/redirect_hosts.hpp"
#include "json/parse.hpp"
#include "json/read.hpp"
#include "oauth/attempt_source.hpp"
#include "oauth/handlers.hpp"
#include "oauth/json_answer.hpp"

// RFC 7591. A client that registers belongs to no tenant and can do nothing until a person consents.
namespace quell::oauth {
namespace {

using identity::AuthMethod;
using identity::ClientMetadata;

constexpr std::size_t kMostBytes = 64 * 1024;
constexpr json::Limits kLimits{.bytes = kMostBytes, .depth = 8, .values = 2'000};

Result<ClientMetadata> read_body(const http::Request& request) {
    const auto value = request.has_content_type("application/json")
                           ? json::parse(request.body, kLimits)
                           : invalid_arguments("The body must be application/json.");
    const json::Object* const document = value ? value->if_object() : nullptr;
    if (document == nullptr) {
        return Error(Code::invalid_argument, "invalid_client_metadata",
                     value ? "The body must be a JSON object." : value.error()->message);
    }
    return identity::read_client_metadata(*document);
}

// RFC 7591 3: who holds an initial access token. nullopt: it is needed and did not come.
Result<std::optional<std::string>> registrant(const Services& services, const http::Request& request) {
    const std::string_view token = identity::bearer_token(request.find("authorization"));
    TRY(const auto known, services.initial_tokens.find(token));
    if (known) {
        return std::optional("initial_token:" + *known);
    }
    const bool is_open = !services.settings().registration.require_initial_token;
    return is_open ? std::optional<std::string>("registration") : std::nullopt;
}

http::Response token_needed(const http::Request& request) {
    constexpr std::string_view kWhy = "An initial access token is needed to register here; ask an administrator.";
    log::info("oauth_refused", {{"path", request.path}, {"error", "invalid_token"}, {"peer", request.peer}});
    http::Response response = json_answer(401, {{"error", "invalid_token"}, {"error_description", kWhy}});
    response.headers.emplace_back("WWW-Authenticate", R"(Bearer realm="registration", error="invalid_token")");
    return response;
}

json::Array to_array(const std::vector<std::string>& texts) {
    json::Array array;
    for (const std::string& text : texts) {
        array.emplace_back(text);
    }
    return array;
}

// RFC 7591 3.2.1: all that was registered, as it is.
json::Object describe(const ClientMetadata& metadata, std::string_view id, std::string_view name) {
    json::Array grants;
    for (const identity::GrantType grant : metadata.grants) {
        grants.emplace_back(identity::to_string(grant));
    }
    const AuthMethod method = metadata.auth_method.value_or(AuthMethod::client_secret_basic);
    json::Object document = {{"client_id", id},
                             {"client_name", name},
                             {"redirect_uris", to_array(metadata.redirect_uris)},
                             {"grant_types", std::move(grants)},
                             {"response_types", json::Array{"code"}},
                             {"token_endpoint_auth_method", identity::to_string(method)},
                             {"scope", metadata.scopes.to_string()}};
    if (!metadata.application_type.empty()) {
        document["application_type"] = metadata.application_type;
    }
    if (method == AuthMethod::private_key_jwt) {
        document["jwks"] = json::parse(metadata.jwks).value_or(json::Value());
    }
    return document;
}

http::Response registered(const ClientMetadata& metadata, const identity::CreatedClient& created) {
    json::Object document = describe(metadata, created.client.id.str(), created.client.name);
    document["client_id_issued_at"] = unix_millis(created.client.created_at) / 1000;
    if (!created.secret.empty()) {
        document["client_secret"] = created.secret.reveal();
        document["client_secret_expires_at"] = 0;  // never
    }
    return json_answer(201, document);
}

// E06: with a shared client, whoever may be it need not be registered.
bool may_share(const config::OAuthSettings& settings, const ClientMetadata& wanted,
               const std::vector<identity::RedirectUri>& uris) {
    return !settings.shared_client.empty() && wanted.auth_method == AuthMethod::none &&
           std::ranges::all_of(uris, [](const identity::RedirectUri& uri) {
               return identity::may_lead_to(identity::known_clients_only(), uri);
           });
}

http::Answer add_client(const Services& services, const http::Request& request, std::string actor) {
    auto wanted = read_body(request);
    if (!wanted) {
        co_return refused(request, to_oauth(wanted.error()));
    }
    const config::OAuthSettings settings = services.settings();
    auto uris = identity::registrable_uris(wanted->redirect_uris, settings.redirect_hosts);
    if (!uris) {
        co_return refused(request, to_oauth(uris.error()));
    }
    if (may_share(settings, *wanted, *uris)) {
        co_return json_answer(201, describe(*wanted, settings.shared_client, wanted->name));
    }
    const auto created = co_await services.registration.add(*wanted, *std::move(uris), std::move(actor));
    co_return created ? registered(*wanted, *created) : refused(request, to_oauth(created.error()));
}

}  // namespace

http::Answer register_client(const Services& services, const http::Request& request) {
    if (!services.settings().registration.enabled) {
        co_return http::text(404, "Clients do not register here.\n");
    }
    if (request.body.size() > kMostBytes) {
        co_return refused(request, {ErrorCode::too_large, "The body is larger than 64 KiB."});
    }
    if (const auto wait = services.stranger_throttle.attempt("register\n" + attempt_source(request.peer))) {
        co_return refused(request, {ErrorCode::too_many_attempts, "Too many registrations; wait.", *wait});
    }
    auto actor = registrant(services, request);
    if (!actor) {
        co_return refused(request, to_oauth(actor.error()));
    }
    if (!*actor) {
        co_return token_needed(request);
    }
    co_return co_await add_client(services, request, **std::move(actor));
}

}  // namespace quell::oauth
