// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "vault_secrets.hpp"

#include <algorithm>
#include <iterator>
#include <quell/json.hpp>
#include <quell/plugin.hpp>
#include <utility>

#include "vault_documents.hpp"

namespace vault_secrets {
namespace {

using quell::Call;
using quell::Result;
using quell::SecretContent;
using quell::SecretField;
using quell::SecretWritten;
using quell::Status;

// The secrets of a login are the host's; the member beside them shows which one it is.
std::string choose_profile(const quell::Settings& settings) {
    if (settings.has("role_id"))
        return "approle";
    if (settings.has("jwt_role"))
        return "jwt";
    return settings.has("kubernetes_role") ? "kubernetes" : "token";
}

Result<std::vector<std::string>> strings_or(const quell::Settings& settings, std::string_view name,
                                            std::vector<std::string> otherwise) {
    return settings.has(name) ? settings.strings(name) : std::move(otherwise);
}

quell::Error unreadable() {
    return quell::unavailable("Vault gave an answer that cannot be read.");
}

// PROVIDERS.md 6: a version that is gone answers 404 with its metadata, a missing path without.
quell::Error gone(const KvMetadata& metadata) {
    const std::string which = metadata.version ? "Version " + std::to_string(*metadata.version) + " of the secret"
                                               : std::string("This version of the secret");
    return quell::not_found(metadata.destroyed ? which + " was destroyed; nothing brings it back."
                                               : which + " was deleted; it can be brought back (undelete).");
}

quell::Error no_such_field(const std::string& name, const std::vector<SecretField>& fields) {
    std::string names;
    for (const SecretField& field : fields)
        names += (names.empty() ? "" : ", ") + field.name;
    return quell::invalid_argument("The secret has no field `" + name + "`. It has: " + names + ".");
}

// The wanted fields, in the order they were asked for; all if none was.
Result<std::vector<SecretField>> choose(std::vector<SecretField> fields, const std::vector<std::string>& wanted) {
    if (wanted.empty())
        return fields;
    std::vector<SecretField> chosen;
    for (const std::string& name : wanted) {
        const auto found = std::find_if(fields.begin(), fields.end(),
                                        [&name](const SecretField& field) { return field.name == name; });
        if (found == fields.end())
            return no_such_field(name, fields);
        chosen.push_back(std::move(*found));
        fields.erase(found);
    }
    return chosen;
}

quell::Error version_moved() {
    return quell::Error{Status::aborted,
                        "The secret has another version by now than the expected one. Read it again and decide anew."};
}

quell::Error foreign_lease() {
    return quell::Error{Status::permission_denied, "The lease is none of this connector's credentials."};
}

}  // namespace

Result<std::unique_ptr<VaultSecrets>> VaultSecrets::create(const quell::Settings& settings) {
    QUELL_TRY(std::string base_url, settings.string("base_url"));
    QUELL_TRY(std::string name_space, settings.string_or("namespace", ""));
    QUELL_TRY(auto kv_mounts, strings_or(settings, "kv_mounts", {"secret"}));
    QUELL_TRY(auto database_mounts, strings_or(settings, "database_mounts", {"database"}));
    QUELL_TRY(auto prefixes, strings_or(settings, "path_prefixes", {}));
    const std::string profile = choose_profile(settings);
    return std::make_unique<VaultSecrets>(
        VaultApi(std::move(base_url), std::move(name_space), profile),
        Places(std::move(kv_mounts), std::move(database_mounts), std::move(prefixes)), profile != "token");
}

Result<SecretPlace> VaultSecrets::versioned(const std::string& path) const {
    QUELL_TRY(SecretPlace place, places_.secret(path));
    if (place.engine != SecretPlace::Engine::kv)
        return quell::invalid_argument("This is a credential that the database engine makes: it has no versions.");
    return place;
}

Result<quell::SecretDescription> VaultSecrets::describe(Call& call, const quell::SecretPath& secret) {
    QUELL_TRY(const SecretPlace place, places_.secret(secret.path));
    if (place.engine == SecretPlace::Engine::database)
        return quell::SecretDescription{.dynamic = true};
    QUELL_TRY(const VaultAnswer answer, api_.get(call, place.url_path("metadata")));
    if (!answer.ok())
        return VaultApi::refusal(answer, "describe the secret");
    auto found = read_description(answer.document);
    if (!found)
        return unreadable();
    return *std::move(found);
}

Result<quell::SecretNames> VaultSecrets::list(Call& call, const quell::SecretPath& folder) {
    quell::SecretNames list;
    if (folder.path.empty()) {
        for (const std::string& mount : places_.kv_mounts())
            list.names.push_back(mount + "/");
        return list;
    }
    QUELL_TRY(const SecretPlace place, places_.folder(folder.path));
    QUELL_TRY(const VaultAnswer answer, api_.get(call, place.url_path("metadata") + (place.rest.empty() ? "/" : ""),
                                                 {{"list", "true"}}));
    if (answer.status == 404)
        return list;  // an empty list is a 404
    if (!answer.ok())
        return VaultApi::refusal(answer, "list the names");
    const nlohmann::json* keys = quell::find_path(answer.document, {"data", "keys"});
    if (keys == nullptr || !keys->is_array())
        return unreadable();
    const std::string parent = folder.path + (folder.path.ends_with('/') ? "" : "/");
    for (const nlohmann::json& key : *keys) {
        if (key.is_string() && places_.shows(parent + key.get<std::string>()))
            list.names.push_back(key.get<std::string>());
    }
    return list;
}

Result<SecretContent> VaultSecrets::read(Call& call, const quell::SecretRead& request) {
    QUELL_TRY(const SecretPlace place, places_.secret(request.path));
    if (place.engine == SecretPlace::Engine::database && request.version)
        return quell::invalid_argument("A credential of the database engine has no versions.");
    QUELL_TRY(SecretContent content, place.engine == SecretPlace::Engine::kv ? read_kv(call, place, request.version)
                                                                             : read_database(call, place));
    QUELL_TRY(content.fields, choose(std::move(content.fields), request.fields));
    return content;
}

Result<SecretContent> VaultSecrets::read_kv(Call& call, const SecretPlace& place,
                                            std::optional<std::int64_t> version) const {
    quell::QueryParameters query;
    if (version)
        query.emplace_back("version", std::to_string(*version));
    QUELL_TRY(VaultAnswer answer, api_.get(call, place.url_path("data"), query));
    const nlohmann::json* found = quell::find_path(answer.document, {"data", "metadata"});
    const KvMetadata metadata = found != nullptr ? read_kv_metadata(*found) : KvMetadata{};
    if (metadata.deleted || metadata.destroyed)
        return gone(metadata);
    if (!answer.ok())
        return VaultApi::refusal(answer, "read the secret");
    const nlohmann::json* data = quell::find_path(answer.document, {"data", "data"});
    if (data == nullptr || !data->is_object() || data->empty() || !metadata.version)
        return unreadable();
    return SecretContent{take_fields(answer.document["data"]["data"]), metadata.version, metadata.created_at, {}};
}

Result<SecretContent> VaultSecrets::read_database(Call& call, const SecretPlace& place) const {
    QUELL_TRY(VaultAnswer answer, api_.get(call, place.url_path("")));
    if (!answer.ok())
        return VaultApi::refusal(answer, "make the credential");
    const nlohmann::json* data = quell::find_member(answer.document, "data");
    if (data == nullptr || !data->is_object() || data->empty())
        return unreadable();
    auto lease = read_lease(answer.document);
    return SecretContent{take_fields(answer.document["data"]), {}, {}, std::move(lease)};
}

Result<SecretWritten> VaultSecrets::write(Call& call, const quell::SecretWrite& request) {
    QUELL_TRY(const SecretPlace place, versioned(request.path));
    return put(call, place, request.fields, request.expected_version);
}

// Reads the version that is there and writes the next one on condition that it still is, so that
// nothing that somebody else writes meanwhile is lost.
Result<SecretWritten> VaultSecrets::rotate(Call& call, const quell::SecretRotation& request) {
    QUELL_TRY(const SecretPlace place, versioned(request.path));
    QUELL_TRY(SecretContent present, read_kv(call, place, {}));
    auto& fields = present.fields;
    std::erase_if(fields, [&request](const SecretField& field) { return field.name == request.field.name; });
    fields.push_back({request.field.name, quell::SecretValue(std::string(request.field.value.reveal()))});
    QUELL_TRY(SecretWritten written, put(call, place, fields, present.version));
    written.previous_version = present.version;
    return written;
}

Result<SecretWritten> VaultSecrets::put(Call& call, const SecretPlace& place, const std::vector<SecretField>& fields,
                                        std::optional<std::int64_t> expected) const {
    nlohmann::json body = {{"data", nlohmann::json::object()}};
    for (const SecretField& field : fields)
        body["data"][field.name] = field.value.reveal();
    if (expected)
        body["options"] = {{"cas", *expected}};
    QUELL_TRY(const VaultAnswer answer, api_.post(call, place.url_path("data"), body));
    if (answer.status == 400 && is_check_and_set_mismatch(answer.document))
        return version_moved();
    if (!answer.ok())
        return VaultApi::refusal(answer, "write the secret");
    const nlohmann::json* data = quell::find_member(answer.document, "data");
    const auto version = data != nullptr ? quell::integer_member(*data, "version") : std::nullopt;
    if (!version || *version < 1)
        return unreadable();
    return SecretWritten{*version, {}};
}

Result<quell::RenewedLease> VaultSecrets::renew(Call& call, const quell::SecretHold& hold) {
    if (hold.lease_id.empty()) {
        if (const auto done = change_versions(call, hold, "undelete"); !done)
            return done.error();
        return quell::RenewedLease{};
    }
    if (!places_.owns_lease(hold.lease_id))
        return foreign_lease();
    nlohmann::json body = {{"lease_id", hold.lease_id}};
    if (hold.increment)
        body["increment"] = std::chrono::ceil<std::chrono::seconds>(*hold.increment).count();
    QUELL_TRY(const VaultAnswer answer, api_.post(call, "/v1/sys/leases/renew", body));
    if (answer.status == 400)
        return quell::not_found("The lease has ended, or cannot be renewed. Read the secret again.");
    if (!answer.ok())
        return VaultApi::refusal(answer, "renew the lease");
    auto lease = read_lease(answer.document);
    if (!lease)
        return unreadable();
    return quell::RenewedLease{std::move(lease)};
}

Result<void> VaultSecrets::revoke(Call& call, const quell::SecretHold& hold) {
    if (hold.lease_id.empty())
        return change_versions(call, hold, "delete");
    if (!places_.owns_lease(hold.lease_id))
        return foreign_lease();
    // sync: an answer means that the credential is gone at the database, too.
    QUELL_TRY(const VaultAnswer answer,
              api_.post(call, "/v1/sys/leases/revoke", {{"lease_id", hold.lease_id}, {"sync", true}}));
    if (!answer.ok())
        return VaultApi::refusal(answer, "revoke the lease");
    return {};
}

Result<void> VaultSecrets::change_versions(Call& call, const quell::SecretHold& hold,
                                           const std::string& operation) const {
    QUELL_TRY(const SecretPlace place, versioned(hold.path));
    QUELL_TRY(const VaultAnswer answer, api_.post(call, place.url_path(operation), {{"versions", hold.versions}}));
    if (!answer.ok())
        return VaultApi::refusal(answer, operation + " the versions");
    return {};
}

// Vault keeps the whole answer of a read behind the token, so all fields of the secret are wrapped.
Result<quell::WrappedSecret> VaultSecrets::wrap(Call& call, const quell::SecretWrap& request) {
    QUELL_TRY(const SecretPlace place, versioned(request.path));
    quell::QueryParameters query;
    if (request.version)
        query.emplace_back("version", std::to_string(*request.version));
    QUELL_TRY(VaultAnswer answer, api_.get(call, place.url_path("data"), query, request.ttl));
    if (!answer.ok())
        return VaultApi::refusal(answer, "wrap the secret");
    const nlohmann::json* info = quell::find_member(answer.document, "wrap_info");
    auto token = info != nullptr ? quell::string_member(*info, "token") : std::nullopt;
    const auto ttl = info != nullptr ? quell::integer_member(*info, "ttl") : std::nullopt;
    if (!token || token->empty() || !ttl)
        return unreadable();
    return quell::WrappedSecret{quell::SecretValue(*std::move(token)), std::chrono::seconds{*ttl},
                                quell::string_member(*info, "creation_time")};
}

Result<quell::HealthReport> VaultSecrets::check(Call& call) {
    const auto state = api_.state(call);
    quell::HealthCheck node{"state"};
    node.ok = state && *state == BackendState::active;
    node.message = !state ? "Vault cannot be asked: " + state.error().message
                          : (node.ok ? "Vault is unsealed and active." : explanation(*state));
    if (!node.ok)
        return quell::HealthReport{{std::move(node)}};
    quell::HealthCheck token{"token"};
    const auto answer = api_.get(call, "/v1/auth/token/lookup-self");
    token.ok = answer && answer->ok();
    if (token.ok)
        token.message = logs_in_ ? "The login works." : "The token is valid. Nobody renews it: a login would last.";
    else
        token.message = !answer ? answer.error().message : VaultApi::refusal(*answer, "look up its own token").message;
    return quell::HealthReport{{std::move(node), std::move(token)}};
}

}  // namespace vault_secrets

QUELL_EXPORT_PLUGIN(vault_secrets::VaultSecrets)
