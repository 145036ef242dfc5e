// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/find_client.hpp"

#include "base/random.hpp"
#include "identity/display_name.hpp"
#include "identity/metadata_document.hpp"
#include "identity/redirect_hosts.hpp"
#include "oauth/attempt_source.hpp"
#include "oauth/consented_client.hpp"

namespace quell::oauth {
namespace {

using identity::ClientKind;
using identity::GrantType;

OAuthError unknown() {
    return {ErrorCode::unverified_request, "This client is not known here. It may have been deleted."};
}

std::string_view named_client(const Authorization& authorization) {
    return authorization.parameters.value("client_id");
}

bool asks_to_be_made(const Authorization& authorization) {
    return !authorization.parameters.has("client_id") || named_client(authorization) == kDynamic;
}

// A public client that acts for people, as the request has it: the redirect URI is its only feature.
identity::Client made_of(const Authorization& authorization, ClientKind kind, identity::RedirectUri uri) {
    const std::string_view name = authorization.parameters.value("client_name");
    return {.id = ClientId(uuid_v4()),
            .kind = kind,
            .tenant = {},
            .name = identity::check_display_name(name) ? std::string(name) : "MCP client at " + uri.host(),
            .confidential = false,
            .redirect_uris = {std::move(uri)},
            .grants = {GrantType::authorization_code, GrantType::refresh_token},
            .scopes = identity::ScopeSet::all(),
            .created_at = {},
            .last_used_at = {}};
}

// V11: a redirect URI that the rules refuse is told here and never followed (OA-27).
std::variant<identity::RedirectUri, OAuthError> read_redirect_uri(const Authorization& authorization,
                                                                  const config::RedirectHosts& hosts) {
    const Form& parameters = authorization.parameters;
    if (!parameters.has("redirect_uri") || parameters.repeats("redirect_uri")) {
        return OAuthError{ErrorCode::unverified_request, "The parameter redirect_uri is needed, once."};
    }
    auto uri = identity::RedirectUri::parse(parameters.value("redirect_uri"));
    if (!uri) {
        return OAuthError{ErrorCode::unverified_request, "The " + uri.error()->message + "."};
    }
    if (!identity::may_lead_to(hosts, *uri)) {
        return OAuthError{ErrorCode::unverified_request,
                          "This host's administrator does not allow new clients to lead people to " + uri->host() + "."};
    }
    return *std::move(uri);
}

// V08, V09: it exists once an administrator allows it.
Refusal propose_client(const config::OAuthSettings& settings, Authorization& authorization) {
    if (!settings.dynamic_clients) {
        return OAuthError{ErrorCode::unverified_request, "The parameter client_id is needed: no client is made here."};
    }
    auto uri = read_redirect_uri(authorization, settings.redirect_hosts);
    if (auto* refusal = std::get_if<OAuthError>(&uri)) {
        return std::move(*refusal);
    }
    authorization.client =
        made_of(authorization, ClientKind::dynamic, std::get<identity::RedirectUri>(std::move(uri)));
    authorization.is_new_client = true;
    authorization.saves_client = true;
    return std::nullopt;
}

// E06: everybody's client, so only where impostors are known not to be: vendors' hosts and the person's own machine.
Refusal share_client(const config::OAuthSettings& settings, Authorization& authorization) {
    auto uri = read_redirect_uri(authorization, identity::known_clients_only());
    if (auto* refusal = std::get_if<OAuthError>(&uri)) {
        return std::move(*refusal);
    }
    identity::Client client =
        made_of(authorization, ClientKind::shared, std::get<identity::RedirectUri>(std::move(uri)));
    client.id = ClientId(settings.shared_client);
    client.name = "Shared client";
    authorization.client = std::move(client);
    authorization.saves_client = true;
    return std::nullopt;
}

LaterRefusal fetch_client(const Services& services, const config::MetadataDocumentSettings& rules,
                          std::string_view peer, Authorization& authorization) {
    if (const auto wait = services.stranger_throttle.attempt("document\n" + attempt_source(peer))) {
        co_return OAuthError{ErrorCode::too_many_attempts, "Too many documents were asked for; wait a minute.", *wait};
    }
    std::string id(named_client(authorization));
    Result<identity::Client> client = co_await services.documents.find(std::move(id), rules);
    if (!client) {
        OAuthError refusal = to_oauth(client.error());
        if (refusal.code == ErrorCode::invalid_client) {
            refusal.code = ErrorCode::unverified_client;
        }
        co_return refusal;
    }
    authorization.client = *std::move(client);
    authorization.saves_client = true;
    co_return std::nullopt;
}

}  // namespace

bool is_described_elsewhere(const Authorization& authorization) {
    return identity::names_metadata_document(named_client(authorization));
}

LaterRefusal find_client(const Services& services, std::string_view peer, Authorization& authorization) {
    const config::OAuthSettings settings = services.settings();
    if (authorization.parameters.repeats("client_id")) {
        co_return OAuthError{ErrorCode::unverified_request, "The parameter client_id is needed, once."};
    }
    if (asks_to_be_made(authorization)) {
        co_return propose_client(settings, authorization);
    }
    if (named_client(authorization) == settings.shared_client) {
        co_return share_client(settings, authorization);
    }
    if (is_described_elsewhere(authorization)) {
        co_return co_await fetch_client(services, settings.metadata_documents, peer, authorization);
    }
    co_return find_stored_client(services, authorization);
}

Refusal find_stored_client(const Services& services, Authorization& authorization) {
    auto found = services.clients.find(named_client(authorization));
    if (!found) {
        return to_oauth(found.error());
    }
    // One that the settings no longer share stays in the store for the tokens that it holds.
    if (!*found || (*found)->kind == ClientKind::shared) {
        return unknown();
    }
    authorization.client = **std::move(found);
    return std::nullopt;
}

}  // namespace quell::oauth
