// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/openid_metadata.hpp"

#include <algorithm>

#include "egress/address_veto.hpp"
#include "json/parse.hpp"
#include "json/read.hpp"

namespace quell::identity {
namespace {

Error refusal(std::string_view why) {
    return Error(Code::failed_precondition, "openid_provider_misconfigured",
                 "The identity provider's own description " + std::string(why) + ".")
        .next_step("Compare [openid] of the tenant with the provider; `quell doctor` looks at both.");
}

std::string_view text_of(const json::Object& document, std::string_view name) {
    const json::Value* const value = json::find(document, name);
    return value == nullptr ? std::string_view() : json::text(*value);
}

Result<egress::Url> read_url(const config::OpenIdSettings& settings, const json::Object& document,
                             std::string_view name) {
    auto url = egress::Url::parse(text_of(document, name));
    const bool insecure = settings.allow_insecure_loopback && url && egress::names_loopback(url->host());
    if (!url || (!url->is_https() && !insecure)) {
        return refusal("has no " + std::string(name) + " that is an https URL");
    }
    return url;
}

bool lists(const json::Object& document, std::string_view name, std::string_view word) {
    const json::Value* const value = json::find(document, name);
    const json::Array* const list = value == nullptr ? nullptr : value->if_array();
    return list != nullptr &&
           std::ranges::any_of(*list, [&](const json::Value& one) { return json::text(one) == word; });
}

bool is_true(const json::Object& document, std::string_view name) {
    const json::Value* const value = json::find(document, name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace

std::string openid_metadata_address(const std::string& issuer) {
    const std::string_view base(issuer);
    return std::string(base.ends_with('/') ? base.substr(0, base.size() - 1) : base) +
           "/.well-known/openid-configuration";
}

Result<OpenIdMetadata> read_openid_metadata(const config::OpenIdSettings& settings, std::string_view body) {
    const auto value = json::parse(body, {.bytes = 64 * 1024, .depth = 8, .values = 2000});
    const json::Object* const document = value ? value->if_object() : nullptr;
    if (document == nullptr) {
        return refusal("is not a JSON object");
    }
    if (text_of(*document, "issuer") != settings.issuer) {
        return refusal("names another issuer than the settings, which must be the same byte for byte");
    }
    TRY(const egress::Url authorization, read_url(settings, *document, "authorization_endpoint"));
    TRY(egress::Url token, read_url(settings, *document, "token_endpoint"));
    TRY(egress::Url keys, read_url(settings, *document, "jwks_uri"));
    std::optional<egress::Url> userinfo;
    if (document->contains("userinfo_endpoint")) {
        TRY(userinfo, read_url(settings, *document, "userinfo_endpoint"));
    }
    constexpr std::string_view kMethods = "token_endpoint_auth_methods_supported";
    return OpenIdMetadata{
        .authorization_endpoint = std::string(text_of(*document, "authorization_endpoint")),
        .token_endpoint = std::move(token),
        .token_endpoint_text = std::string(text_of(*document, "token_endpoint")),
        .keys_address = std::move(keys),
        .userinfo_endpoint = std::move(userinfo),
        // Discovery 3: left out, it is client_secret_basic.
        .takes_basic = !document->contains(kMethods) || lists(*document, kMethods, "client_secret_basic"),
        .names_itself = is_true(*document, "authorization_response_iss_parameter_supported")};
}

}  // namespace quell::identity
