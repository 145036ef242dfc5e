// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/url.hpp"
#include "target.hpp"

// What may leave has no credentials, no fragment and no way to climb out of its path.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto url = quell::egress::Url::parse(quell::fuzz::as_text(data, size));
    if (url) {
        quell::fuzz::require(!url->host().empty() && url->path().starts_with('/'));
        quell::fuzz::require(url->path().find("/../") == std::string::npos);
    }
    return 0;
}
