// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "challenges/service.hpp"
#include "http/cookies.hpp"
#include "http/router.hpp"
#include "identity/openid_sign_in.hpp"
#include "identity/throttle.hpp"
#include "identity/users.hpp"

namespace quell::console {

// The door behind the verification URL of a standard challenge (V89+). Reading decides nothing; a decision is a POST of
// this page's own form. All references outlive it; any I/O thread.
class Verification {
  public:
    using TenantMap = std::map<TenantId, config::TenantSettings>;
    struct Services {
        std::function<std::shared_ptr<challenges::Challenges>()> challenges;  // the present ones
        std::function<std::shared_ptr<const TenantMap>()> tenants;
        identity::OpenIdSignIn& openid;
        identity::Users& users;
        audit::Trail& trail;
        std::string public_url;
    };
    explicit Verification(Services services);

    void add_routes(http::Router& router) const;
    // Back from the tenant's provider, with a person, or with why there is none.
    http::Answer proven(const http::Request& request, identity::OpenIdAttempt attempt,
                        Result<identity::OpenIdPerson> person) const;

  private:
    // The page's challenge while one request is handled; the deployment that it belongs to is held.
    struct Open {
        std::shared_ptr<challenges::Challenges> challenges;
        std::shared_ptr<const TenantMap> tenants;
        const config::TenantSettings* tenant = nullptr;
        challenges::Visit visit;
        std::string path;
    };
    Result<Open> open(const http::Request& request, std::string_view pattern) const;
    http::Response page(const http::Request& request, const Open& open, unsigned status, std::string problem) const;
    bool is_genuine(const http::Request& request, const Open& open) const;

    http::Answer show(const http::Request& request) const;
    http::Answer confirm(const http::Request& request) const;
    http::Answer report(const http::Request& request) const;
    http::Answer leave(const http::Request& request, Open open) const;
    http::Answer check_password(const http::Request& request, Open open) const;
    http::Answer answer(std::shared_ptr<challenges::Challenges> challenges, TenantId tenant, ChallengeId id,
                        challenges::Answer answer) const;
    void record_failed_proof(const http::Request& request, const TenantId& tenant, const ChallengeId& id,
                             const Error& error, json::Object detail) const;

    const Services in_;
    http::Cookies cookies_;
    mutable identity::Throttle password_throttle_;
    mutable identity::Throttle address_throttle_;
};

}  // namespace quell::console
