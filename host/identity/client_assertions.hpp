// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "crypto/jws.hpp"
#include "identity/clients.hpp"
#include "identity/lifetimes.hpp"
#include "store/store.hpp"

namespace quell::identity {

// A signed statement by which a client says who it is (private_key_jwt: RFC 7523 3, OpenID Connect Core 9). It exists
// if its form is right; nothing of it is proved.
class ClientAssertion {
  public:
    static Result<ClientAssertion> parse(std::string_view text);

    const std::string& client() const { return client_; }  // "iss" and "sub" in one

  private:
    friend class ClientAssertions;
    explicit ClientAssertion(crypto::Jws jws) : jws_(std::move(jws)) {}

    crypto::Jws jws_;
    std::string client_;
    std::string audience_;
    std::string id_;  // "jti"
    WallTime expires_at_{};
    WallTime valid_from_{};  // the later of "nbf" and "iat"
};

// Checks them. Good for one use within their life: at most ten minutes ahead, meant for this server (its issuer or its
// token endpoint, nobody else), signed by a key that the client registered. Any I/O thread.
class ClientAssertions {
  public:
    ClientAssertions(store::Store& store, const Clients& clients, std::string_view public_url, Now now = wall_now)
        : store_(store), clients_(clients), issuer_(public_url), now_(std::move(now)) {}

    // The client that it proves; nullopt without a word why.
    base::Task<std::optional<Client>> authenticate(ClientAssertion assertion);

  private:
    bool is_current(const ClientAssertion& assertion) const;
    bool is_for_us(const ClientAssertion& assertion) const;

    store::Store& store_;
    const Clients& clients_;
    std::string issuer_;
    Now now_;
};

}  // namespace quell::identity
