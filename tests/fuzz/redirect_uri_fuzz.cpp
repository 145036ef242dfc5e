// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/redirect_uri.hpp"
#include "target.hpp"

// An accepted address admits itself and is of an allowed scheme, whatever its spelling.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto uri = quell::identity::RedirectUri::parse(quell::fuzz::as_text(data, size));
    if (uri) {
        const std::string& text = uri->text();
        quell::fuzz::require(uri->admits(*uri));
        quell::fuzz::require(text.starts_with("https://") || text.starts_with("http://") || text.starts_with("cursor://"));
        quell::fuzz::require(text.find('#') == std::string::npos && text.find('*') == std::string::npos);
    }
    return 0;
}
