// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/clients.hpp"

#include <algorithm>
#include <array>

#include "base/random.hpp"
#include "crypto/digest.hpp"
#include "crypto/jwk.hpp"
#include "identity/client_rows.hpp"
#include "identity/display_name.hpp"
#include "store/clients.hpp"

namespace quell::identity {
namespace {

constexpr std::array kAllGrants = {GrantType::authorization_code, GrantType::refresh_token,
                                   GrantType::client_credentials};
constexpr std::size_t kMaxRedirectUris = 20;

Error unknown_client() {
    return {Code::not_found, "client_not_found", "This tenant has no such client."};
}

std::vector<GrantType> grants_of(const NewClient& wanted) {
    if (!wanted.grants.empty()) {
        return wanted.grants;
    }
    if (wanted.redirect_uris.empty()) {
        return {GrantType::client_credentials};
    }
    return {GrantType::authorization_code, GrantType::refresh_token};
}

// Each grant with what it cannot do without.
Result<void> check_grants(const Client& client) {
    if (client.may_use(GrantType::client_credentials) && !client.confidential) {
        return invalid_arguments("a public client cannot have the client_credentials grant")
            .next_step("Give it a --redirect-uri: a public client acts for a person who signs in.");
    }
    if (client.may_use(GrantType::authorization_code) == client.redirect_uris.empty()) {
        return invalid_arguments("redirect URIs and the authorization_code grant go together");
    }
    if (client.may_use(GrantType::refresh_token) && !client.may_use(GrantType::authorization_code)) {
        return invalid_arguments("the refresh_token grant needs the authorization_code grant");
    }
    return {};
}

// A client proves itself in one way.
Result<void> check_keys(const NewClient& wanted) {
    if (wanted.jwks.empty()) {
        return {};
    }
    if (!wanted.confidential) {
        return invalid_arguments("a public client has no keys");
    }
    TRY_VOID(crypto::KeySet::parse(wanted.jwks));
    return {};
}

Result<Client> make_client(const NewClient& wanted, WallTime now) {
    TRY_VOID(check_display_name(wanted.name));
    TRY_VOID(check_keys(wanted));
    if (wanted.tenant.empty() || wanted.scopes.empty() || wanted.redirect_uris.size() > kMaxRedirectUris) {
        return invalid_arguments("a client needs a tenant, one scope or more, and at most 20 redirect URIs");
    }
    Client client{.id = ClientId(uuid_v4()),
                  .kind = ClientKind::static_client,
                  .tenant = wanted.tenant,
                  .name = wanted.name,
                  .confidential = wanted.confidential,
                  .redirect_uris = {},
                  .grants = grants_of(wanted),
                  .scopes = wanted.scopes,
                  .created_at = now,
                  .last_used_at = {},
                  .jwks = wanted.jwks};
    for (const std::string& text : wanted.redirect_uris) {
        TRY(RedirectUri uri, RedirectUri::parse(text));
        client.redirect_uris.push_back(std::move(uri));
    }
    TRY_VOID(check_grants(client));
    return client;
}

audit::Record record(std::string_view event, const TenantId& tenant, const ClientId& id, std::string_view actor) {
    return {.tenant = tenant,
            .event = std::string(event),
            .actor = std::string(actor),
            .request_id = {},
            .outcome = "ok",
            .detail = {{"client_id", id.str()}}};
}

}  // namespace

std::string_view to_string(ClientKind kind) {
    static constexpr std::array<std::string_view, 4> kNames = {"static", "dynamic", "metadata", "shared"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string_view to_string(GrantType grant) {
    static constexpr std::array<std::string_view, 3> kNames = {"authorization_code", "refresh_token",
                                                               "client_credentials"};
    return kNames[static_cast<std::size_t>(grant)];
}

std::optional<GrantType> parse_grant_type(std::string_view text) {
    for (const GrantType grant : kAllGrants) {
        if (to_string(grant) == text) {
            return grant;
        }
    }
    return std::nullopt;
}

bool Client::may_use(GrantType grant) const {
    return std::find(grants.begin(), grants.end(), grant) != grants.end();
}

Result<CreatedClient> Clients::create_and_wait(const NewClient& wanted, std::string_view actor) {
    TRY(Client client, make_client(wanted, now_()));
    SecretString secret(client.confidential && client.jwks.empty() ? "qcs_" + random_token() : std::string());
    const store::ClientRow row = to_row(client, secret, actor);
    const auto insert = [&](store::Transaction& transaction) -> Result<void> {
        TRY_VOID(store::insert_client(transaction, row));
        audit::Record made = record("client_created", client.tenant, client.id, actor);
        made.detail["name"] = client.name;
        made.detail["scopes"] = client.scopes.to_string();
        return trail_.append(transaction, made);
    };
    TRY_VOID(store_.write_and_wait<void>(insert));
    return CreatedClient{std::move(client), std::move(secret)};
}

Result<std::vector<ListedClient>> Clients::list(const TenantId& tenant) const {
    TRY(std::vector<store::ClientSummary> rows, store_.read([&](store::Reader& reader) {
        return store::list_clients(reader, tenant, now_());
    }));
    std::vector<ListedClient> listed;
    for (store::ClientSummary& row : rows) {
        std::string created_by = row.client.created_by;
        listed.push_back({from_row(std::move(row.client)), std::move(created_by), row.live_tokens});
    }
    return listed;
}

Result<void> Clients::remove_and_wait(const TenantId& tenant, const ClientId& id, std::string_view actor) {
    const RevocationClock::Guard guard = clock_.begin();
    return store_.write_and_wait<void>([&](store::Transaction& transaction) -> Result<void> {
        TRY(const bool found, store::delete_client(transaction, tenant, id));
        if (!found) {
            return unknown_client();
        }
        return trail_.append(transaction, record("client_deleted", tenant, id, actor));
    });
}

Result<SecretString> Clients::regenerate_secret_and_wait(const TenantId& tenant, const ClientId& id,
                                                         std::string_view actor) {
    TRY(const std::optional<Client> client, find(id.str()));
    if (!client || client->tenant != tenant) {
        return unknown_client();
    }
    if (!client->confidential || !client->jwks.empty()) {
        return invalid_arguments("this client has no secret");
    }
    SecretString secret("qcs_" + random_token());
    const auto replace = [&](store::Transaction& transaction) -> Result<void> {
        TRY(const bool found, store::set_client_secret(transaction, tenant, id, crypto::sha256(secret.reveal())));
        if (!found) {
            return unknown_client();
        }
        return trail_.append(transaction, record("secret_regenerated", tenant, id, actor));
    };
    TRY_VOID(store_.write_and_wait<void>(replace));
    return secret;
}

Result<std::optional<Client>> Clients::find(std::string_view id) const {
    TRY(std::optional<store::ClientRow> row, store_.read([&](store::Reader& reader) {
        return store::find_client(reader, ClientId(std::string(id)));
    }));
    return row ? std::optional(from_row(*std::move(row))) : std::nullopt;
}

Result<std::optional<Client>> Clients::authenticate(std::string_view id, std::string_view secret) const {
    TRY(std::optional<store::ClientRow> row, store_.read([&](store::Reader& reader) {
        return store::find_client(reader, ClientId(std::string(id)));
    }));
    if (!row) {
        return std::optional<Client>();
    }
    // One with keys signs; no secret stands in for that.
    if (row->jwks) {
        return std::optional<Client>();
    }
    const bool proved = row->secret_hash ? crypto::equal_constant_time(crypto::as_text(*row->secret_hash),
                                                                       crypto::as_text(crypto::sha256(secret)))
                                         : secret.empty();
    return proved ? std::optional(from_row(*std::move(row))) : std::nullopt;
}

}  // namespace quell::identity
