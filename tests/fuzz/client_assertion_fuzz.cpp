// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/encoding.hpp"
#include "identity/client_assertions.hpp"
#include "target.hpp"

// The input is the claims; they come as far as the check, or are refused. One that is taken names a client.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view claims = quell::fuzz::as_text(data, size);
    const auto assertion =
        quell::identity::ClientAssertion::parse("eyJhbGciOiJFUzI1NiJ9." + quell::to_base64url(claims) + ".AA");
    if (assertion) {
        quell::fuzz::require(!assertion->client().empty());
    }
    return 0;
}
