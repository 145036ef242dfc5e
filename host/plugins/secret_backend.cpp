// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/secret_backend.hpp"

#include <algorithm>

#include "json/serialize.hpp"
#include "plugins/outcome.hpp"
#include "plugins/outcome_documents.hpp"

namespace quell::plugins {
namespace {

using Values = std::shared_ptr<std::vector<SecretString>>;

// Asks for the values beside the head.
Values keep_values(CallOptions& options) {
    options.secret_values = std::make_shared<std::vector<SecretString>>();
    return options.secret_values;
}

std::optional<SecretLease> read_lease(const json::Object& reply) {
    const json::Object lease = object_at(reply, "lease");
    if (lease.empty()) {
        return std::nullopt;
    }
    return SecretLease{.id = text_at(lease, "id"),
                       .ttl = Millis(optional_integer_at(lease, "ttl_ms").value_or(0)),
                       .renewable = lease.at("renewable").get_bool()};
}

Result<SecretContent> read_content(const json::Object& head, std::vector<SecretString> values) {
    SecretContent content{.fields = {}, .version = optional_integer_at(head, "version"), .lease = read_lease(head)};
    const json::Array& fields = head.at("fields").get_array();
    if (fields.size() != values.size()) {
        return bad_result("a secret document without its values");
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        content.fields.push_back({text_at(fields[i].get_object(), "name"), std::move(values[i])});
    }
    return content;
}

SecretDescription read_description(const json::Object& reply) {
    SecretDescription found{.dynamic = text_at(reply, "kind") == "dynamic",
                            .current_version = optional_integer_at(reply, "current_version"),
                            .created_at = optional_text_at(reply, "created_at"),
                            .updated_at = optional_text_at(reply, "updated_at"),
                            .versions = {}};
    if (const json::Value* versions = reply.if_contains("versions")) {
        for (const json::Value& version : versions->get_array()) {
            const json::Object& object = version.get_object();
            found.versions.push_back({optional_integer_at(object, "version").value_or(0), text_at(object, "state"),
                                      optional_text_at(object, "created_at")});
        }
    }
    return found;
}

std::vector<std::string> read_names(const json::Object& reply) {
    std::vector<std::string> names;
    for (const json::Value& name : reply.at("names").get_array()) {
        names.emplace_back(presentable(json::text(name)));
    }
    return names;
}

Result<WrappedSecret> read_wrapped(const json::Object& head, std::vector<SecretString> values) {
    if (values.size() != 1 || values.front().empty()) {
        return bad_result("a wrapped secret without a token");
    }
    return WrappedSecret{std::move(values.front()), Millis(optional_integer_at(head, "ttl_ms").value_or(0))};
}

Result<SecretWritten> read_written(const json::Object& reply) {
    return SecretWritten{optional_integer_at(reply, "version").value_or(0)};
}

Result<void> read_nothing(const json::Value&) { return {}; }

std::string path_request(const std::string& path) { return json::serialize(json::Object{{"path", path}}); }
std::string lease_request(const std::string& id) { return json::serialize(json::Object{{"lease_id", id}}); }

json::Object read_head(const SecretRead& wanted) {
    json::Object head{{"path", wanted.path}};
    if (!wanted.fields.empty()) {
        head["fields"] = to_array(wanted.fields);
    }
    if (wanted.version) {
        head["version"] = *wanted.version;
    }
    return head;
}

std::string versions_request(const std::string& path, const std::vector<std::int64_t>& versions) {
    json::Array numbers;
    for (const std::int64_t version : versions) {
        numbers.emplace_back(version);
    }
    return json::serialize(json::Object{{"path", path}, {"versions", std::move(numbers)}});
}

std::vector<SecretField> copy_of(const SecretField& field) {
    std::vector<SecretField> one;
    one.push_back({field.name, field.value.copy()});
    return one;
}

}  // namespace

const SecretString* SecretContent::find(std::string_view field) const {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const SecretField& entry) { return entry.name == field; });
    return found == fields.end() ? nullptr : &found->value;
}

base::Task<SecretDescription> describe_secret(const Connector& connector, const std::string& path, CallOptions options) {
    options.read_only = true;
    return connector.call<SecretDescription>(kSecretBackend, "describe", path_request(path), std::move(options),
                                             [](const json::Value& reply) -> Result<SecretDescription> {
                                                 return read_description(reply.get_object());
                                             });
}

base::Task<std::vector<std::string>> list_secrets(const Connector& connector, const std::string& path, CallOptions options) {
    options.read_only = true;
    return connector.call<std::vector<std::string>>(kSecretBackend, "list", path_request(path), std::move(options),
                                                    [](const json::Value& reply) -> Result<std::vector<std::string>> {
                                                        return read_names(reply.get_object());
                                                    });
}

base::Task<SecretContent> read_secret(const Connector& connector, const SecretRead& wanted, CallOptions options) {
    options.read_only = true;
    const Values values = keep_values(options);
    return connector.call<SecretContent>(
        kSecretBackend, "read", json::serialize(read_head(wanted)), std::move(options),
        [values](const json::Value& head) { return read_content(head.get_object(), std::move(*values)); });
}

base::Task<SecretWritten> write_secret(const Connector& connector, const std::string& path,
                                       const std::vector<SecretField>& fields, std::optional<std::int64_t> expected_version,
                                       CallOptions options) {
    options.read_only = false;
    json::Object head{{"path", path}};
    if (expected_version) {
        head["expected_version"] = *expected_version;
    }
    return connector.call<SecretWritten>(kSecretBackend, "write", join_document(std::move(head), fields), std::move(options),
                                         [](const json::Value& reply) { return read_written(reply.get_object()); });
}

base::Task<SecretWritten> rotate_secret(const Connector& connector, const std::string& path, const SecretField& field,
                                        CallOptions options) {
    options.read_only = false;
    return connector.call<SecretWritten>(kSecretBackend, "rotate", join_document({{"path", path}}, copy_of(field)),
                                         std::move(options),
                                         [](const json::Value& reply) { return read_written(reply.get_object()); });
}

base::Task<std::optional<SecretLease>> renew_lease(const Connector& connector, const std::string& lease_id, CallOptions options) {
    options.read_only = false;
    return connector.call<std::optional<SecretLease>>(
        kSecretBackend, "renew", lease_request(lease_id), std::move(options),
        [](const json::Value& reply) -> Result<std::optional<SecretLease>> { return read_lease(reply.get_object()); });
}

base::Task<void> revoke_lease(const Connector& connector, const std::string& lease_id, CallOptions options) {
    options.read_only = false;
    return connector.call<void>(kSecretBackend, "revoke", lease_request(lease_id), std::move(options), read_nothing);
}

base::Task<void> take_away(const Connector& connector, const std::string& path, const std::vector<std::int64_t>& versions,
                           CallOptions options) {
    options.read_only = false;
    return connector.call<void>(kSecretBackend, "revoke", versions_request(path, versions), std::move(options), read_nothing);
}

base::Task<void> bring_back(const Connector& connector, const std::string& path, const std::vector<std::int64_t>& versions,
                            CallOptions options) {
    options.read_only = false;
    return connector.call<void>(kSecretBackend, "renew", versions_request(path, versions), std::move(options), read_nothing);
}

base::Task<WrappedSecret> wrap_secret(const Connector& connector, const SecretRead& wanted, Millis ttl, CallOptions options) {
    options.read_only = true;
    const Values values = keep_values(options);
    json::Object head = read_head(wanted);
    head["ttl_ms"] = ttl.count();
    return connector.call<WrappedSecret>(
        kSecretBackend, "wrap", json::serialize(head), std::move(options),
        [values](const json::Value& reply) { return read_wrapped(reply.get_object(), std::move(*values)); });
}

Result<SecretContent> read_secret_and_wait(const Connector& connector, const SecretRead& wanted, CallOptions options) {
    options.read_only = true;
    const Values values = keep_values(options);
    TRY(const json::Value head,
        connector.call_and_wait(kSecretBackend, "read", json::serialize(read_head(wanted)), std::move(options)));
    return read_content(head.get_object(), std::move(*values));
}

Result<std::optional<SecretLease>> renew_lease_and_wait(const Connector& connector, const std::string& lease_id,
                                                        CallOptions options) {
    options.read_only = false;
    TRY(const json::Value reply,
        connector.call_and_wait(kSecretBackend, "renew", lease_request(lease_id), std::move(options)));
    return read_lease(reply.get_object());
}

Result<void> revoke_lease_and_wait(const Connector& connector, const std::string& lease_id, CallOptions options) {
    options.read_only = false;
    TRY_VOID(connector.call_and_wait(kSecretBackend, "revoke", lease_request(lease_id), std::move(options)));
    return {};
}

}  // namespace quell::plugins
