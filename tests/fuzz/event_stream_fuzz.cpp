// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/event_stream.hpp"
#include "target.hpp"

// However the bytes are cut, the same events come out.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = quell::fuzz::as_text(data, size);
    std::string whole;
    quell::egress::EventStream at_once([&](std::string_view event) { whole += std::string(event) + '\1'; });
    static_cast<void>(at_once.feed(text));
    std::string pieces;
    quell::egress::EventStream by_byte([&](std::string_view event) { pieces += std::string(event) + '\1'; });
    for (const char& c : text) {
        static_cast<void>(by_byte.feed({&c, 1}));
    }
    quell::fuzz::require(whole == pieces && at_once.last_id() == by_byte.last_id());
    return 0;
}
