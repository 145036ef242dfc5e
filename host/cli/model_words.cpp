// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "cli/model_words.hpp"

#include <algorithm>
#include <array>

namespace quell::cli {
namespace {

struct Alias {
    std::string_view theirs;
    std::string_view group;
    std::string_view command;  // empty: the group is the command
};

constexpr std::array kAliases = {
    Alias{"mcp:approvals", "approvals", "list"}, Alias{"mcp:approve", "approvals", "approve"}, Alias{"mcp:deny", "approvals", "deny"},
    Alias{"mcp:audit", "secret", "log"},         Alias{"mcp:resources", "secret", "list"},     Alias{"auth:whoami", "whoami", ""},
    Alias{"auth:scopes", "scopes", ""}};

bool takes_value(std::string_view word) { return word == "-c" || word == "--config"; }

}  // namespace

std::vector<std::string> in_own_words(const std::vector<std::string_view>& words) {
    std::vector<std::string> out;
    bool is_command = true;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool is_option = words[i].starts_with('-') || (i > 0 && takes_value(words[i - 1]));
        const auto alias = std::find_if(kAliases.begin(), kAliases.end(), [&](const Alias& one) { return one.theirs == words[i]; });
        if (!is_command || is_option || alias == kAliases.end()) {
            out.emplace_back(words[i]);
            is_command = is_command && is_option;
            continue;
        }
        is_command = false;
        out.emplace_back(alias->group);
        if (!alias->command.empty()) {
            out.emplace_back(alias->command);
        }
    }
    return out;
}

}  // namespace quell::cli
