// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/client_rows.hpp"

#include "crypto/digest.hpp"

namespace quell::identity {
namespace {

std::vector<RedirectUri> parse_all(const std::vector<std::string>& texts) {
    std::vector<RedirectUri> uris;
    for (const std::string& text : texts) {
        // What the rules no longer allow is no longer used.
        if (auto uri = RedirectUri::parse(text)) {
            uris.push_back(*std::move(uri));
        }
    }
    return uris;
}

std::vector<GrantType> parse_grants(const std::vector<std::string>& words) {
    std::vector<GrantType> grants;
    for (const std::string& word : words) {
        if (const auto grant = parse_grant_type(word)) {
            grants.push_back(*grant);
        }
    }
    return grants;
}

ClientKind parse_kind(std::string_view word) {
    for (const ClientKind kind : {ClientKind::dynamic, ClientKind::metadata, ClientKind::shared}) {
        if (to_string(kind) == word) {
            return kind;
        }
    }
    return ClientKind::static_client;
}

}  // namespace

Client from_row(store::ClientRow row) {
    return {.id = std::move(row.id),
            .kind = parse_kind(row.kind),
            .tenant = std::move(row.tenant),
            .name = std::move(row.name),
            .confidential = row.secret_hash.has_value() || row.jwks.has_value(),
            .redirect_uris = parse_all(row.redirect_uris),
            .grants = parse_grants(row.grant_types),
            .scopes = ScopeSet::from_bits(row.scopes),
            .created_at = row.created_at,
            .last_used_at = row.last_used_at,
            .jwks = std::move(row.jwks).value_or("")};
}

store::ClientRow to_row(const Client& client, const SecretString& secret, std::string_view actor) {
    store::ClientRow row{.id = client.id,
                         .tenant = client.tenant,
                         .kind = std::string(to_string(client.kind)),
                         .name = client.name,
                         .secret_hash = {},
                         .redirect_uris = {},
                         .grant_types = {},
                         .scopes = client.scopes.bits(),
                         .created_by = std::string(actor),
                         .created_at = client.created_at,
                         .last_used_at = {}};
    if (!client.jwks.empty()) {
        row.jwks = client.jwks;
    } else if (client.confidential) {
        row.secret_hash = crypto::sha256(secret.reveal());
    }
    for (const RedirectUri& uri : client.redirect_uris) {
        row.redirect_uris.push_back(uri.text());
    }
    for (const GrantType grant : client.grants) {
        row.grant_types.emplace_back(to_string(grant));
    }
    return row;
}

}  // namespace quell::identity
