// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/api_keys.hpp"

#include "base/random.hpp"
#include "crypto/digest.hpp"
#include "identity/display_name.hpp"
#include "identity/users.hpp"
#include "store/api_keys.hpp"
#include "store/users.hpp"

namespace quell::identity {
namespace {

constexpr std::size_t kMostNetworks = 32;

Error unknown_key() {
    return {Code::not_found, "key_not_found", "This tenant has no such API key."};
}

SecretString new_secret() {
    return SecretString("qak_" + random_token());
}

ApiKey to_key(store::OwnedApiKey row) {
    return {.id = std::move(row.key.id),
            .name = std::move(row.key.name),
            .email = std::move(row.email),
            .tenant = std::move(row.key.tenant),
            .scopes = ScopeSet::from_bits(row.key.scopes),
            .networks = std::move(row.key.networks),
            .created_by = std::move(row.key.created_by),
            .created_at = row.key.created_at,
            .expires_at = row.key.expires_at,
            .last_used_at = row.key.last_used_at};
}

Result<void> check(const NewApiKey& wanted, WallTime now) {
    TRY_VOID(check_display_name(wanted.name));
    if (wanted.scopes.empty() || wanted.networks.size() > kMostNetworks) {
        return invalid_arguments("a key needs one scope or more, and at most 32 address ranges");
    }
    if (wanted.expires_at && *wanted.expires_at <= now) {
        return invalid_arguments("a key must expire later than now");
    }
    return {};
}

// The user's id, if the user is in the tenant.
Result<UserId> find_member(store::Reader& reader, const TenantId& tenant, const std::string& email) {
    TRY(const auto user, store::find_user_by_email(reader, email));
    std::optional<std::string> role;
    if (user) {
        TRY(role, store::find_role(reader, user->id, tenant));
    }
    if (!role) {
        return Error(Code::not_found, "user_not_found", "This tenant has no such user.");
    }
    return user->id;
}

audit::Record record(std::string_view event, const TenantId& tenant, const ApiKey& key, std::string_view actor) {
    return {.tenant = tenant,
            .event = std::string(event),
            .actor = std::string(actor),
            .request_id = {},
            .outcome = "ok",
            .detail = {{"key_id", key.id},
                       {"name", key.name},
                       {"email", key.email},
                       {"scopes", key.scopes.to_string()}}};
}

}  // namespace

Result<CreatedApiKey> ApiKeys::create_and_wait(const NewApiKey& wanted, std::string_view actor) {
    const WallTime now = now_();
    TRY_VOID(check(wanted, now));
    TRY(const std::string email, normal_email(wanted.email));
    SecretString secret = new_secret();
    store::OwnedApiKey row{.key = {.id = uuid_v4(),
                                   .hash = crypto::sha256(secret.reveal()),
                                   .user = {},
                                   .tenant = wanted.tenant,
                                   .name = wanted.name,
                                   .scopes = wanted.scopes.bits(),
                                   .networks = {},
                                   .created_by = std::string(actor),
                                   .created_at = now,
                                   .expires_at = wanted.expires_at,
                                   .last_used_at = {}},
                           .email = email,
                           .role = {}};
    for (const Network& network : wanted.networks) {
        row.key.networks.push_back(network.text());
    }
    const auto insert = [&](store::Transaction& transaction) -> Result<void> {
        TRY(row.key.user, find_member(transaction, wanted.tenant, email));
        TRY_VOID(store::insert_api_key(transaction, row.key));
        return trail_.append(transaction, record("api_key_created", wanted.tenant, to_key(row), actor));
    };
    TRY_VOID(store_.write_and_wait<void>(insert));
    return CreatedApiKey{to_key(std::move(row)), std::move(secret)};
}

Result<std::vector<ApiKey>> ApiKeys::list(const TenantId& tenant) const {
    TRY(std::vector<store::OwnedApiKey> rows,
        store_.read([&](store::Reader& reader) { return store::list_api_keys(reader, tenant); }));
    std::vector<ApiKey> keys;
    for (store::OwnedApiKey& row : rows) {
        keys.push_back(to_key(std::move(row)));
    }
    return keys;
}

Result<std::optional<ApiKey>> ApiKeys::find(std::string_view secret) const {
    TRY(auto row, store_.read([&](store::Reader& reader) {
        return store::find_live_api_key(reader, crypto::sha256(secret), now_());
    }));
    const auto role = row ? parse_role(row->role) : std::nullopt;
    if (!role) {
        return std::optional<ApiKey>();
    }
    ApiKey key = to_key(*std::move(row));
    key.scopes = key.scopes & grantable_scopes(*role);
    return std::optional(std::move(key));
}

Result<void> ApiKeys::remove_and_wait(const TenantId& tenant, std::string_view id, std::string_view actor) {
    const RevocationClock::Guard guard = clock_.begin();
    return store_.write_and_wait<void>([&](store::Transaction& transaction) -> Result<void> {
        TRY(auto row, store::find_api_key(transaction, tenant, id));
        if (!row) {
            return unknown_key();
        }
        TRY_VOID(store::delete_api_key(transaction, tenant, id));
        return trail_.append(transaction, record("api_key_deleted", tenant, to_key(*std::move(row)), actor));
    });
}

Result<CreatedApiKey> ApiKeys::rotate_and_wait(const TenantId& tenant, std::string_view id, std::string_view actor) {
    SecretString secret = new_secret();
    const WallTime now = now_();
    const RevocationClock::Guard guard = clock_.begin();
    const auto replace = [&](store::Transaction& transaction) -> Result<ApiKey> {
        TRY(auto row, store::find_api_key(transaction, tenant, id));
        if (!row) {
            return unknown_key();
        }
        const UserId user = row->key.user;
        TRY_VOID(store::end_credentials_of(transaction, user, id, now));
        TRY_VOID(store::replace_api_key_hash(transaction, id, crypto::sha256(secret.reveal()), now));
        row->key.created_at = now;
        row->key.last_used_at.reset();
        ApiKey rotated = to_key(*std::move(row));
        // Each tenant whose tokens end with it reads so in its own chain.
        TRY(const auto memberships, store::list_memberships(transaction, user));
        for (const store::MembershipRow& membership : memberships) {
            TRY_VOID(trail_.append(transaction, record("api_key_rotated", membership.tenant, rotated, actor)));
        }
        return rotated;
    };
    TRY(ApiKey key, store_.write_and_wait<ApiKey>(replace));
    return CreatedApiKey{std::move(key), std::move(secret)};
}

}  // namespace quell::identity
