// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/client_metadata.hpp"

#include <algorithm>
#include <array>

#include "crypto/jwk.hpp"
#include "identity/display_name.hpp"
#include "json/read.hpp"
#include "json/serialize.hpp"

namespace quell::identity {
namespace {

constexpr std::size_t kMostRedirectUris = 20;
constexpr std::size_t kMostWords = 32;
constexpr std::array kAllMethods = {AuthMethod::none, AuthMethod::client_secret_post, AuthMethod::client_secret_basic,
                                    AuthMethod::private_key_jwt};

Error refusal(std::string_view why) {
    return {Code::invalid_argument, "invalid_client_metadata", std::string(why)};
}

// The reader's words with our key; `why` names the member.
template <class T>
Result<T> renamed(Result<T> read) {
    return read ? std::move(read) : Result<T>(refusal(read.error()->message));
}

Result<std::string> read_text(const json::Object& document, std::string_view name) {
    TRY(const auto text, renamed(json::optional_string(document, name)));
    return std::string(text.value_or(""));
}

// nullopt: the member is not there.
Result<std::optional<std::vector<std::string>>> read_list(const json::Object& document, std::string_view name,
                                                          std::size_t most) {
    TRY(const json::Array* const list, renamed(json::optional_array(document, name)));
    if (list == nullptr) {
        return std::optional<std::vector<std::string>>();
    }
    std::vector<std::string> words;
    for (const json::Value& value : *list) {
        if (!value.is_string() || words.size() == most) {
            return refusal(std::string(name) + " must be a list of at most " + std::to_string(most) + " strings");
        }
        words.emplace_back(json::text(value));
    }
    return std::optional(std::move(words));
}

Result<void> read_redirect_uris(const json::Object& document, ClientMetadata& out) {
    TRY(auto uris, read_list(document, "redirect_uris", kMostRedirectUris));
    if (!uris || uris->empty()) {
        return Error(Code::invalid_argument, "invalid_redirect_uri", "redirect_uris must name one URI or more");
    }
    out.redirect_uris = *std::move(uris);
    return {};
}

// RFC 7591 2: left out it is authorization_code alone. A client of no tenant acts for people only, so the other grants
// are not to be had this way.
Result<void> read_grants(const json::Object& document, ClientMetadata& out) {
    TRY(const auto words, read_list(document, "grant_types", kMostWords));
    const auto asks_for = [&words](GrantType grant) {
        return words && std::ranges::find(*words, to_string(grant)) != words->end();
    };
    if (words && !asks_for(GrantType::authorization_code)) {
        return refusal("grant_types must have authorization_code; with it refresh_token is possible");
    }
    out.grants = {GrantType::authorization_code};
    if (asks_for(GrantType::refresh_token)) {
        out.grants.push_back(GrantType::refresh_token);
    }
    TRY(const auto types, read_list(document, "response_types", kMostWords));
    if (types && std::ranges::find(*types, "code") == types->end()) {
        return refusal("response_types must have code");
    }
    return {};
}

Result<void> read_keys(const json::Object& document, ClientMetadata& out) {
    if (const json::Value* const jwks = json::find(document, "jwks")) {
        out.jwks = json::serialize(*jwks);
        if (const auto keys = crypto::KeySet::parse(out.jwks); !keys) {
            return refusal("jwks: " + keys.error()->message);
        }
    }
    if (out.auth_method == AuthMethod::private_key_jwt && out.jwks.empty()) {
        return refusal("private_key_jwt needs the member jwks; jwks_uri is not supported");
    }
    return {};
}

Result<void> read_auth_method(const json::Object& document, ClientMetadata& out) {
    TRY(const std::string word, read_text(document, "token_endpoint_auth_method"));
    out.auth_method = parse_auth_method(word);
    if (!word.empty() && !out.auth_method) {
        return refusal("token_endpoint_auth_method must be none, client_secret_post, client_secret_basic or "
                       "private_key_jwt");
    }
    return read_keys(document, out);
}

Result<void> read_scope(const json::Object& document, ClientMetadata& out) {
    TRY(const std::string words, read_text(document, "scope"));
    out.scopes = words.empty() ? ScopeSet::all() : ScopeSet::parse_known(words);
    if (out.scopes.empty()) {
        return refusal("scope has none of " + ScopeSet::all().to_string());
    }
    return {};
}

Result<void> read_name(const json::Object& document, ClientMetadata& out) {
    TRY(out.name, read_text(document, "client_name"));
    if (out.name.empty()) {
        return {};
    }
    const auto good = check_display_name(out.name);
    return good ? good : refusal("client_name: " + good.error()->message);
}

Result<void> read_application_type(const json::Object& document, ClientMetadata& out) {
    TRY(out.application_type, read_text(document, "application_type"));
    const bool known = out.application_type.empty() || out.application_type == "web" ||
                       out.application_type == "native";
    return known ? Result<void>() : refusal("application_type must be web or native");
}

}  // namespace

std::string_view to_string(AuthMethod method) {
    static constexpr std::array<std::string_view, 4> kNames = {"none", "client_secret_post", "client_secret_basic",
                                                               "private_key_jwt"};
    return kNames[static_cast<std::size_t>(method)];
}

std::optional<AuthMethod> parse_auth_method(std::string_view text) {
    for (const AuthMethod method : kAllMethods) {
        if (to_string(method) == text) {
            return method;
        }
    }
    return std::nullopt;
}

Result<ClientMetadata> read_client_metadata(const json::Object& document) {
    ClientMetadata out;
    for (const auto read : {read_redirect_uris, read_grants, read_auth_method, read_scope, read_name,
                            read_application_type}) {
        TRY_VOID(read(document, out));
    }
    return out;
}

}  // namespace quell::identity
