// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "mcp/secret_results.hpp"

#include "json/serialize.hpp"
#include "secrets/documents.hpp"

namespace quell::mcp {

base::Task<std::string> shown(secrets::Service& secrets, const identity::Principal& caller, const secrets::Reading& reading) {
    if (reading.value_in_result) {
        const SecretString document = value_document(reading);
        co_return std::string(document.reveal());
    }
    CO_TRY(const secrets::Wrapped wrapped, co_await secrets.wrap(caller, reading));
    json::Object document = metadata_document(reading);
    document["reference"] = wrapped.reference;
    document["referenceExpiresAt"] = to_rfc3339(wrapped.expires_at);
    document["hint"] = "The value is not shown to models here. Hand the reference to the program that needs the value: it opens once, by POST " +
                       secrets.public_url() + "/v1/security/mcp/unwrap.";
    co_return json::serialize(document);
}

}  // namespace quell::mcp
