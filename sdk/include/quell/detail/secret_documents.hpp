// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quell/detail/documents.hpp>
#include <quell/secret_backend.hpp>

// The documents of sdk/schema/secret_backend-1.*.json. A secret document is one line of JSON, a
// line feed, and the values' bytes one after the other (abi.h).

namespace quell::inline v1::detail {

struct SecretDocument {
    nlohmann::json head;
    std::string_view values;
};

inline Result<SecretDocument> split_secret_document(std::string_view text) {
    const auto line = text.find('\n');
    auto head = parse_document(text.substr(0, line));
    if (line == std::string_view::npos || !head || !head->is_object())
        return invalid_argument("The request is not a secret document.");
    return SecretDocument{*std::move(head), text.substr(line + 1)};
}

inline Result<std::vector<SecretField>> read_secret_fields(const SecretDocument& document) {
    std::vector<SecretField> fields;
    std::string_view left = document.values;
    const nlohmann::json* list = array_member(document.head, "fields");
    if (list == nullptr || list->empty())
        return RequestReader::bad("fields");
    for (const nlohmann::json& entry : *list) {
        auto name = string_member(entry, "name");
        const auto size = integer_member(entry, "size");
        if (!name || name->empty() || !size || *size < 0 || static_cast<std::uint64_t>(*size) > left.size())
            return RequestReader::bad("fields");
        const std::string_view value = left.substr(0, static_cast<std::size_t>(*size));
        left.remove_prefix(value.size());
        fields.push_back({*std::move(name), SecretValue(std::string(value))});
    }
    if (!left.empty())
        return RequestReader::bad("fields");
    return fields;
}

inline Result<SecretPath> read_secret_path(const nlohmann::json& document) {
    QUELL_TRY(std::string path, RequestReader(document).text("path"));
    return SecretPath{std::move(path)};
}

inline Result<SecretRead> read_secret_read(const nlohmann::json& document) {
    SecretRead request;
    const RequestReader reader(document);
    QUELL_TRY(request.path, reader.text("path"));
    if (document.contains("fields")) {
        QUELL_TRY(request.fields, reader.texts("fields"));
    }
    request.version = integer_member(document, "version");
    return request;
}

inline Result<SecretWrap> read_secret_wrap(const nlohmann::json& document) {
    SecretWrap request;
    QUELL_TRY(request.path, RequestReader(document).text("path"));
    request.version = integer_member(document, "version");
    const auto ttl = integer_member(document, "ttl_ms");
    if (!ttl || *ttl < 1000)
        return RequestReader::bad("ttl_ms");
    request.ttl = std::chrono::milliseconds{*ttl};
    return request;
}

inline Result<std::vector<std::int64_t>> read_versions(const nlohmann::json& document) {
    std::vector<std::int64_t> versions;
    const nlohmann::json* list = array_member(document, "versions");
    if (list == nullptr || list->empty())
        return RequestReader::bad("versions");
    for (const nlohmann::json& entry : *list) {
        if (!entry.is_number_integer() || entry < 1)
            return RequestReader::bad("versions");
        versions.push_back(entry.get<std::int64_t>());
    }
    return versions;
}

inline Result<SecretHold> read_secret_hold(const nlohmann::json& document) {
    SecretHold hold;
    hold.lease_id = string_member(document, "lease_id").value_or("");
    if (const auto wish = integer_member(document, "increment_ms"))
        hold.increment = std::chrono::milliseconds{*wish};
    if (!hold.lease_id.empty())
        return hold;
    QUELL_TRY(hold.path, RequestReader(document).text("path"));
    QUELL_TRY(hold.versions, read_versions(document));
    return hold;
}

inline Result<SecretWrite> read_secret_write(std::string_view text) {
    QUELL_TRY(const SecretDocument document, split_secret_document(text));
    SecretWrite request;
    QUELL_TRY(request.path, RequestReader(document.head).text("path"));
    QUELL_TRY(request.fields, read_secret_fields(document));
    request.expected_version = integer_member(document.head, "expected_version");
    return request;
}

inline Result<SecretRotation> read_secret_rotation(std::string_view text) {
    QUELL_TRY(const SecretDocument document, split_secret_document(text));
    QUELL_TRY(std::string path, RequestReader(document.head).text("path"));
    QUELL_TRY(std::vector<SecretField> fields, read_secret_fields(document));
    if (fields.size() != 1)
        return RequestReader::bad("fields");
    return SecretRotation{std::move(path), std::move(fields.front())};
}

inline nlohmann::json integer_or_null(const std::optional<std::int64_t>& number) {
    return number ? nlohmann::json(*number) : nlohmann::json(nullptr);
}

inline nlohmann::json to_json(const std::optional<SecretLease>& lease) {
    if (!lease)
        return nullptr;
    return {{"id", lease->id}, {"ttl_ms", lease->ttl.count()}, {"renewable", lease->renewable}};
}

inline std::string_view word_of(SecretVersion::State state) {
    return state == SecretVersion::State::present   ? "present"
           : state == SecretVersion::State::deleted ? "deleted"
                                                    : "destroyed";
}

inline nlohmann::json to_document(const SecretDescription& found) {
    nlohmann::json versions = nlohmann::json::array();
    for (const SecretVersion& version : found.versions)
        versions.push_back({{"version", version.version},
                            {"state", word_of(version.state)},
                            {"created_at", text_or_null(version.created_at)}});
    return {{"kind", found.dynamic ? "dynamic" : "versioned"},
            {"current_version", integer_or_null(found.current_version)},
            {"created_at", text_or_null(found.created_at)},
            {"updated_at", text_or_null(found.updated_at)},
            {"versions", std::move(versions)}};
}

inline nlohmann::json to_document(const SecretNames& list) {
    return {{"names", list.names}};
}

inline nlohmann::json to_document(const SecretWritten& written) {
    nlohmann::json document = {{"version", written.version}};
    if (written.previous_version)
        document["previous_version"] = *written.previous_version;
    return document;
}

inline nlohmann::json to_document(const RenewedLease& renewed) {
    return {{"lease", to_json(renewed.lease)}};
}

inline nlohmann::json field_entry(std::string_view name, const SecretValue& value) {
    return {{"name", name}, {"size", value.reveal().size()}};
}

// One allocation of the final size, so that no copy of a value stays behind in freed memory.
inline SecretValue join_secret_document(const nlohmann::json& head,
                                        const std::vector<std::string_view>& values) {
    const std::string line = to_text(head);
    std::size_t size = line.size() + 1;
    for (const std::string_view value : values)
        size += value.size();
    std::string text;
    text.reserve(size);
    text.append(line).append("\n");
    for (const std::string_view value : values)
        text.append(value);
    return SecretValue(std::move(text));
}

inline SecretValue to_secret_document(const SecretContent& content) {
    nlohmann::json fields = nlohmann::json::array();
    std::vector<std::string_view> values;
    for (const SecretField& field : content.fields) {
        fields.push_back(field_entry(field.name, field.value));
        values.push_back(field.value.reveal());
    }
    return join_secret_document({{"fields", std::move(fields)},
                                 {"version", integer_or_null(content.version)},
                                 {"created_at", text_or_null(content.created_at)},
                                 {"lease", to_json(content.lease)}},
                                values);
}

inline SecretValue to_secret_document(const WrappedSecret& wrapped) {
    return join_secret_document({{"fields", nlohmann::json::array({field_entry("token", wrapped.token)})},
                                 {"ttl_ms", wrapped.ttl.count()},
                                 {"created_at", text_or_null(wrapped.created_at)}},
                                {wrapped.token.reveal()});
}

}  // namespace quell::inline v1::detail
