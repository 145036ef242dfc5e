// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/check_openid.hpp"

#include "identity/openid_exchange.hpp"
#include "identity/openid_metadata.hpp"

namespace quell::app {

std::vector<config::Diagnostic> check_openid(const config::Settings& settings) {
    std::vector<config::Diagnostic> found;
    for (const auto& [id, tenant] : settings.tenants) {
        if (!tenant.openid) {
            continue;
        }
        const config::OpenIdSettings& openid = *tenant.openid;
        if (const auto good = identity::check_openid_credential(openid); !good) {
            found.push_back(config::make_diagnostic(openid.secret_position, good.error()->message));
        }
        if (const auto url = egress::Url::parse(identity::openid_metadata_address(openid.issuer)); !url) {
            found.push_back(config::make_diagnostic(openid.position, "`openid.issuer`: " + url.error()->message));
        }
    }
    return found;
}

}  // namespace quell::app
