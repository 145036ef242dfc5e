// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

// The pieces of a message (Block Kit). Whatever comes from outside is plain text: no mention, no
// link and no formatting can be smuggled into a card.
namespace slack::blocks {

nlohmann::json plain(std::string_view text, std::size_t most);
nlohmann::json header(std::string_view text);
nlohmann::json section(std::string_view text);
// A line of small print in Slack's markup, of our own words and checked ids only.
nlohmann::json small_print(const std::string& markup);
nlohmann::json input(std::string_view id, std::string_view label, bool optional, bool several_lines);
nlohmann::json button(std::string_view action_id, std::string_view label, std::string_view value,
                      std::string_view style);
nlohmann::json actions(std::string_view block_id, nlohmann::json buttons);

}  // namespace slack::blocks
