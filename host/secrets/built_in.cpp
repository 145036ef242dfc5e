// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "secrets/built_in.hpp"

#include "base/random.hpp"

namespace quell::secrets {
namespace {

constexpr std::size_t kLongestValue = 64 * 1024;

// A sealed value opens in its own row alone.
std::string place(const TenantId& tenant, std::string_view uri, std::int64_t version) {
    return "secret\n" + tenant.str() + "\n" + std::string(uri) + "\n" + std::to_string(version);
}

Error secret_not_found() {
    return Error(Code::not_found, "secret_not_found", "There is no value behind this resource yet.")
        .next_step("Write or rotate it first.");
}

}  // namespace

Result<Value> BuiltIn::read_now(const Location& where) const {
    TRY(const auto row, store_.read([&](store::Reader& reader) {
        return store::find_secret_version(reader, where.tenant, where.path, {});
    }));
    if (!row) {
        return secret_not_found();
    }
    TRY(SecretString text, keys_.open(row->sealed, row->key_id, place(row->tenant, row->uri, row->version)));
    return Value{.text = std::move(text), .version = std::to_string(row->version)};
}

base::Task<Value> BuiltIn::read(Location where) { co_return read_now(where); }

// The number of the version is part of what the seal binds, so it has to be known first.
Result<std::int64_t> BuiltIn::add(store::Transaction& transaction, const Location& where, std::string_view value) {
    TRY(const auto known, store::find_secret(transaction, where.tenant, where.path));
    const std::int64_t next = known ? known->newest + 1 : 1;
    const store::SecretVersionRow row{.tenant = where.tenant,
                                      .uri = where.path,
                                      .version = next,
                                      .sealed = keys_.seal(value, place(where.tenant, where.path, next)),
                                      .key_id = keys_.present_id(),
                                      .created_by = where.actor,
                                      .created_at = now_()};
    return store::add_secret_version(transaction, row);
}

base::Task<Written> BuiltIn::write(Location where, SecretString value) {
    if (value.empty() || value.reveal().size() > kLongestValue) {
        co_return invalid_arguments("A secret has 1 to 65536 bytes.");
    }
    auto work = [this, where = std::move(where), value = std::move(value)](store::Transaction& transaction) {
        return add(transaction, where, value.reveal());
    };
    CO_TRY(const std::int64_t version, co_await store_.write<std::int64_t>(std::move(work)));
    co_return Written{std::to_string(version)};
}

// L33: 256 random bits.
base::Task<Written> BuiltIn::rotate(Location where) {
    SecretString value(random_token());
    co_return co_await write(std::move(where), std::move(value));
}

base::Task<void> BuiltIn::revoke(TenantId, std::string) { co_return Result<void>(); }

Result<std::int64_t> BuiltIn::reseal_and_wait(std::int64_t limit) {
    return store_.write_and_wait<std::int64_t>([&](store::Transaction& transaction) -> Result<std::int64_t> {
        TRY(const auto rows, store::list_sealed_otherwise(transaction, keys_.present_id(), limit));
        for (const store::SecretVersionRow& row : rows) {
            const std::string associated = place(row.tenant, row.uri, row.version);
            TRY(const SecretString value, keys_.open(row.sealed, row.key_id, associated));
            TRY(const bool changed, store::reseal_secret(transaction, row, keys_.seal(value.reveal(), associated), keys_.present_id()));
            if (!changed) {
                return internal_error("a sealed value changed inside a transaction");
            }
        }
        return static_cast<std::int64_t>(rows.size());
    });
}

}  // namespace quell::secrets
