// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <algorithm>
#include <functional>
#include <string>

#include "base/encoding.hpp"
#include "crypto/jose.hpp"
#include "http/form.hpp"
#include "identity/openid_sign_in.hpp"
#include "identity/pkce.hpp"
#include "json/serialize.hpp"

namespace quell::identity {

inline constexpr std::string_view kProviderIssuer = "https://idp.example";

// An OpenID provider as far as a sign-in sees it, on the test's own clock. Tests change what it says.
class FakeProvider {
  public:
    explicit FakeProvider(Now now) : now_(std::move(now)) {}

    egress::HttpResponse respond(const egress::HttpRequest& request) {
        asked.push_back(request);
        const std::string& path = request.url.path();
        if (path == "/.well-known/openid-configuration") {
            return answer(json::serialize(description));
        }
        if (path == "/jwks") {
            return answer(json::serialize(json::Object{{"keys", json::Array{key.public_jwk(key_id)}}}));
        }
        if (path == "/token") {
            return token(request);
        }
        return path == "/userinfo" ? answer(json::serialize(userinfo)) : egress::HttpResponse{.status = 404};
    }

    // A person signs in at the address that the browser was sent to; gives the query for the redirect URI.
    std::string sign_in(const std::string& address) {
        const auto form = http::Form::parse(address.substr(address.find('?') + 1));
        nonce = form->value("nonce");
        challenge = form->value("code_challenge");
        sent_to = form->value("redirect_uri");
        parameters = address.substr(address.find('?') + 1);
        return "code=code-1&state=" + percent_encode(form->value("state")) + "&iss=" + percent_encode(kProviderIssuer);
    }

    json::Object claims() const {
        const std::int64_t seconds = unix_millis(now_()) / 1000;
        json::Object out = {{"iss", kProviderIssuer}, {"aud", "quell"},      {"sub", "subject-1"},
                            {"nonce", nonce},         {"iat", seconds},      {"exp", seconds + 300},
                            {"email", "alice@corp.example"}, {"email_verified", true}, {"groups", json::Array{"soc"}}};
        change(out);
        return out;
    }

    // The newest request to a path that was asked for.
    const egress::HttpRequest& last_asked(std::string_view path) const {
        return *std::find_if(asked.rbegin(), asked.rend(), [&](const egress::HttpRequest& request) {
            return request.url.path() == path;
        });
    }
    int times_asked(std::string_view path) const {
        return static_cast<int>(std::count_if(asked.begin(), asked.end(), [&](const egress::HttpRequest& request) {
            return request.url.path() == path;
        }));
    }

    json::Object description = {{"issuer", kProviderIssuer},
                                {"authorization_endpoint", "https://idp.example/authorize"},
                                {"token_endpoint", "https://idp.example/token"},
                                {"jwks_uri", "https://idp.example/jwks"},
                                {"userinfo_endpoint", "https://idp.example/userinfo"},
                                {"authorization_response_iss_parameter_supported", true}};
    json::Object userinfo = {{"sub", "subject-1"}};
    crypto::PrivateKey key = crypto::PrivateKey::generate_p256();
    std::string key_id = "k1";
    std::function<void(json::Object&)> change = [](json::Object&) {};
    std::function<std::string(std::string token)> tamper = [](std::string token) { return token; };
    unsigned token_status = 200;
    std::string token_error;
    std::vector<egress::HttpRequest> asked;
    std::string nonce, challenge, sent_to, parameters;

  private:
    static egress::HttpResponse answer(std::string body) {
        return {.status = 200, .headers = {{"content-type", "application/json"}}, .body = std::move(body)};
    }

    egress::HttpResponse token(const egress::HttpRequest& request) const {
        const auto form = http::Form::parse(request.body);
        if (!token_error.empty() || form->value("code") != "code-1" || form->value("redirect_uri") != sent_to ||
            code_challenge(form->value("code_verifier")) != challenge) {
            return {.status = static_cast<int>(token_status == 200 ? 400 : token_status),
                    .body = R"({"error":")" + (token_error.empty() ? "invalid_grant" : token_error) + R"("})"};
        }
        const json::Object out = {{"id_token", tamper(key.sign_jwt(key_id, claims()))},
                                  {"access_token", "access-1"},
                                  {"token_type", "Bearer"}};
        return answer(json::serialize(out));
    }

    Now now_;
};

}  // namespace quell::identity
