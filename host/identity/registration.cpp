// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/registration.hpp"

#include "base/random.hpp"
#include "identity/client_rows.hpp"

namespace quell::identity {
namespace {

// What strangers may leave in the store: some megabytes.
constexpr std::int64_t kMostUnused = 10'000;

Client make_client(const ClientMetadata& wanted, std::vector<RedirectUri> uris, WallTime now) {
    // RFC 7591 2: client_secret_basic if nothing is said.
    const AuthMethod method = wanted.auth_method.value_or(AuthMethod::client_secret_basic);
    Client client{.id = ClientId(uuid_v4()),
                  .kind = ClientKind::dynamic,
                  .tenant = {},
                  .name = wanted.name.empty() ? "MCP client at " + uris.front().host() : wanted.name,
                  .confidential = method != AuthMethod::none,
                  .redirect_uris = std::move(uris),
                  .grants = wanted.grants,
                  .scopes = wanted.scopes,
                  .created_at = now,
                  .last_used_at = {}};
    if (method == AuthMethod::private_key_jwt) {
        client.jwks = wanted.jwks;
    }
    return client;
}

audit::Record record_of(const Client& client, std::string_view actor) {
    return {.event = "client_registered",
            .actor = std::string(actor),
            .outcome = "ok",
            .detail = {{"client_id", client.id.str()}, {"name", client.name}, {"scopes", client.scopes.to_string()}}};
}

}  // namespace

base::Task<CreatedClient> Registration::add(ClientMetadata wanted, std::vector<RedirectUri> uris, std::string actor) {
    Client client = make_client(wanted, std::move(uris), now_());
    const bool has_secret = client.confidential && client.jwks.empty();
    SecretString secret(has_secret ? "qcs_" + random_token() : std::string());
    auto work = [this, row = to_row(client, secret, actor),
                 record = record_of(client, actor)](store::Transaction& transaction) -> Result<void> {
        TRY(const std::int64_t unused, store::count_unused_clients(transaction));
        if (unused >= kMostUnused) {
            return Error(Code::resource_exhausted, "rate_limited", "Too many clients wait for their first use.")
                .retryable(3600);
        }
        TRY_VOID(store::insert_client(transaction, row));
        return trail_.append(transaction, record);
    };
    CO_TRY_VOID(co_await store_.write<void>(work));
    co_return CreatedClient{std::move(client), std::move(secret)};
}

}  // namespace quell::identity
