// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <algorithm>

#include "base/random.hpp"
#include "secrets/service.hpp"

namespace quell::secrets {
namespace {

constexpr std::chrono::minutes kWrappedLife{5};
constexpr std::string_view kWrappedPrefix = "wrapped_";

Error reference_not_found() {
    return Error(Code::not_found, "secret_not_found", "This reference is unknown, was used or has ended.")
        .next_step("Read the secret again for a new one.");
}

std::string sealed_for(const TenantId& tenant, std::string_view uri) { return "wrapped\n" + tenant.str() + "\n" + std::string(uri); }

// The reference is the key, so that the store alone opens nothing.
Result<crypto::SealingKey> key_of(std::string_view reference) {
    return crypto::SealingKey::make(SecretString(std::string(reference)));
}

}  // namespace

base::Task<Wrapped> Service::wrap(const identity::Principal& holder, const Reading& reading) {
    const std::string reference = std::string(kWrappedPrefix) + random_token();
    CO_TRY(const crypto::SealingKey key, key_of(reference));
    const WallTime life = in_.approvals.now() + kWrappedLife;
    store::WrappedRow row{.hash = crypto::sha256(reference),
                          .tenant = holder.tenant,
                          .uri = reading.uri,
                          .approval_id = reading.approval_id,
                          .sealed = key.seal(reading.value.reveal(), sealed_for(holder.tenant, reading.uri)),
                          .expires_at = reading.until ? std::min(*reading.until, life) : life};
    const WallTime ends = row.expires_at;
    auto work = [row = std::move(row)](store::Transaction& transaction) { return store::insert_wrapped(transaction, row); };
    CO_TRY_VOID(co_await in_.store.write<void>(std::move(work)));
    co_return Wrapped{reference, ends};
}

base::Task<Reading> Service::unwrap(Access access, std::string reference) {
    if (!reference.starts_with(kWrappedPrefix) || reference.size() > 128) {
        co_return reference_not_found();
    }
    auto work = [this, access, hash = crypto::sha256(reference)](store::Transaction& transaction) -> Result<std::optional<store::WrappedRow>> {
        TRY(auto row, store::take_wrapped(transaction, access.caller.tenant, hash, in_.approvals.now()));
        if (row) {
            const audit::Record record{.tenant = access.caller.tenant,
                                       .event = "secret_unwrapped",
                                       .actor = access.caller.id,
                                       .request_id = row->approval_id,
                                       .outcome = "ok",
                                       .detail = {{"resource", row->uri}, {"by", access.caller.label}}};
            TRY_VOID(in_.trail.append(transaction, record));
            TRY_VOID(in_.log.add(transaction, access, {.action = "reference_used",
                                                       .resource = row->uri,
                                                       .operation = "unwrap",
                                                       .approval_id = row->approval_id,
                                                       .outcome = "ok"}));
        }
        return row;
    };
    CO_TRY(const auto row, co_await in_.store.write<std::optional<store::WrappedRow>>(std::move(work)));
    if (!row) {
        co_return reference_not_found();
    }
    CO_TRY(const crypto::SealingKey key, key_of(reference));
    CO_TRY(SecretString value, key.open(row->sealed, sealed_for(row->tenant, row->uri)));
    CO_TRY(const ResourceUri uri, ResourceUri::parse(row->uri));
    co_return Reading{.uri = uri.text(),
                      .name = uri.name(),
                      .environment = uri.environment(),
                      .service = service_of(uri),
                      .value = std::move(value),
                      .version = {},
                      .accessed_at = in_.approvals.now(),
                      .approval_id = row->approval_id};
}

}  // namespace quell::secrets
