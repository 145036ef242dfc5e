// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "config/settings.hpp"
#include "orders/actor.hpp"
#include "revocation/account_connectors.hpp"

namespace quell::revocation {

// Revokes for the settling of orders. session_revocation/1 has no poll: providers do not tell whether sessions were
// ended, so a lost answer is `unknown` at once and is never sent again. All that it refers to outlives it; any thread.
class AccountActor final : public orders::Actor {
  public:
    AccountActor(AccountConnectors& connectors, const config::Settings& settings)
        : connectors_(connectors), settings_(settings) {}

    std::size_t max_batch(const TenantId& tenant, const ConnectorKey& connector,
                          std::string_view action) const override;
    bool may_repeat(const orders::Batch&) const override { return false; }
    bool can_read_back(const orders::Batch&) const override { return false; }

    base::Task<std::vector<orders::Report>> apply(orders::Batch batch, BeforeActing before,
                                                  AfterRequest after, std::stop_token cancel) override;
    base::Task<std::vector<orders::Report>> poll(orders::Batch batch, std::stop_token cancel) override;
    base::Task<void> check_unchanged(orders::Batch batch, std::stop_token cancel) override;

  private:
    AccountConnectors& connectors_;
    const config::Settings& settings_;
};

}  // namespace quell::revocation
