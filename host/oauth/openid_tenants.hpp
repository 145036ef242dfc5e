// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/openid_providers.hpp"
#include "oauth/services.hpp"

namespace quell::oauth {

// A tenant with an OpenID provider of its own.
struct OpenIdTenant {
    TenantId id;
    std::string label;  // of its sign-in, for people
    identity::OpenIdClient client;
};

std::vector<OpenIdTenant> openid_tenants(const Services& services);
std::optional<OpenIdTenant> openid_tenant(const Services& services, const TenantId& id);
// Those that a person may mean: by a tenant's id, or by an e-mail whose domain the tenant lists in
// [openid] email_domains. The only one there is needs no word.
std::vector<OpenIdTenant> openid_tenants_meant(const Services& services, std::string_view company);

}  // namespace quell::oauth
