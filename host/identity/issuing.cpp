// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/issuing.hpp"

#include "base/random.hpp"
#include "crypto/digest.hpp"
#include "store/clients.hpp"
#include "store/tokens.hpp"

namespace quell::identity {
namespace {

// How stale last_used_at may be: it spares most token requests an update.
constexpr std::chrono::minutes kUseResolution{1};

}  // namespace

Outcome refused(std::string_view key, std::string_view message) {
    return {.refusal = Error(Code::invalid_argument, std::string(key), std::string(message))};
}

Outcome invalid_grant(std::string_view message) {
    return refused("invalid_grant", message);
}

Result<IssuedTokens> issue_access_token(store::Transaction& transaction, const TokenSubject& subject,
                                        std::string_view audience, WallTime now) {
    const Client& client = subject.client;
    const std::string token = "qat_" + random_token();
    const store::AccessTokenRow row{.hash = crypto::sha256(token),
                                    .client = client.id,
                                    .family_id = subject.family,
                                    .user = subject.user,
                                    .tenant = subject.tenant,
                                    .scopes = subject.scopes.bits(),
                                    .audience = std::string(audience),
                                    .created_at = now,
                                    .expires_at = now + kAccessTokenLife};
    TRY_VOID(store::insert_access_token(transaction, row));
    if (!client.last_used_at || now - *client.last_used_at >= kUseResolution) {
        TRY_VOID(store::touch_client(transaction, client.id, now));
    }
    return IssuedTokens{.access_token = token,
                        .refresh_token = {},
                        .scopes = subject.scopes,
                        .expires_in = kAccessTokenLife};
}

Result<std::string> issue_refresh_token(store::Transaction& transaction, std::string_view family, WallTime now) {
    const std::string token = "qrt_" + random_token();
    TRY_VOID(store::insert_refresh_token(transaction, {.hash = crypto::sha256(token),
                                                       .family_id = std::string(family),
                                                       .created_at = now,
                                                       .expires_at = now + kRefreshTokenLife,
                                                       .used_at = {}}));
    return token;
}

audit::Record token_record(std::string_view event, std::string_view outcome, const TokenSubject& subject) {
    json::Object detail = {{"client_id", subject.client.id.str()}, {"scopes", subject.scopes.to_string()}};
    if (subject.family) {
        detail["family"] = *subject.family;
    }
    return {.tenant = subject.tenant,
            .event = std::string(event),
            .actor = subject.user ? "user:" + subject.user->str() : "client:" + subject.client.id.str(),
            .request_id = {},
            .outcome = std::string(outcome),
            .detail = std::move(detail)};
}

std::optional<ScopeSet> parse_all_scopes(std::string_view text) {
    ScopeSet all;
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        const std::string_view word = text.substr(0, space);
        text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
        const auto scopes = parse_scope_word(word);
        if (!scopes && !word.empty()) {
            return std::nullopt;
        }
        all = all | scopes.value_or(ScopeSet{});
    }
    return all;
}

}  // namespace quell::identity
