// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/metadata_document.hpp"

#include "egress/address_veto.hpp"
#include "identity/client_metadata.hpp"
#include "identity/redirect_hosts.hpp"
#include "json/parse.hpp"
#include "json/read.hpp"

namespace quell::identity {
namespace {

constexpr std::size_t kLongestAddress = 1024;
constexpr json::Limits kLimits{.bytes = 5 * 1024, .depth = 8, .values = 1'000};

Error refusal(std::string_view why) {
    return {Code::invalid_argument, "invalid_client", "The client's metadata document " + std::string(why) + "."};
}

// A document that everybody can read cannot hold what client and server alone may know.
bool wants_shared_secret(const json::Object& document, const ClientMetadata& metadata) {
    return json::find(document, "client_secret") != nullptr ||
           json::find(document, "client_secret_expires_at") != nullptr ||
           metadata.auth_method == AuthMethod::client_secret_post ||
           metadata.auth_method == AuthMethod::client_secret_basic;
}

std::vector<RedirectUri> sound_uris(const std::vector<std::string>& texts) {
    std::vector<RedirectUri> uris;
    for (const std::string& text : texts) {
        if (auto uri = RedirectUri::parse(text)) {
            uris.push_back(*std::move(uri));
        }
    }
    return uris;
}

std::string_view host_of(std::string_view address) {
    const std::size_t begin = address.find("://") + 3;
    return address.substr(begin, address.find_first_of("/?", begin) - begin);
}

Result<Client> make_client(std::string_view client_id, const ClientMetadata& metadata, WallTime now) {
    Client client{.id = ClientId(std::string(client_id)),
                  .kind = ClientKind::metadata,
                  .tenant = {},
                  .name = metadata.name.empty() ? std::string(host_of(client_id).substr(0, 100)) : metadata.name,
                  .confidential = metadata.auth_method == AuthMethod::private_key_jwt,
                  .redirect_uris = sound_uris(metadata.redirect_uris),
                  .grants = metadata.grants,
                  .scopes = metadata.scopes,
                  .created_at = now,
                  .last_used_at = {}};
    if (client.confidential) {
        client.jwks = metadata.jwks;
    }
    return client.redirect_uris.empty() ? Result<Client>(refusal("has no redirect URI that is allowed here"))
                                        : Result<Client>(std::move(client));
}

}  // namespace

bool names_metadata_document(std::string_view client_id) {
    return client_id.starts_with("https://") || client_id.starts_with("http://");
}

Result<egress::Url> metadata_document_url(std::string_view client_id, const config::MetadataDocumentSettings& rules) {
    if (!rules.enabled) {
        return Error(Code::invalid_argument, "invalid_client", "Clients that are addresses are not taken here.");
    }
    auto url = client_id.size() > kLongestAddress ? refusal("has an address of more than 1 KiB")
                                                  : egress::Url::parse(client_id);
    if (!url) {
        return refusal("has an address that is refused: " + url.error()->message);
    }
    const bool insecure = rules.allow_insecure_loopback && egress::names_loopback(url->host());
    if (!url->is_https() && !insecure) {
        return refusal("must be at an https address");
    }
    if (url->path() == "/") {
        return refusal("must be at an address with a path");
    }
    if (!rules.trusted_hosts.empty() && !matches_any_host(rules.trusted_hosts, url->host())) {
        return refusal("is at a host that this host's administrator does not trust");
    }
    return url;
}

Result<Client> read_metadata_document(std::string_view client_id, std::string_view body, WallTime now) {
    const auto value = json::parse(body, kLimits);
    const json::Object* const document = value ? value->if_object() : nullptr;
    if (document == nullptr) {
        return refusal("is not a JSON object of at most 5 KiB");
    }
    const json::Value* const own_id = json::find(*document, "client_id");
    if (own_id == nullptr || json::text(*own_id) != client_id) {
        return refusal("has another client_id than its address");
    }
    const auto metadata = read_client_metadata(*document);
    if (!metadata) {
        return refusal("is refused: " + metadata.error()->message);
    }
    if (wants_shared_secret(*document, *metadata)) {
        return refusal("must not have or ask for a client secret");
    }
    return make_client(client_id, *metadata, now);
}

}  // namespace quell::identity
