// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/client_assertions.hpp"

#include "crypto/digest.hpp"
#include "identity/numeric_date.hpp"
#include "json/parse.hpp"
#include "json/read.hpp"
#include "store/assertions.hpp"

namespace quell::identity {
namespace {

constexpr std::chrono::minutes kLongestLife{10};
constexpr std::chrono::seconds kClockSkew{30};
constexpr std::size_t kLongestId = 256;

Error malformed() {
    return {Code::unauthenticated, "invalid_client", "The client assertion is malformed."};
}

Result<WallTime> time_of(const json::Value& value) {
    const auto time = numeric_date(value);
    return time ? Result<WallTime>(*time) : malformed();
}

// A string, or a list with one: an assertion for several servers could be used at all of them by any.
Result<std::string> audience_of(const json::Object& claims) {
    const json::Value* audience = json::find(claims, "aud");
    const json::Array* list = audience ? audience->if_array() : nullptr;
    const json::Value* one = list && list->size() == 1 ? &list->front() : audience;
    if (one == nullptr || !one->is_string()) {
        return malformed();
    }
    return std::string(json::text(*one));
}

Result<WallTime> valid_from(const json::Object& claims) {
    WallTime latest{};
    for (const std::string_view name : {"nbf", "iat"}) {
        if (const json::Value* value = json::find(claims, name)) {
            TRY(const WallTime time, time_of(*value));
            latest = std::max(latest, time);
        }
    }
    return latest;
}

}  // namespace

Result<ClientAssertion> ClientAssertion::parse(std::string_view text) {
    auto jws = crypto::Jws::parse(text);
    const auto document = jws ? json::parse(jws->payload(), {.bytes = 16 * 1024, .depth = 8, .values = 200})
                              : Result<json::Value>(malformed());
    if (!document || !document->is_object()) {
        return malformed();
    }
    const json::Object& claims = document->get_object();
    const auto issuer = json::string_member(claims, "iss");
    const auto subject = json::string_member(claims, "sub");
    const auto id = json::string_member(claims, "jti");
    const json::Value* expiry = json::find(claims, "exp");
    // RFC 7523 3, items 1, 2, 4 and 7; the id is what makes it good for one use only.
    if (!issuer || !subject || *issuer != *subject || issuer->empty() || !id || id->empty() ||
        id->size() > kLongestId || expiry == nullptr) {
        return malformed();
    }
    ClientAssertion assertion(*std::move(jws));
    assertion.client_ = *issuer;
    assertion.id_ = *id;
    TRY(assertion.audience_, audience_of(claims));
    TRY(assertion.expires_at_, time_of(*expiry));
    TRY(assertion.valid_from_, valid_from(claims));
    return assertion;
}

bool ClientAssertions::is_current(const ClientAssertion& assertion) const {
    const WallTime now = now_();
    return assertion.expires_at_ + kClockSkew > now && assertion.expires_at_ <= now + kLongestLife + kClockSkew &&
           assertion.valid_from_ <= now + kClockSkew;
}

bool ClientAssertions::is_for_us(const ClientAssertion& assertion) const {
    return assertion.audience_ == issuer_ || assertion.audience_ == issuer_ + "/oauth/token";
}

base::Task<std::optional<Client>> ClientAssertions::authenticate(ClientAssertion assertion) {
    CO_TRY(auto client, clients_.find(assertion.client_));
    if (!client || client->jwks.empty() || !is_for_us(assertion) || !is_current(assertion)) {
        co_return std::optional<Client>();
    }
    CO_TRY(const crypto::KeySet keys, crypto::KeySet::parse(client->jwks));
    if (!assertion.jws_.is_signed_by(keys)) {
        co_return std::optional<Client>();
    }
    auto work = [id = client->id, jti = crypto::sha256(assertion.id_),
                 until = assertion.expires_at_ + kClockSkew](store::Transaction& transaction) {
        return store::use_assertion(transaction, id, jti, until);
    };
    CO_TRY(const bool is_first, co_await store_.write<bool>(work));
    co_return is_first ? std::move(client) : std::optional<Client>();
}

}  // namespace quell::identity
