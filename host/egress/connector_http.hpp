// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "egress/circuit_breaker.hpp"
#include "egress/credentials.hpp"
#include "egress/http_client.hpp"
#include "egress/observer.hpp"
#include "egress/request_rules.hpp"
#include "egress/retries.hpp"
#include "egress/setting_template.hpp"
#include "egress/token_cache.hpp"

namespace quell::egress {

enum class Mode { normal, read_only };

// What a plugin asks for (quell_http_request). Nothing in it is trusted.
struct PluginHttpRequest {
    std::string method;
    std::string url;
    std::vector<Header> headers{};
    std::string body{};
    std::string auth{};  // a credential profile, or empty for none
    Millis timeout{0};   // 0: what is left of the call's deadline, which also caps it
    std::uint64_t max_response_bytes = 0;  // 0: 8 MiB, which also caps it
    bool idempotent = false;               // it may arrive twice
};

// The way out of one connector of one tenant: its destinations, its credentials, its rules. Any
// thread; it blocks. Refuses destinations that the manifest or the admin does not list, and
// everything that may change something while the mode is read_only. In normal mode an acting
// request leaves only after Observer::before_acting_request().
class ConnectorHttp {
  public:
    struct Options {
        ConnectorKey connector;
        std::vector<std::string>
            manifest_egress{};                    // as in the manifest, with references to settings
        std::vector<std::string> admin_egress{};  // [plugins.X] egress
        bool allow_insecure_loopback = false;
        json::Object auth{};                         // the manifest's
        std::vector<std::string> read_only_posts{};  // the manifest's
        ConnectorValues values;
        Retries::Timing timing{};  // also of token lifetimes and the breaker
    };

    // The client must outlive the result.
    static Result<std::unique_ptr<ConnectorHttp>> make(HttpClient& client, Options options);

    // Any HTTP status is a response, also 429 and 5xx once Retries gives up; Retry-After is then in seconds, whatever
    // form the provider used. A 401 to a fetched token is tried once more with a fresh one (a 401 means that nothing
    // was done), then it is the response too (PF-05); so is a 403 to a login's token that proves dead. While the breaker is open nothing is sent (PF-13).
    HttpResult request(const PluginHttpRequest& request, Mode mode, SteadyTime deadline,
                       const std::stop_token& cancel, Observer& observer) const;
    CircuitBreaker::State breaker() const { return breaker_->state(); }

  private:
    struct Call;      // what stays the same over the exchanges of one request()
    struct Prepared;  // a request that has passed the rules

    ConnectorHttp(HttpClient& client, Options options, Destinations destinations,
                  ReadOnlyPosts read_only_posts, CredentialProfiles profiles);

    Result<Prepared> prepare(const PluginHttpRequest& request, const Call& call) const;
    Result<const CredentialProfile*> profile(const std::string& name) const;
    HttpResult send_until_final(const Prepared& prepared, const Call& call) const;
    HttpResult send_authorized(const Prepared& prepared, const Call& call) const;
    HttpResult send_granted(const Prepared& prepared, const TokenGrant& grant, const Call& call) const;
    HttpResult send_logged_in(const Prepared& prepared, const TokenLogin& login, const Call& call) const;
    HttpResult send(const Prepared& prepared, const Header* credential, const Call& call) const;
    HttpResult send_home(const Prepared& prepared, const Url& home, const Header& credential,
                         const Call& call) const;
    HttpResult exchange(HttpRequest request, const RequestPolicy& policy, RequestKind kind,
                        const Call& call) const;
    Result<CachedToken> token(const TokenGrant& grant, const Call& call) const;
    Result<TokenAnswer> fetch_token(const TokenGrant& grant, const Call& call) const;
    Result<TokenAnswer> fetch_token_at_home(const TokenGrant& grant, const Call& call) const;
    Result<const Url*> find_home(const TokenGrant& grant, const Call& call) const;
    Result<TokenAnswer> log_in(const TokenLogin& login, const Call& call) const;
    // Nothing if the token does not live on, or not for much longer.
    std::optional<TokenAnswer> prolong(const TokenLogin& login, const Call& call) const;
    bool is_dead(const TokenLogin& login, const SecretString& token, const Call& call) const;
    Result<HttpResponse> ask(HttpRequest request, const Call& call) const;
    Result<TokenAnswer> read_token(HttpResponse response, const TokenGrant& grant) const;

    HttpClient& client_;
    const ConnectorKey connector_;
    const Destinations destinations_;
    const ReadOnlyPosts read_only_posts_;
    const CredentialProfiles profiles_;
    const Retries retries_;
    const std::unique_ptr<CircuitBreaker> breaker_;  // its own monitor
    struct Tokens {
        explicit Tokens(SteadyClock now) : cache(std::move(now)) {}

        TokenCache cache;           // its own monitor
        const Url* home = nullptr;  // once found; touched by the one fetch at a time that the cache lets through
    };
    // One for each profile with a grant; the map itself never changes.
    std::map<const TokenGrant*, std::unique_ptr<Tokens>> tokens_;
    struct Session {
        explicit Session(SteadyClock now) : cache(std::move(now)) {}

        TokenCache cache;  // its own monitor
        // The last login; touched by the one fetch at a time that the cache lets through.
        SecretString token;
        std::chrono::seconds granted{0};
    };
    // One for each profile with a login; the map itself never changes.
    std::map<const TokenLogin*, std::unique_ptr<Session>> sessions_;
};

}  // namespace quell::egress
