// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <vector>

#include "config/secret_settings.hpp"
#include "store/statement.hpp"

namespace quell::secrets {

// The tenant's rules: those of its settings and those that administrators made over REST. Of two of the same shape the
// settings' one counts. A stored one that no longer reads allows nothing, and what it was for stays its own.
Result<std::vector<config::SecretRule>> rules_of(store::Reader& reader, const TenantId& tenant, const config::SecretSettings& settings,
                                                 const config::ApprovalSettings& approvals);

// The most specific one that matches (AP-04, L07); none: nobody may do anything with the resource.
const config::SecretRule* find_rule(const std::vector<config::SecretRule>& rules, const ResourceUri& uri);

// Where the value lies: the rule's source with its variables filled in. Empty: the built-in store.
struct Source {
    bool is_built_in() const { return connector.empty(); }

    std::string connector;
    std::string path;
    std::string field;
};
Source source_of(const config::SecretRule& rule, const ResourceUri& uri);

}  // namespace quell::secrets
