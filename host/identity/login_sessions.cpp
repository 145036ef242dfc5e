// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/login_sessions.hpp"

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "crypto/digest.hpp"
#include "store/login_sessions.hpp"

namespace quell::identity {
namespace {

audit::Record record(std::string_view event, const User& user) {
    return {.tenant = {},
            .event = std::string(event),
            .actor = "user:" + user.id.str(),
            .request_id = {},
            .outcome = "ok",
            .detail = {{"email", user.email}}};
}

}  // namespace

std::string Login::csrf_token(std::string_view subject) const {
    return to_base64url(crypto::as_text(crypto::hmac_sha256(csrf_secret, subject)));
}

bool Login::accepts_csrf_token(std::string_view token, std::string_view subject) const {
    return crypto::equal_constant_time(token, csrf_token(subject));
}

base::Task<std::string> LoginSessions::start(User user, std::string previous_id, TenantId tenant) {
    const std::string id = random_token();
    const WallTime now = now_();
    store::LoginSessionRow row{.hash = crypto::sha256(id),
                               .user = user.id,
                               .csrf_secret = random_token(),
                               .created_at = now,
                               .expires_at = now + kLoginLife,
                               .tenant = std::move(tenant)};
    auto work = [&trail = trail_, row = std::move(row), user = std::move(user),
                 previous = crypto::sha256(previous_id)](store::Transaction& transaction) -> Result<void> {
        TRY_VOID(store::delete_login_session(transaction, previous));
        TRY_VOID(store::insert_login_session(transaction, row));
        return trail.append(transaction, record("login_ok", user));
    };
    CO_TRY_VOID(co_await store_.write<void>(work));
    co_return id;
}

Result<std::optional<Login>> LoginSessions::find(std::string_view id) const {
    if (id.empty()) {
        return std::optional<Login>();
    }
    TRY(const auto live, store_.read([&](store::Reader& reader) {
        return store::find_live_login(reader, crypto::sha256(id), now_());
    }));
    if (!live) {
        return std::optional<Login>();
    }
    return Login{{live->session.user, live->email}, live->session.csrf_secret, live->session.tenant};
}

base::Task<void> LoginSessions::end(std::string id, User user) {
    auto work = [&trail = trail_, hash = crypto::sha256(id),
                 user = std::move(user)](store::Transaction& transaction) -> Result<void> {
        TRY_VOID(store::delete_login_session(transaction, hash));
        return trail.append(transaction, record("logout", user));
    };
    co_return co_await store_.write<void>(work);
}

}  // namespace quell::identity
