// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/encoding.hpp"
#include "target.hpp"

// Strict decoders: what decodes encodes back to the same spelling.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = quell::fuzz::as_text(data, size);
    if (const auto bytes = quell::from_base64url(text)) {
        quell::fuzz::require(quell::to_base64url(*bytes) == text);
    }
    if (const auto bytes = quell::from_base64(text)) {
        quell::fuzz::require(quell::to_base64(*bytes) == text);
    }
    if (const auto bytes = quell::percent_decode(text, false)) {
        quell::fuzz::require(quell::percent_decode(quell::percent_encode(*bytes), false) == *bytes);
    }
    static_cast<void>(quell::is_utf8(text));
    return 0;
}
