// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <quell/health.hpp>
#include <quell/session_revocation.hpp>
#include <quell/settings.hpp>
#include <string>
#include <vector>

#include "okta_api.hpp"
#include "revocation.hpp"

namespace okta_sessions {

// Ends users' sessions at Okta. Immutable: calls may overlap. Ending sessions twice does no harm,
// and there is nothing to read back.
class OktaSessions : public quell::SessionRevocation, public quell::Health {
  public:
    static quell::Result<std::unique_ptr<OktaSessions>> create(const quell::Settings& settings);
    OktaSessions(OktaApi api, RevocationScope scope) : api_(std::move(api)), scope_(scope) {}

    quell::Result<std::vector<quell::Account>> resolve(quell::Call& call,
                                                       const quell::AccountLookup& lookup) override;
    quell::Result<std::vector<quell::AccountOutcome>> revoke(
        quell::Call& call, const quell::RevokeRequest& request) override;
    quell::Result<quell::HealthReport> check(quell::Call& call) override;

  private:
    OktaApi api_;
    RevocationScope scope_;
};

}  // namespace okta_sessions
