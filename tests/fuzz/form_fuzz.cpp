// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/form.hpp"
#include "target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto form = quell::oauth::Form::parse(quell::fuzz::as_text(data, size));
    if (form) {
        const auto repeated = form->first_repeated();
        quell::fuzz::require(repeated.empty() || form->repeats(repeated));
    }
    return 0;
}
