// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quell::mcp {

// text/event-stream as MCP uses it: one JSON-RPC message an event.

// Which event of which stream of a session: what Last-Event-ID repeats ("3-17").
struct EventId {
    std::uint64_t stream = 0;
    std::uint64_t number = 0;

    bool operator==(const EventId&) const = default;
};
std::string to_string(EventId id);
// Nothing for a text that to_string does not make.
std::optional<EventId> parse_event_id(std::string_view text);

// An event with this message, whatever line breaks it holds (they are white space in JSON). `id` only where the stream can be
// taken up again.
std::string sse_event(std::string_view message, std::optional<EventId> id = std::nullopt);
// The first event of a stream that can be taken up again: an id and no message (MCP 2025-11-25, SEP-1699).
std::string sse_priming(EventId id);
// How long the client is to wait before it comes back.
std::string sse_retry(std::chrono::milliseconds after);

}  // namespace quell::mcp
