// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <optional>

#include "approvals/service.hpp"
#include "http/router.hpp"
#include "identity/login_sessions.hpp"
#include "identity/users.hpp"

namespace quell::console {

// Where people decide what others ask for (L15): /mcp/approvals lists what waits for the signed-in person, in every tenant
// that they belong to; a form for each approves or denies it with a reason. Any I/O thread. What it refers to outlives it.
class ApprovalsPage {
  public:
    struct Dependencies {
        approvals::Service& approvals;
        identity::Users& users;
        // Who is signed in in this browser; none: nobody.
        std::function<Result<std::optional<identity::Login>>(const http::Request& request)> login;
    };
    explicit ApprovalsPage(Dependencies dependencies) : in_(std::move(dependencies)) {}
    void add_routes(http::Router& router) const;

  private:
    http::Answer show(const http::Request& request) const;
    http::Answer decide(const http::Request& request) const;

    const Dependencies in_;
};

}  // namespace quell::console
