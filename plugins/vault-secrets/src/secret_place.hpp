// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/result.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace vault_secrets {

// Where a secret lies: a configured mount and the rest of the path, each segment encoded for a URL.
// An object that exists has passed the rules of Places.
struct SecretPlace {
    enum class Engine { kv, database };
    Engine engine = Engine::kv;
    std::string mount;
    std::string rest;  // "acme/crowdstrike"; empty for the mount itself

    // "/v1/secret/data/acme/crowdstrike" for `call` "data"; "/v1/database/creds/ro" for "".
    std::string url_path(std::string_view call) const;
};

// The paths that the connector serves. Immutable.
class Places {
  public:
    Places(std::vector<std::string> kv_mounts, std::vector<std::string> database_mounts,
           std::vector<std::string> prefixes)
        : kv_mounts_(std::move(kv_mounts)),
          database_mounts_(std::move(database_mounts)),
          prefixes_(std::move(prefixes)) {}

    // A secret. invalid_argument for a path that is malformed or under no mount (a namespace in
    // front of it, or ".."), permission_denied for one outside of path_prefixes.
    quell::Result<SecretPlace> secret(std::string_view path) const;
    // A folder to list: within path_prefixes, or above one of them.
    quell::Result<SecretPlace> folder(std::string_view path) const;
    // Whether a lease belongs to a credential that this connector may make.
    bool owns_lease(std::string_view lease_id) const;
    // Whether a name in a folder leads to, or lies in, what is served.
    bool shows(std::string_view path) const;
    const std::vector<std::string>& kv_mounts() const { return kv_mounts_; }

  private:
    quell::Result<SecretPlace> find(std::string_view path) const;
    bool within_prefixes(std::string_view path) const;

    std::vector<std::string> kv_mounts_;
    std::vector<std::string> database_mounts_;
    std::vector<std::string> prefixes_;
};

}  // namespace vault_secrets
