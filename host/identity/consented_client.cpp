// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/digest.hpp"
#include "identity/client_rows.hpp"
#include "identity/token_service.hpp"
#include "store/codes.hpp"
#include "store/tokens.hpp"

namespace quell::identity {
namespace {

// RFC 7591 clients are of no tenant, and they were told their id.
std::optional<Client> if_made_by_consent(std::optional<store::ClientRow> row) {
    std::optional<Client> client = row ? std::optional(from_row(*std::move(row))) : std::nullopt;
    const bool made_by_consent = client && client->kind == ClientKind::dynamic && !client->tenant.empty();
    return made_by_consent ? std::move(client) : std::nullopt;
}

}  // namespace

Result<std::optional<Client>> TokenService::consented_client_of_code(std::string_view code) const {
    TRY(auto row, store_.read([&](store::Reader& reader) -> Result<std::optional<store::ClientRow>> {
        TRY(const auto found, store::find_code(reader, crypto::sha256(code)));
        return found ? store::find_client(reader, found->client) : std::optional<store::ClientRow>();
    }));
    return if_made_by_consent(std::move(row));
}

Result<std::optional<Client>> TokenService::consented_client_of_refresh_token(std::string_view token) const {
    TRY(auto row, store_.read([&](store::Reader& reader) -> Result<std::optional<store::ClientRow>> {
        TRY(const auto found, store::find_refresh_token(reader, crypto::sha256(token)));
        return found ? store::find_client(reader, found->family.client) : std::optional<store::ClientRow>();
    }));
    return if_made_by_consent(std::move(row));
}

}  // namespace quell::identity
