// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "config/settings.hpp"
#include "containment/device_connectors.hpp"
#include "crypto/seal.hpp"
#include "orders/actor.hpp"

namespace quell::containment {

// Acts on devices for the settling of orders. All that it refers to outlives it; any thread.
class DeviceActor final : public orders::Actor {
  public:
    DeviceActor(DeviceConnectors& connectors, const config::Settings& settings, const crypto::SealingKey& key)
        : connectors_(connectors), settings_(settings), key_(key) {}

    // A lock goes out alone: each device has a PIN of its own.
    std::size_t max_batch(const TenantId& tenant, const ConnectorKey& connector,
                          std::string_view action) const override;
    // Never a lock, whatever the manifest says: a second lock sets another PIN (PROVIDERS.md 8).
    bool may_repeat(const orders::Batch& batch) const override;
    bool can_read_back(const orders::Batch&) const override { return true; }

    base::Task<std::vector<orders::Report>> apply(orders::Batch batch, BeforeActing before,
                                                  AfterRequest after, std::stop_token cancel) override;
    base::Task<std::vector<orders::Report>> poll(orders::Batch batch, std::stop_token cancel) override;
    base::Task<void> check_unchanged(orders::Batch batch, std::stop_token cancel) override;

  private:
    Result<plugins::DeviceAction> order_of(const orders::Batch& batch) const;
    Result<void> check_allowed(const orders::Batch& batch) const;

    DeviceConnectors& connectors_;
    const config::Settings& settings_;
    const crypto::SealingKey& key_;
};

}  // namespace quell::containment
