// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/client_metadata.hpp"
#include "identity/metadata_document.hpp"
#include "json/parse.hpp"
#include "target.hpp"

namespace {

constexpr std::string_view kId = "https://client.example/oauth/client.json";

void check_document(std::string_view text) {
    const auto client = quell::identity::read_metadata_document(kId, text, {});
    if (client) {
        using quell::identity::GrantType;
        quell::fuzz::require(client->id.str() == kId && client->tenant.empty() && !client->redirect_uris.empty());
        quell::fuzz::require(!client->may_use(GrantType::client_credentials));
        quell::fuzz::require(client->confidential == !client->jwks.empty());
    }
}

}  // namespace

// The body of a registration, and the document at a client's own address: what is accepted has a redirect URI, acts for
// people only and keeps no secret.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = quell::fuzz::as_text(data, size);
    check_document(text);
    const auto value = quell::json::parse(text);
    const auto* const object = value ? value->if_object() : nullptr;
    if (object == nullptr) {
        return 0;
    }
    const auto metadata = quell::identity::read_client_metadata(*object);
    if (metadata) {
        quell::fuzz::require(!metadata->redirect_uris.empty() && !metadata->grants.empty());
        quell::fuzz::require(!metadata->scopes.empty());
        quell::fuzz::require(metadata->jwks.empty() || quell::json::parse(metadata->jwks).has_value());
    }
    return 0;
}
