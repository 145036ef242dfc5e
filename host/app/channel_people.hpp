// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>

#include "identity/principal.hpp"
#include "plugins/registry.hpp"
#include "store/store.hpp"

namespace quell::app {

// The user of this host whom a connector's provider means by its user id: the one with the e-mail address that the provider
// itself tells of that account (identity_lookup/1), never one that a text says. Acts in the connector's tenant with what the
// user's role there allows; nullopt for somebody who is no active member.
base::Task<std::optional<identity::Principal>> find_member(store::Store& store, const plugins::Connector& connector,
                                                           std::string provider_user_id);

}  // namespace quell::app
