// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/openid_exchange.hpp"

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "config/secret_ref.hpp"
#include "crypto/jose.hpp"
#include "identity/openid_providers.hpp"
#include "json/parse.hpp"
#include "json/read.hpp"

namespace quell::identity {
namespace {

constexpr std::int64_t kAssertionSeconds = 60;
constexpr json::Limits kLimits{.bytes = 64 * 1024, .depth = 8, .values = 5'000};

Error misconfigured(std::string message) {
    return Error(Code::failed_precondition, "openid_provider_misconfigured", std::move(message))
        .next_step("Compare client_id and the secret or key in [openid] of the tenant with the provider's console.");
}

Error unusable(std::string_view what) {
    return Error(Code::unavailable, "openid_provider_unavailable",
                 "The identity provider gave no usable " + std::string(what) + ".")
        .next_step("Try again; `quell doctor` looks at the provider.");
}

void append_field(std::string& form, std::string_view name, std::string_view value) {
    form.append(form.empty() ? "" : "&").append(name).append("=").append(percent_encode(value));
}

Result<crypto::PrivateKey> private_key(const config::OpenIdSettings& settings) {
    TRY(const SecretString pem, config::read_secret(*settings.private_key));
    return crypto::PrivateKey::from_pem(pem);
}

// RFC 7523 3, OpenID Connect Core 9.
Result<void> add_assertion(std::string& form, const config::OpenIdSettings& settings, const OpenIdMetadata& metadata,
                           WallTime now) {
    const auto key = private_key(settings);
    if (!key) {
        return misconfigured("The private key for the identity provider cannot be used.").detail(key.error()->message);
    }
    const std::int64_t seconds = unix_millis(now) / 1000;
    const json::Object claims = {{"iss", settings.client_id},
                                 {"sub", settings.client_id},
                                 {"aud", metadata.token_endpoint_text},
                                 {"iat", seconds},
                                 {"exp", seconds + kAssertionSeconds},
                                 {"jti", uuid_v4()}};
    append_field(form, "client_id", settings.client_id);
    append_field(form, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    append_field(form, "client_assertion", key->sign_jwt(settings.key_id, claims));
    return {};
}

Result<void> add_secret(egress::HttpRequest& request, const config::OpenIdSettings& settings,
                        const OpenIdMetadata& metadata) {
    const auto secret = config::read_secret(*settings.client_secret);
    if (!secret) {
        return misconfigured("The secret for the identity provider cannot be read.").detail(secret.error()->message);
    }
    if (!metadata.takes_basic) {
        append_field(request.body, "client_id", settings.client_id);
        append_field(request.body, "client_secret", secret->reveal());
        return {};
    }
    // RFC 6749 2.3.1: both halves are form-encoded first.
    const std::string pair = percent_encode(settings.client_id) + ":" + percent_encode(secret->reveal());
    request.headers.push_back({"Authorization", "Basic " + to_base64(pair)});
    return {};
}

// RFC 6749 5.2: only these codes are told from each other.
Error refused(const egress::HttpResponse& response) {
    const auto document = json::parse(response.body, kLimits);
    const json::Object* const object = document ? document->if_object() : nullptr;
    const json::Value* const error = object == nullptr ? nullptr : json::find(*object, "error");
    const std::string_view code = error == nullptr ? std::string_view() : json::text(*error);
    if (code == "invalid_grant") {
        return {Code::unauthenticated, "openid_refused",
                "The identity provider does not accept the code: it was used before, is too old, or is not ours."};
    }
    if (code == "invalid_client" || code == "unauthorized_client" || response.status == 401) {
        return misconfigured("The identity provider does not accept this host as its client.");
    }
    return unusable("answer to the code").detail("status " + std::to_string(response.status));
}

SecretString member(const json::Object& object, std::string_view name) {
    const json::Value* const value = json::find(object, name);
    return SecretString(std::string(value == nullptr ? std::string_view() : json::text(*value)));
}

// What may stand in a header (RFC 6750 2.1, generously).
bool is_header_text(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0 ", 4)) == std::string_view::npos;
}

}  // namespace

Result<egress::HttpRequest> code_request(const config::OpenIdSettings& settings, const OpenIdMetadata& metadata,
                                         const OpenIdCode& code, WallTime now) {
    // A code is good once, so a request that may have arrived is not sent again.
    egress::HttpRequest request{.method = "POST",
                                .url = metadata.token_endpoint,
                                .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                                            {"Accept", "application/json"}}};
    append_field(request.body, "grant_type", "authorization_code");
    append_field(request.body, "code", code.code);
    append_field(request.body, "redirect_uri", code.redirect_uri);
    append_field(request.body, "code_verifier", code.verifier);
    if (settings.client_secret) {
        TRY_VOID(add_secret(request, settings, metadata));
    } else {
        TRY_VOID(add_assertion(request.body, settings, metadata, now));
    }
    return request;
}

Result<OpenIdTokens> read_code_answer(Result<egress::HttpResponse> response) {
    if (response && response->status != 200) {
        return refused(*response);
    }
    TRY(std::string text, body_of_provider(std::move(response), "answer to the code"));
    const SecretString body(std::move(text));
    const auto document = json::parse(body.reveal(), kLimits);
    if (!document || !document->is_object()) {
        return unusable("answer to the code");
    }
    OpenIdTokens tokens{member(document->get_object(), "id_token"), member(document->get_object(), "access_token")};
    if (tokens.id_token.empty() || !is_header_text(tokens.access_token.reveal())) {
        return unusable("id token");
    }
    return tokens;
}

egress::HttpRequest userinfo_request(const egress::Url& endpoint, const SecretString& access_token) {
    return {.method = "GET",
            .url = endpoint,
            .headers = {{"Authorization", "Bearer " + std::string(access_token.reveal())},
                        {"Accept", "application/json"}},
            .may_repeat = true};
}

Result<json::Object> read_userinfo(Result<egress::HttpResponse> response, std::string_view subject) {
    TRY(const std::string body, body_of_provider(std::move(response), "word about the person (userinfo)"));
    auto document = json::parse(body, kLimits);
    json::Object* const object = document ? document->if_object() : nullptr;
    if (object == nullptr) {
        return unusable("word about the person (userinfo)");
    }
    if (member(*object, "sub").reveal() != subject) {
        return Error(Code::unauthenticated, "openid_token_invalid",
                     "The identity provider's userinfo is about another person (sub).");
    }
    return std::move(*object);
}

Result<void> check_openid_credential(const config::OpenIdSettings& settings) {
    if (settings.private_key) {
        TRY_VOID(private_key(settings));
        return {};
    }
    TRY_VOID(config::read_secret(*settings.client_secret));
    return {};
}

}  // namespace quell::identity
