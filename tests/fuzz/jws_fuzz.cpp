// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "crypto/jws.hpp"
#include "target.hpp"

// Whatever comes in, nothing is signed by a key that did not sign it. The input is a signed text, or, behind a line
// feed, a key set and a signed text.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = quell::fuzz::as_text(data, size);
    static const auto own = quell::crypto::KeySet::parse(
        R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})");
    const std::size_t line = text.find('\n');
    const auto keys = quell::crypto::KeySet::parse(text.substr(0, line));
    const auto jws = quell::crypto::Jws::parse(line == std::string_view::npos ? text : text.substr(line + 1));
    if (jws) {
        quell::fuzz::require(!jws->is_signed_by(*own));
        static_cast<void>(keys && jws->is_signed_by(*keys));
    }
    return 0;
}
