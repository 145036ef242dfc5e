// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "audit/trail.hpp"
#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "identity/api_keys.hpp"
#include "identity/authenticator.hpp"
#include "identity/client_assertions.hpp"
#include "identity/clients.hpp"
#include "identity/initial_tokens.hpp"
#include "identity/login_sessions.hpp"
#include "identity/password_pool.hpp"
#include "identity/registration.hpp"
#include "identity/token_service.hpp"
#include "identity/users.hpp"
#include "store/store.hpp"

namespace quell::identity {

inline constexpr std::string_view kPassword = "correct horse battery";
inline constexpr std::string_view kPublicUrl = "https://quell.example";
// RFC 7636 appendix B.
inline constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline constexpr std::string_view kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        std::string pattern = (std::filesystem::temp_directory_path() / "quell-identity-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    ~TemporaryDirectory() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

// The services over a store of their own, at a time that the test sets.
class TemporaryHost {
  public:
    explicit TemporaryHost(std::string_view public_url = kPublicUrl)
        : tokens(*store, trail, clock, public_url, clock_of_test()),
          assertions(*store, clients, public_url, clock_of_test()),
          authenticator(*store, clock, public_url, clock_of_test()) {}

    // Runs a coroutine to its end on this thread.
    template <class T>
    T run(boost::asio::awaitable<T, boost::asio::io_context::executor_type> task) {
        std::optional<T> out;
        boost::asio::co_spawn(context_, std::move(task), [&](std::exception_ptr failure, T value) {
            if (failure) {
                std::rethrow_exception(failure);
            }
            out.emplace(std::move(value));
        });
        context_.restart();
        context_.run();
        return std::move(*out);
    }

    User add_user(std::string email, Role role = Role::analyst, std::string tenant = "acme") {
        const bool known = !added_.insert(email).second;
        NewUser wanted{std::move(email), SecretString(known ? std::string() : std::string(kPassword)),
                       TenantId(std::move(tenant)), role};
        return users.add_and_wait(std::move(wanted), "uid:0").value();
    }

    NewClient a_client() const {
        return {.tenant = TenantId("acme"),
                .name = "SOAR",
                .redirect_uris = {"https://soar.example/callback"},
                .scopes = ScopeSet::all(),
                .confidential = true};
    }
    CreatedClient add_client(const NewClient& wanted) { return clients.create_and_wait(wanted, "uid:0").value(); }

    Approval an_approval(const Client& client, const User& user) const {
        return {.client = client,
                .user = user,
                .tenant = TenantId("acme"),
                .scopes = client.scopes & ScopeSet::usual(),
                .redirect_uri = client.redirect_uris.front().text(),
                .code_challenge = std::string(kChallenge)};
    }
    Result<IssuedTokens> redeem(const Client& client, const std::string& code) {
        return run(tokens.redeem(client, code, client.redirect_uris.front().text(), std::string(kVerifier)));
    }
    // The whole way from consent to tokens.
    IssuedTokens grant(const Client& client, const User& user) {
        return redeem(client, run(tokens.approve(an_approval(client, user))).value()).value();
    }

    // Whether the newest records of a chain hold this event.
    bool has_event(std::string_view event, std::string tenant = "acme") const {
        const auto entries = trail.tail(TenantId(std::move(tenant)), 10, {.event = std::string(event), .actor = {}, .request_id = {}, .since = {}});
        return entries && !entries->empty();
    }

    // Changes the store behind the services' back.
    template <class... Args>
    void tamper(std::string_view sql, const Args&... args) {
        const auto done = store->write_and_wait<void>([&](store::Transaction& transaction) -> Result<void> {
            TRY_VOID(transaction.run(sql, args...));
            return {};
        });
        ASSERT_TRUE(done.has_value());
    }

    Now clock_of_test() {
        return [this] { return now; };
    }

    WallTime now = from_unix_millis(1'800'000'000'000);

  private:
    boost::asio::io_context context_;
    TemporaryDirectory directory_;
    std::set<std::string> added_;

  public:
    std::unique_ptr<store::Store> store = store::Store::open({.path = directory_.path / "quell.db"}).value();
    crypto::SealingKey key = crypto::SealingKey::make(SecretString(std::string(32, 'k'))).value();
    audit::Trail trail{*store, key};
    RevocationClock clock;
    PasswordPool passwords;
    Clients clients{*store, trail, clock, clock_of_test()};
    ApiKeys keys{*store, trail, clock, clock_of_test()};
    Users users{*store, trail, clock, passwords, clock_of_test()};
    LoginSessions logins{*store, trail, clock_of_test()};
    Registration registration{*store, trail, clock_of_test()};
    InitialTokens initial_tokens{*store, trail, clock_of_test()};
    TokenService tokens;
    ClientAssertions assertions;
    Authenticator authenticator;
};

inline std::string key_of(const Result<Principal>& principal) {
    return principal ? "ok" : principal.error()->key;
}
inline std::string key_of(const Result<IssuedTokens>& tokens) {
    return tokens ? "ok" : tokens.error()->key;
}

}  // namespace quell::identity
