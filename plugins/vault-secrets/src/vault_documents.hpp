// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <quell/secret_backend.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace vault_secrets {

// Takes the answer's text apart and wipes it. Null (the JSON value) for what is no JSON object.
nlohmann::json take_document(std::string&& body);

// The fields of an object, each moved out: a text as it is, anything else as JSON.
std::vector<quell::SecretField> take_fields(nlohmann::json& object);

// What a KV answer says about the version it is of; versions are absent where there is none.
struct KvMetadata {
    std::optional<std::int64_t> version{};
    std::optional<std::string> created_at{};
    bool deleted = false;
    bool destroyed = false;
};
KvMetadata read_kv_metadata(const nlohmann::json& metadata);

// lease_id, lease_duration and renewable of an envelope; nothing if it has no lease.
std::optional<quell::SecretLease> read_lease(const nlohmann::json& envelope);

// GET metadata/PATH; nothing for another document.
std::optional<quell::SecretDescription> read_description(const nlohmann::json& envelope);

// Whether an error answer means that check-and-set did not match: Vault says it in words only.
bool is_check_and_set_mismatch(const nlohmann::json& answer);

}  // namespace vault_secrets
