// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "vault_documents.hpp"

#include <algorithm>
#include <charconv>
#include <quell/json.hpp>

namespace vault_secrets {
namespace {

// Vault writes "" where there is no time.
std::optional<std::string> time_member(const nlohmann::json& object, std::string_view name) {
    auto text = quell::string_member(object, name);
    return text && !text->empty() ? text : std::nullopt;
}

bool true_member(const nlohmann::json& object, std::string_view name) {
    const nlohmann::json* value = quell::find_member(object, name);
    return value != nullptr && value->is_boolean() && value->get<bool>();
}

quell::SecretVersion::State state_of(const KvMetadata& metadata) {
    using State = quell::SecretVersion::State;
    if (metadata.destroyed)
        return State::destroyed;
    return metadata.deleted ? State::deleted : State::present;
}

std::vector<quell::SecretVersion> read_versions(const nlohmann::json& object) {
    std::vector<quell::SecretVersion> versions;
    for (const auto& [number, metadata] : object.items()) {
        std::int64_t version = 0;
        const auto end = number.data() + number.size();
        if (std::from_chars(number.data(), end, version).ptr != end || version < 1)
            continue;
        const KvMetadata found = read_kv_metadata(metadata);
        versions.push_back({version, state_of(found), found.created_at});
    }
    std::sort(versions.begin(), versions.end(),
              [](const auto& left, const auto& right) { return left.version < right.version; });
    return versions;
}

}  // namespace

nlohmann::json take_document(std::string&& body) {
    const quell::SecretValue text(std::move(body));
    auto document = quell::parse_document(text.reveal());
    return document && document->is_object() ? *std::move(document) : nlohmann::json();
}

std::vector<quell::SecretField> take_fields(nlohmann::json& object) {
    std::vector<quell::SecretField> fields;
    for (auto& [name, value] : object.items()) {
        std::string text = value.is_string() ? std::move(value.get_ref<std::string&>()) : quell::to_text(value);
        fields.push_back({name, quell::SecretValue(std::move(text))});
    }
    return fields;
}

KvMetadata read_kv_metadata(const nlohmann::json& metadata) {
    KvMetadata found;
    found.version = quell::integer_member(metadata, "version");
    found.created_at = time_member(metadata, "created_time");
    found.deleted = time_member(metadata, "deletion_time").has_value();
    found.destroyed = true_member(metadata, "destroyed");
    return found;
}

std::optional<quell::SecretLease> read_lease(const nlohmann::json& envelope) {
    auto id = quell::string_member(envelope, "lease_id");
    const auto seconds = quell::integer_member(envelope, "lease_duration");
    if (!id || id->empty() || !seconds || *seconds < 0)
        return std::nullopt;
    constexpr std::int64_t kTenYears = 315'360'000;
    return quell::SecretLease{*std::move(id),
                              std::chrono::seconds{std::min(*seconds, kTenYears)},
                              true_member(envelope, "renewable")};
}

std::optional<quell::SecretDescription> read_description(const nlohmann::json& envelope) {
    const nlohmann::json* data = quell::find_member(envelope, "data");
    const nlohmann::json* versions = data != nullptr ? quell::find_member(*data, "versions") : nullptr;
    if (versions == nullptr || !versions->is_object())
        return std::nullopt;
    quell::SecretDescription found;
    found.current_version = quell::integer_member(*data, "current_version");
    found.created_at = time_member(*data, "created_time");
    found.updated_at = time_member(*data, "updated_time");
    found.versions = read_versions(*versions);
    return found;
}

bool is_check_and_set_mismatch(const nlohmann::json& answer) {
    const nlohmann::json* errors = quell::array_member(answer, "errors");
    return errors != nullptr && std::any_of(errors->begin(), errors->end(), [](const auto& error) {
               return error.is_string() &&
                      error.template get_ref<const std::string&>().find("check-and-set") != std::string::npos;
           });
}

}  // namespace vault_secrets
