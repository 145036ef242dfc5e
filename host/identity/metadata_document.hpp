// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

#include "config/settings.hpp"
#include "egress/url.hpp"
#include "identity/clients.hpp"

// Client ID Metadata Documents: the client's id is the address of a document in which it describes itself.
namespace quell::identity {

// Whether a client_id is meant as such an address.
bool names_metadata_document(std::string_view client_id);

// The address, if it may be asked: https with a path, without user information, fragment and dot segments (Url refuses
// those), at most 1 KiB, at a host that the settings trust. Plain http only to a loopback host and with
// allow_insecure_loopback. invalid_client otherwise.
Result<egress::Url> metadata_document_url(std::string_view client_id, const config::MetadataDocumentSettings& rules);

// The client that a document describes (DC-04). invalid_client if it is not a JSON object of at most 5 KiB, its
// client_id is another than its address, it holds or wants a shared secret, or its metadata are refused. Redirect URIs
// that RedirectUri refuses are left out; one at least has to remain. It belongs to no tenant.
Result<Client> read_metadata_document(std::string_view client_id, std::string_view body, WallTime now);

}  // namespace quell::identity
