// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <string>

#include "mcp/sse.hpp"
#include "target.hpp"

// An id that is read is the one that was written; a message stays one event, whatever bytes a plugin put in.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace quell;
    const std::string_view text = fuzz::as_text(data, size);
    if (const auto id = mcp::parse_event_id(text)) {
        fuzz::require(mcp::to_string(*id) == text);
    }
    const std::string event = mcp::sse_event(text, mcp::EventId{1, 2});
    fuzz::require(event.find("\n\n") == event.size() - 2);
    fuzz::require(event.find('\r') == std::string::npos);
    std::string_view rest = event;
    rest.remove_prefix(rest.find('\n') + 1);
    while (rest != "\n") {
        fuzz::require(rest.starts_with("data: "));
        rest.remove_prefix(rest.find('\n') + 1);
    }
    return 0;
}
