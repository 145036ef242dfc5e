// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/initial_tokens.hpp"

#include "base/random.hpp"
#include "crypto/digest.hpp"
#include "identity/display_name.hpp"

namespace quell::identity {
namespace {

audit::Record record(std::string_view event, std::string_view id, std::string_view actor) {
    return {.event = std::string(event),
            .actor = std::string(actor),
            .outcome = "ok",
            .detail = {{"initial_token", id}}};
}

}  // namespace

Result<CreatedInitialToken> InitialTokens::create_and_wait(std::string_view name, std::chrono::hours life,
                                                           std::string_view actor) {
    TRY_VOID(check_display_name(name));
    if (life < std::chrono::hours(24) || life > std::chrono::hours(24 * 366)) {
        return invalid_arguments("an initial access token lives 1 to 366 days");
    }
    SecretString token("qit_" + random_token());
    const store::InitialAccessTokenRow row{.id = uuid_v4(),
                                           .hash = crypto::sha256(token.reveal()),
                                           .name = std::string(name),
                                           .created_by = std::string(actor),
                                           .created_at = now_(),
                                           .expires_at = now_() + life};
    const auto insert = [&](store::Transaction& transaction) -> Result<void> {
        TRY_VOID(store::insert_initial_access_token(transaction, row));
        return trail_.append(transaction, record("initial_token_created", row.id, actor));
    };
    TRY_VOID(store_.write_and_wait<void>(insert));
    return CreatedInitialToken{row, std::move(token)};
}

Result<std::vector<store::InitialAccessTokenRow>> InitialTokens::list() const {
    return store_.read([](store::Reader& reader) { return store::list_initial_access_tokens(reader); });
}

Result<void> InitialTokens::remove_and_wait(std::string_view id, std::string_view actor) {
    return store_.write_and_wait<void>([&](store::Transaction& transaction) -> Result<void> {
        TRY(const bool found, store::delete_initial_access_token(transaction, id));
        if (!found) {
            return Error(Code::not_found, "initial_token_not_found", "There is no such initial access token.")
                .next_step("`quell client initial-token list` names them.");
        }
        return trail_.append(transaction, record("initial_token_deleted", id, actor));
    });
}

Result<std::optional<std::string>> InitialTokens::find(std::string_view token) const {
    TRY(auto row, store_.read([&](store::Reader& reader) {
        return store::find_initial_access_token(reader, crypto::sha256(token), now_());
    }));
    return row ? std::optional(std::move(row->id)) : std::nullopt;
}

}  // namespace quell::identity
