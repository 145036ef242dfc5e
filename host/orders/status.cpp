// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "orders/status.hpp"

namespace quell::orders {

std::string_view to_string(Status status) {
    static constexpr std::array<std::string_view, 6> kNames = {"resolved", "pending", "completed",
                                                               "partial",  "unknown", "failed"};
    return kNames.at(static_cast<std::size_t>(status));
}

void StatusRule::add(State state) {
    switch (state) {
        case State::resolved: ++resolved_; break;
        case State::intent:
        case State::sent:
        case State::accepted: ++open_; break;
        case State::confirmed: ++confirmed_; break;
        case State::unknown: ++unknown_; break;
        case State::failed: ++failed_; break;
    }
}

void StatusRule::add(const Integration& integration) {
    for (const Target& target : integration.targets) {
        add(target.state);
    }
    if (integration.targets.empty() && !integration.error.is_null()) {
        add(State::failed);
    }
}

// INTERFACES.md 1, "Overall status", in its order. A dry run has resolved targets and maybe failed integrations.
Status StatusRule::status() const {
    if (open_ > 0) {
        return Status::pending;
    }
    if (resolved_ > 0) {
        return Status::resolved;
    }
    if (confirmed_ > 0) {
        return unknown_ + failed_ == 0 ? Status::completed : Status::partial;
    }
    return unknown_ > 0 ? Status::unknown : Status::failed;
}

Status status_of(const Integration& integration) {
    StatusRule rule;
    rule.add(integration);
    return rule.status();
}

Status status_of(const Order& order) {
    StatusRule rule;
    for (const Integration& integration : order.integrations) {
        rule.add(integration);
    }
    return order.dry_run ? Status::resolved : rule.status();
}

}  // namespace quell::orders
