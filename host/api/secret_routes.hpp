// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "api/route.hpp"
#include "approvals/service.hpp"
#include "secrets/service.hpp"

namespace quell::api {

struct SecretServices {
    approvals::Service& approvals;
    secrets::Service& secrets;
};

// Guarded secrets and approvals in the model product's paths and words (A01 to A12). The services outlive the routes.
RouteGroup secret_routes(const SecretServices& services);

// A06: reading one resource is the one call that the token of an approval opens. The token, if the request is that call and
// brings one; empty otherwise.
std::string_view approval_token(const http::Request& request);
// Stands for whoever holds such a token until the route has looked at it; it has no tenant and no rights.
identity::Principal token_bearer(const http::Request& request);

}  // namespace quell::api
