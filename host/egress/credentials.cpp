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

// RFC 6749 4.4.2, RFC 7523 2.2: what the host writes itself.
bool is_standard_field(std::string_view name) {
    static constexpr std::string_view kFields[] = {"grant_type",       "client_id",
                                                   "client_secret",    "scope",
                                                   "client_assertion", "client_assertion_type"};
    return std::ranges::find(kFields, name) != std::end(kFields);
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return out;
}

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

bool is_header_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
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
        if (!text || !has_settings(*text, values_)) {
            return std::string();
        }
        return shown(name);
    }

    // The fields of `form` whose settings are there.
    Result<std::vector<std::pair<std::string, std::string>>> form() {
        std::vector<std::pair<std::string, std::string>> fields;
        const json::Value* const form = json::find(document_, "form");
        if (form == nullptr) {
            return fields;
        }
        TRY(const json::Object* const members, json::as_object(*form, "form"));
        for (const auto& member : *members) {
            const std::string name(member.key());
            if (is_standard_field(name)) {
                return misconfigured(fmt::format("Its form has the field \"{}\".", name));
            }
            TRY(const std::string_view text, json::string_member(*members, name));
            if (has_settings(text, values_)) {
                remember(text);
                TRY(std::string value, expand(text, values_));
                fields.emplace_back(name, std::move(value));
            }
        }
        return fields;
    }

    Result<std::optional<Regions>> regions() {
        const json::Value* const found = json::find(document_, "regions");
        if (found == nullptr) {
            return std::optional<Regions>();
        }
        TRY(const json::Object* const members, json::as_object(*found, "regions"));
        TRY(const std::string_view header, json::string_member(*members, "header"));
        TRY(const std::string_view revoke_path, json::string_member(*members, "revoke_path"));
        Regions regions{.header = lower(header), .clouds = {}, .revoke_path = std::string(revoke_path)};
        TRY(const json::Object* const clouds, json::object_member(*members, "clouds"));
        for (const auto& member : *clouds) {
            TRY(Url address, Url::parse(json::text(member.value())));
            regions.clouds.emplace(std::string(member.key()), std::move(address));
        }
        return std::optional(std::move(regions));
    }

    Result<std::optional<Url>> url_if_any(std::string_view name) {
        TRY(const std::string text, shown_or_empty(name));
        if (text.empty()) {
            return std::optional<Url>();
        }
        TRY(Url url, Url::parse(text));
        return std::optional(std::move(url));
    }

    Result<std::vector<TokenLogin::Member>> body() {
        TRY(const json::Object* const members, json::object_member(document_, "body"));
        std::vector<TokenLogin::Member> body;
        for (const auto& member : *members) {
            if (!is_header_name(member.key())) {
                return misconfigured("A member of its body has a name with other characters than letters, digits, - and _.");
            }
            const std::string_view text = json::text(member.value());
            remember(text);
            TRY(SecretString value, expand_secret(text, values_));
            body.push_back({.name = std::string(member.key()), .value = std::move(value), .source = source_of(text)});
        }
        return body;
    }

    // Those whose settings are there.
    Result<std::vector<std::pair<std::string, std::string>>> headers() {
        std::vector<std::pair<std::string, std::string>> headers;
        const json::Value* const found = json::find(document_, "headers");
        if (found == nullptr) {
            return headers;
        }
        TRY(const json::Object* const members, json::as_object(*found, "headers"));
        for (const auto& member : *members) {
            const std::string_view text = json::text(member.value());
            if (has_settings(text, values_)) {
                TRY(std::string value, expand(text, values_));
                headers.emplace_back(std::string(member.key()), std::move(value));
            }
        }
        return headers;
    }

    std::vector<std::string> take_names() { return std::move(names_); }

  private:
    // Where the text is one secret and nothing else.
    SecretSource source_of(std::string_view text) const {
        const auto names = setting_names(text);
        if (names.size() != 1 || text != "{settings." + names.front() + "}") {
            return {};
        }
        const auto found = values_.sources.find(names.front());
        return found == values_.sources.end() ? SecretSource() : found->second;
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
    TRY(auto form, members.form());
    return TokenGrant{.token_url = std::move(token_url),
                      .audience = std::move(audience),
                      .client_id = std::move(client_id),
                      .scope = std::move(scope),
                      .proof = std::move(proof),
                      .key_id = std::move(key_id),
                      .form = std::move(form),
                      .setting_names = members.take_names()};
}

Result<CredentialProfile> read_client_credentials(Members& members) {
    TRY(SecretString secret, members.secret("client_secret"));
    TRY(TokenGrant grant, read_grant(members, std::move(secret)));
    TRY(grant.regions, members.regions());
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

bool is_pointer(std::string_view text) {
    return text.starts_with('/');
}

bool all_headers_fit(const std::vector<std::pair<std::string, std::string>>& headers) {
    return std::ranges::all_of(headers, [](const auto& header) {
        return is_header_name(header.first) && is_printable(header.second);
    });
}

Result<CredentialProfile> read_login(Members& members) {
    TRY(const std::string text, members.shown("url"));
    TRY(Url url, Url::parse(text));
    TRY(auto body, members.body());
    TRY(auto headers, members.headers());
    TRY(std::string token, members.shown("token"));
    TRY(std::string lifetime, members.shown("lifetime"));
    TRY(std::string header, members.shown("header"));
    TRY(auto renew_url, members.url_if_any("renew_url"));
    TRY(auto check_url, members.url_if_any("check_url"));
    if (!is_header_name(header) || !all_headers_fit(headers)) {
        return misconfigured("One of its headers is none, or holds a line feed.");
    }
    if (!is_pointer(token) || !is_pointer(lifetime)) {
        return misconfigured("Its token and lifetime must be JSON pointers.");
    }
    return CredentialProfile(TokenLogin{.url = std::move(url),
                                        .body = std::move(body),
                                        .headers = std::move(headers),
                                        .token_pointer = std::move(token),
                                        .lifetime_pointer = std::move(lifetime),
                                        .header = std::move(header),
                                        .renew_url = std::move(renew_url),
                                        .check_url = std::move(check_url),
                                        .setting_names = members.take_names()});
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
    if (type == "login") {
        return read_login(members);
    }
    return misconfigured(
        "The type is none of oauth2_client_credentials, oauth2_private_key_jwt, bearer, basic, "
        "header, login.");
}

// Whether a member that the profile needs refers to a setting that is absent.
bool lacks_settings(const json::Value& profile, const ConnectorValues& values) {
    static constexpr std::string_view kOptional[] = {"scope", "key_id", "prefix", "algorithm"};
    const json::Object* const document = profile.if_object();
    return document != nullptr && std::ranges::any_of(*document, [&](const auto& member) {
               const bool needed = std::ranges::find(kOptional, std::string_view(member.key())) ==
                                   std::end(kOptional);
               return needed && (!has_settings(json::text(member.value()), values) ||
                                 (member.key() == "body" && lacks_settings(member.value(), values)));
           });
}

}  // namespace

Result<CredentialProfiles> read_profiles(const json::Object& auth, const ConnectorValues& values) {
    CredentialProfiles profiles;
    const bool any_complete = std::ranges::any_of(
        auth, [&](const auto& member) { return !lacks_settings(member.value(), values); });
    for (const auto& member : auth) {
        if (any_complete && lacks_settings(member.value(), values)) {
            continue;
        }
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
