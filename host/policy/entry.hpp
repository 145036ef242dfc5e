// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::policy {

// The door that a call came through: agents are held to more switches than people (V60, V61).
// `channel`: a person, through a connector such as Slack.
enum class Entry { mcp, cli, rest, channel };

constexpr std::string_view to_string(Entry entry) {
    switch (entry) {
        case Entry::mcp: return "mcp";
        case Entry::cli: return "cli";
        case Entry::rest: return "rest";
        case Entry::channel: return "channel";
    }
    return "mcp";
}

// A name that is not one of these is taken for the strictest door.
constexpr Entry parse_entry(std::string_view text) {
    return text == "cli" ? Entry::cli : text == "rest" ? Entry::rest : text == "channel" ? Entry::channel : Entry::mcp;
}

}  // namespace quell::policy
