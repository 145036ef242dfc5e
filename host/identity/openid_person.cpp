// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/openid_person.hpp"

#include <algorithm>

#include "identity/numeric_date.hpp"
#include "identity/users.hpp"
#include "json/pointer.hpp"
#include "json/read.hpp"

namespace quell::identity {
namespace {

constexpr std::size_t kLongestWord = 128;
constexpr std::size_t kMostWords = 16;

Error refusal(std::string_view key, std::string message) {
    return {Code::permission_denied, std::string(key), std::move(message)};
}

std::string text_of(const json::Object& claims, std::string_view name) {
    const json::Value* const value = json::find(claims, name);
    return std::string(value == nullptr ? std::string_view() : json::text(*value));
}

// For records: not longer than anybody would want to read.
std::string word_of(const json::Object& claims, std::string_view name) {
    return text_of(claims, name).substr(0, kLongestWord);
}

std::vector<std::string> words_of(const json::Object& claims, std::string_view name) {
    const json::Value* const value = json::find(claims, name);
    const json::Array* const list = value == nullptr ? nullptr : value->if_array();
    std::vector<std::string> words;
    for (std::size_t i = 0; list != nullptr && i < std::min(list->size(), kMostWords); ++i) {
        if (list->at(i).is_string()) {
            words.emplace_back(json::text(list->at(i)).substr(0, kLongestWord));
        }
    }
    return words;
}

// A claim by its name, else by a JSON pointer; a copy, since a pointer is resolved in a document.
std::optional<json::Value> role_claim(const config::OpenIdSettings& settings, const json::Object& claims) {
    if (const json::Value* const value = json::find(claims, settings.role_claim)) {
        return *value;
    }
    if (!settings.role_claim.starts_with('/')) {
        return std::nullopt;
    }
    const json::Value document(claims);
    const auto found = json::resolve(document, settings.role_claim);
    return found ? std::optional<json::Value>(**found) : std::nullopt;
}

void keep_higher(std::optional<Role>& role, const std::string& word) {
    const auto other = parse_role(word);
    if (other && (!role || *other < *role)) {
        role = other;
    }
}

void note_value(const config::OpenIdSettings& settings, const json::Value& value, std::optional<Role>& role) {
    const auto found = settings.roles.find(std::string(json::text(value)));
    if (value.is_string() && found != settings.roles.end()) {
        keep_higher(role, found->second);
    }
}

}  // namespace

OpenIdPerson read_openid_person(json::Object claims) {
    OpenIdPerson person;
    person.issuer = text_of(claims, "iss");
    person.subject = text_of(claims, "sub");
    person.email = text_of(claims, "email");
    person.acr = word_of(claims, "acr");
    person.amr = words_of(claims, "amr");
    const json::Value* const verified = json::find(claims, "email_verified");
    person.email_is_verified = verified != nullptr && verified->is_bool() && verified->get_bool();
    if (const json::Value* const time = json::find(claims, "auth_time")) {
        person.signed_in_at = numeric_date(*time);
    }
    person.claims = std::move(claims);
    return person;
}

Result<std::string> believed_email(const config::OpenIdSettings& settings, const OpenIdPerson& person) {
    const auto email = normal_email(person.email);
    if (!email) {
        return refusal("openid_email_missing", "The identity provider tells no e-mail address.");
    }
    if (!person.email_is_verified && !settings.trust_email) {
        return refusal("openid_email_unverified",
                       "The identity provider does not say that the e-mail address is verified.");
    }
    const std::string domain = email->substr(email->find('@') + 1);
    const auto& allowed = settings.email_domains;
    if (!allowed.empty() && std::ranges::find(allowed, domain) == allowed.end()) {
        return refusal("openid_email_domain", "E-mail addresses of this domain may not sign in here.");
    }
    return email;
}

std::optional<Role> mapped_role(const config::OpenIdSettings& settings, const json::Object& claims) {
    std::optional<Role> role;
    if (const auto claim = role_claim(settings, claims)) {
        const json::Array* const list = claim->if_array();
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            note_value(settings, list->at(i), role);
        }
        if (list == nullptr) {
            note_value(settings, *claim, role);
        }
    }
    if (!role) {
        role = parse_role(settings.default_role);
    }
    return role == Role::owner ? std::nullopt : role;
}

bool has_role_claim(const config::OpenIdSettings& settings, const json::Object& claims) {
    return role_claim(settings, claims).has_value();
}

}  // namespace quell::identity
