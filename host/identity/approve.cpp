// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/random.hpp"
#include "crypto/digest.hpp"
#include "identity/client_rows.hpp"
#include "identity/token_service.hpp"
#include "store/codes.hpp"
#include "store/consents.hpp"

namespace quell::identity {
namespace {

store::CodeRow code_row(const Approval& approval, std::string_view code, std::string_view audience, WallTime now) {
    return {.hash = crypto::sha256(code),
            .client = approval.client.id,
            .user = approval.user.id,
            .tenant = approval.tenant,
            .redirect_uri = approval.redirect_uri,
            .scopes = approval.scopes.bits(),
            .code_challenge = approval.code_challenge,
            .resource = std::string(audience),
            .created_at = now,
            .expires_at = now + kCodeLife,
            .used_at = {},
            .family_id = {}};
}

store::ConsentRow consent_row(const Approval& approval, WallTime now) {
    return {.user = approval.user.id,
            .client = approval.client.id,
            .tenant = approval.tenant,
            .scopes = approval.scopes.bits(),
            .created_at = now};
}

// A client that belongs to a tenant came into being by this very approval (V09).
bool makes_client(const Approval& approval) {
    return approval.saves_client && !approval.client.tenant.empty();
}

Result<void> save_client(store::Transaction& transaction, const Approval& approval, WallTime now) {
    if (!approval.saves_client) {
        return {};
    }
    store::ClientRow row = to_row(approval.client, SecretString(), "user:" + approval.user.id.str());
    row.created_at = now;
    return store::save_client(transaction, row);
}

audit::Record record_of(std::string_view event, const Approval& approval) {
    return {.tenant = approval.tenant,
            .event = std::string(event),
            .actor = "user:" + approval.user.id.str(),
            .request_id = {},
            .outcome = "ok",
            .detail = {{"client_id", approval.client.id.str()}, {"scopes", approval.scopes.to_string()}}};
}

Result<void> note(store::Transaction& transaction, audit::Trail& trail, const Approval& approval) {
    if (makes_client(approval)) {
        audit::Record made = record_of("client_created", approval);
        made.detail["name"] = approval.client.name;
        TRY_VOID(trail.append(transaction, made));
    }
    return trail.append(transaction, record_of("consent_given", approval));
}

}  // namespace

base::Task<std::string> TokenService::approve(Approval approval) {
    const std::string code = "qac_" + random_token();
    const WallTime now = now_();
    auto work = [this, now, approval = std::move(approval),
                 code](store::Transaction& transaction) -> Result<void> {
        TRY_VOID(save_client(transaction, approval, now));
        TRY_VOID(store::save_consent(transaction, consent_row(approval, now)));
        TRY_VOID(store::insert_code(transaction, code_row(approval, code, audience_, now)));
        return note(transaction, trail_, approval);
    };
    CO_TRY_VOID(co_await store_.write<void>(work));
    co_return code;
}

base::Task<std::string> TokenService::issue_code(Approval approval) {
    const std::string code = "qac_" + random_token();
    auto work = [this, now = now_(), approval = std::move(approval),
                 code](store::Transaction& transaction) -> Result<void> {
        TRY_VOID(save_client(transaction, approval, now));
        return store::insert_code(transaction, code_row(approval, code, audience_, now));
    };
    CO_TRY_VOID(co_await store_.write<void>(work));
    co_return code;
}

Result<bool> TokenService::remembers(const Approval& approval) const {
    TRY(const auto consent, store_.read([&](store::Reader& reader) {
        return store::find_consent(reader, approval.user.id, approval.client.id, approval.tenant);
    }));
    return consent && ScopeSet::from_bits(consent->scopes).contains(approval.scopes) &&
           consent->created_at + kConsentLife > now_();
}

}  // namespace quell::identity
