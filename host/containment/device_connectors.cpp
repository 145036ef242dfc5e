// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "containment/device_connectors.hpp"

namespace quell::containment {

bool Profile::does(Action action) const { return std::ranges::find(actions, action) != actions.end(); }

bool Profile::finds_by(LookupType type) const {
    return std::ranges::find(lookup_types, type) != lookup_types.end();
}

bool Profile::repeats(Action action) const {
    return std::ranges::find(idempotent_actions, action) != idempotent_actions.end();
}

const Profile* find(std::span<const Profile> profiles, const ConnectorKey& key) {
    const auto found = std::ranges::find(profiles, key, &Profile::key);
    return found == profiles.end() ? nullptr : &*found;
}

}  // namespace quell::containment
