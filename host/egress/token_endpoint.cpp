// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/token_endpoint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "json/parse.hpp"
#include "json/read.hpp"

namespace quell::egress {
namespace {

constexpr std::int64_t kAssertionSeconds = 300;
// For an answer without expires_in (RFC 6749 5.1 only recommends it); a 401 renews anyway.
constexpr std::int64_t kUnstatedLifetime = 300;
constexpr std::int64_t kLongestLifetime = 24 * 3600;

std::string client_assertion(const TokenGrant& grant, const crypto::PrivateKey& key, WallTime now) {
    const std::int64_t seconds = unix_millis(now) / 1000;
    json::Object claims;
    claims["iss"] = grant.client_id;
    claims["sub"] = grant.client_id;
    claims["aud"] = grant.audience;
    claims["iat"] = seconds;
    claims["exp"] = seconds + kAssertionSeconds;
    claims["jti"] = uuid_v4();
    return key.sign_jwt(grant.key_id, claims);
}

void append_field(std::string& form, std::string_view name, std::string_view value) {
    form.append(form.empty() ? "" : "&").append(name).append("=").append(percent_encode(value));
}

std::string form_of(const TokenGrant& grant, WallTime now) {
    std::string form;
    append_field(form, "grant_type", "client_credentials");
    if (const auto* secret = std::get_if<SecretString>(&grant.proof)) {
        append_field(form, "client_id", grant.client_id);
        append_field(form, "client_secret", secret->reveal());
    } else {
        append_field(form, "client_assertion_type",
                     "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        append_field(form, "client_assertion",
                     client_assertion(grant, std::get<crypto::PrivateKey>(grant.proof), now));
    }
    if (!grant.scope.empty()) {
        append_field(form, "scope", grant.scope);
    }
    for (const auto& [name, value] : grant.form) {
        append_field(form, name, value);
    }
    return form;
}

// Only these reach a message: the answer's own text is the provider's and may hold anything.
std::string known_error(const HttpResponse& response) {
    static constexpr std::string_view kKnown[] = {
        "invalid_request",        "invalid_client", "invalid_grant",  "unauthorized_client",
        "unsupported_grant_type", "invalid_scope",  "use_dpop_nonce", "invalid_dpop_proof"};
    const auto document = json::parse(response.body);
    const json::Object* const object = document ? document->if_object() : nullptr;
    const json::Value* const error = object != nullptr ? json::find(*object, "error") : nullptr;
    const std::string_view code = error != nullptr ? json::text(*error) : std::string_view();
    const auto* const found = std::ranges::find(kKnown, code);
    return found != std::end(kKnown) ? std::string(*found) : std::string();
}

std::string where_to_look(const TokenGrant& grant, std::string_view connector) {
    return fmt::format("Check the settings {} of connector \"{}\" against the provider's console.",
                       fmt::join(grant.setting_names, ", "), connector);
}

// RFC 9449: the provider binds this app's tokens to a key.
Error dpop_demanded(std::string_view connector) {
    return Error(Code::failed_precondition, "connector_misconfigured",
                 fmt::format("The provider demands DPoP from the app of connector \"{}\", which "
                             "this version does not "
                             "support.",
                             connector))
        .next_step(
            "In the app's settings at the provider, turn off \"Require Demonstrating Proof of "
            "Possession (DPoP) "
            "header in token requests\".");
}

Error refusal(const HttpResponse& response, const TokenGrant& grant, std::string_view connector) {
    const std::string code = known_error(response);
    if (code == "use_dpop_nonce" || code == "invalid_dpop_proof") {
        return dpop_demanded(connector);
    }
    const std::string message = fmt::format(
        "The token endpoint {} refused connector \"{}\" with status {}{}{}.",
        grant.token_url.host(), connector, response.status, code.empty() ? "" : ", ", code);
    if (code == "invalid_client" || response.status == 401) {
        return Error(Code::unauthenticated, "connector_misconfigured", message)
            .next_step(where_to_look(grant, connector));
    }
    if (response.status == 403) {
        return Error(Code::permission_denied, "http_403", message)
            .next_step("Check the app's rights and its list of allowed addresses at the provider.");
    }
    if (response.status == 429) {
        return Error(Code::resource_exhausted, "rate_limited", message).retryable();
    }
    if (response.status >= 500) {
        return Error(Code::unavailable, "connector_unavailable", message).retryable();
    }
    return Error(Code::failed_precondition, "connector_misconfigured", message)
        .next_step(where_to_look(grant, connector));
}

Error unusable(const TokenGrant& grant, std::string_view connector) {
    return Error(Code::data_loss, "connector_unavailable",
                 fmt::format("The token endpoint {} gave connector \"{}\" no usable token.",
                             grant.token_url.host(), connector))
        .next_step(where_to_look(grant, connector));
}

std::chrono::seconds lifetime_of(const json::Object& answer) {
    const json::Value* const stated = json::find(answer, "expires_in");
    const std::int64_t* const seconds = stated != nullptr ? stated->if_int64() : nullptr;
    return std::chrono::seconds(seconds != nullptr
                                    ? std::clamp<std::int64_t>(*seconds, 0, kLongestLifetime)
                                    : kUnstatedLifetime);
}

bool equal_ignoring_case(std::string_view a, std::string_view lower_b) {
    return std::ranges::equal(a, lower_b, {}, [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
}

// RFC 6750 2.1, generously: what a header may hold, without spaces.
bool is_token_text(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

Result<TokenAnswer> read_answer(const json::Object& answer, const TokenGrant& grant,
                                std::string_view connector) {
    const json::Value* const type = json::find(answer, "token_type");
    const std::string_view type_name = type != nullptr ? json::text(*type) : "Bearer";
    if (equal_ignoring_case(type_name, "dpop")) {
        return dpop_demanded(connector);
    }
    const json::Value* const token = json::find(answer, "access_token");
    if (token == nullptr || !is_token_text(json::text(*token)) ||
        !equal_ignoring_case(type_name, "bearer")) {
        return unusable(grant, connector);
    }
    return TokenAnswer{.access_token = SecretString(std::string(json::text(*token))),
                       .lifetime = lifetime_of(answer)};
}

}  // namespace

HttpRequest token_request(const TokenGrant& grant, WallTime now) {
    return {.method = "POST",
            .url = grant.token_url,
            .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                        {"Accept", "application/json"}},
            .body = form_of(grant, now),
            .may_repeat = true};
}

Result<TokenAnswer> read_token_answer(HttpResponse response, const TokenGrant& grant,
                                      std::string_view connector) {
    if (response.status != 200 && response.status != 201) {
        return refusal(response, grant, connector);
    }
    const SecretString body(std::move(response.body));
    const auto document = json::parse(body.reveal());
    if (!document || !document->is_object()) {
        return unusable(grant, connector);
    }
    return read_answer(document->get_object(), grant, connector);
}

}  // namespace quell::egress
