// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <quell/call.hpp>
#include <quell/result.hpp>
#include <quell/url.hpp>
#include <string>

#include "backend_state.hpp"

namespace vault_secrets {

// An answer of Vault's: its document is null if there was none.
struct VaultAnswer {
    int status = 0;
    nlohmann::json document{};
    std::optional<std::chrono::milliseconds> retry_after{};

    bool ok() const { return status >= 200 && status < 300; }
};

// The requests that the plugin makes. Holds no state but the address: safe on any thread.
class VaultApi {
  public:
    // `auth`: the credential profile of the manifest.
    VaultApi(std::string base_url, std::string name_space, std::string auth)
        : base_url_(std::move(base_url)), namespace_(std::move(name_space)), auth_(std::move(auth)) {}

    // Any HTTP status that Vault gives by itself is a value. A node that cannot serve (sealed,
    // standby, not initialised, silent) is an Error that says which and what to do.
    quell::Result<VaultAnswer> get(quell::Call& call, const std::string& path,
                                   const quell::QueryParameters& query = {},
                                   std::optional<std::chrono::milliseconds> wrap_for = {}) const;
    // The body is wiped once it is sent.
    quell::Result<VaultAnswer> post(quell::Call& call, const std::string& path,
                                    const nlohmann::json& body) const;

    // GET sys/health, which needs no token. An Error if nobody answers.
    quell::Result<BackendState> state(quell::Call& call) const;

    // What a refusal means to the caller. `what` names the operation: "read the secret".
    static quell::Error refusal(const VaultAnswer& answer, const std::string& what);

  private:
    quell::Result<VaultAnswer> send(quell::Call& call, quell::HttpRequest request) const;
    quell::Error diagnosis(quell::Call& call, const quell::Error& failure) const;

    std::string base_url_;
    std::string namespace_;
    std::string auth_;
};

}  // namespace vault_secrets
