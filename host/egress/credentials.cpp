// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/credentials.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "json/read.hpp"

namespace quell::egress {
namespace {

Error misconfigured(std::string message) {
    return Error(Code::failed_precondition, "connector_misconfigured", std::move(message));
}

// One profile's members with the settings put in.
class Members {
  public:
    Members(const json::Object& document, const ConnectorValues& values)
        : document_(document), values_(values) {}

    Result<SecretString> secret(std::string_view name) {
        TRY(const std::string_view text, json::string_member(document_, name));
        remember(text);
        return expand_secret(text, values_);
    }

    Result<std::string> shown(std::string_view name) {
        TRY(const std::string_view text, json::string_member(document_, name));
        remember(text);
        return expand(text, values_);
    }

    Result<std::string> shown_or_empty(std::string_view name) {
        TRY(const auto text, json::optional_string(document_, name));
        if (!text || !has_all(setting_names(*text))) {
            return std::string();
        }
        return shown(name);
    }

    std::vector<std::string> take_names() { return std::move(names_); }

  private:
    bool has_all(const std::vector<std::string>& names) const {
        return std::ranges::all_of(names, [this](const std::string& name) {
            const json::Value* const plain = json::find(values_.plain, name);
            return values_.secrets.contains(name) || (plain != nullptr && !plain->is_null());
        });
    }

    void remember(std::string_view text) {
        for (std::string& name : setting_names(text)) {
            if (std::ranges::find(names_, name) == names_.end()) {
                names_.push_back(std::move(name));
            }
        }
    }

    const json::Object& document_;
    const ConnectorValues& values_;
    std::vector<std::string> names_;
};

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

bool is_header_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

Result<CredentialProfile> fixed(std::string name, std::string_view prefix,
                                const SecretString& value) {
    if (!is_header_name(name)) {
        return misconfigured("Its name is not a header's name.");
    }
    if (value.empty() || !is_printable(value.reveal()) || !is_printable(prefix)) {
        return misconfigured(
            "A credential is empty or holds a line feed or another character that no header may "
            "hold.");
    }
    return FixedHeader{.name = std::move(name),
                       .value = SecretString(fmt::format("{}{}", prefix, value.reveal()))};
}

Result<CredentialProfile> read_bearer(Members& members) {
    TRY(const SecretString token, members.secret("token"));
    return fixed("Authorization", "Bearer ", token);
}

Result<CredentialProfile> read_basic(Members& members) {
    TRY(const SecretString username, members.secret("username"));
    TRY(const SecretString password, members.secret("password"));
    if (username.reveal().find(':') != std::string_view::npos) {
        return misconfigured("A user name for HTTP Basic cannot hold a colon.");  // RFC 7617 2
    }
    const SecretString pair(fmt::format("{}:{}", username.reveal(), password.reveal()));
    return fixed("Authorization", "Basic ", SecretString(to_base64(pair.reveal())));
}

Result<CredentialProfile> read_header(Members& members) {
    TRY(std::string name, members.shown("name"));
    TRY(const std::string prefix, members.shown_or_empty("prefix"));
    TRY(const SecretString value, members.secret("value"));
    return fixed(std::move(name), prefix, value);
}

Result<TokenGrant> read_grant(Members& members,
                              std::variant<SecretString, crypto::PrivateKey> proof) {
    TRY(std::string audience, members.shown("token_url"));
    TRY(Url token_url, Url::parse(audience));
    TRY(std::string client_id, members.shown("client_id"));
    TRY(std::string scope, members.shown_or_empty("scope"));
    TRY(std::string key_id, members.shown_or_empty("key_id"));
    return TokenGrant{.token_url = std::move(token_url),
                      .audience = std::move(audience),
                      .client_id = std::move(client_id),
                      .scope = std::move(scope),
                      .proof = std::move(proof),
                      .key_id = std::move(key_id),
                      .setting_names = members.take_names()};
}

Result<CredentialProfile> read_client_credentials(Members& members) {
    TRY(SecretString secret, members.secret("client_secret"));
    TRY(TokenGrant grant, read_grant(members, std::move(secret)));
    return CredentialProfile(std::move(grant));
}

Result<CredentialProfile> read_private_key_jwt(Members& members) {
    TRY(const SecretString pem, members.secret("private_key"));
    TRY(crypto::PrivateKey key, crypto::PrivateKey::from_pem(pem));
    TRY(const std::string algorithm, members.shown_or_empty("algorithm"));
    if (!algorithm.empty() && algorithm != to_string(key.algorithm())) {
        return misconfigured(fmt::format("The private key signs with {}, but {} is configured.",
                                         to_string(key.algorithm()), algorithm));
    }
    TRY(TokenGrant grant, read_grant(members, std::move(key)));
    return CredentialProfile(std::move(grant));
}

Result<CredentialProfile> read_profile(const json::Object& document,
                                       const ConnectorValues& values) {
    TRY(const std::string_view type, json::string_member(document, "type"));
    Members members(document, values);
    if (type == "oauth2_client_credentials") {
        return read_client_credentials(members);
    }
    if (type == "oauth2_private_key_jwt") {
        return read_private_key_jwt(members);
    }
    if (type == "bearer") {
        return read_bearer(members);
    }
    if (type == "basic") {
        return read_basic(members);
    }
    if (type == "header") {
        return read_header(members);
    }
    return misconfigured(
        "The type is none of oauth2_client_credentials, oauth2_private_key_jwt, bearer, basic, "
        "header.");
}

}  // namespace

Result<CredentialProfiles> read_profiles(const json::Object& auth, const ConnectorValues& values) {
    CredentialProfiles profiles;
    for (const auto& member : auth) {
        const std::string name(member.key());
        TRY(const json::Object* const document, json::as_object(member.value(), "auth." + name));
        auto profile = read_profile(*document, values);
        if (!profile) {
            return Error(Code::failed_precondition, "connector_misconfigured",
                         fmt::format("The credential profile \"{}\" cannot be used: {}", name,
                                     profile.error()->message))
                .next_step(profile.error()->next_step);
        }
        profiles.emplace(name, *std::move(profile));
    }
    return profiles;
}

}  // namespace quell::egress
