// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// [api_keys].

#include <algorithm>
#include <array>

#include "config/read_settings.hpp"

namespace quell::config {
namespace {

constexpr std::size_t kMostHeaders = 8;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Headers with a meaning of their own: a key in one of them would be taken for something else.
bool is_taken(std::string_view name) {
    static constexpr std::array<std::string_view, 9> kTaken = {
        "authorization", "cookie",       "host",           "origin",   "connection",
        "accept",        "content-type", "content-length", "forwarded"};
    std::string lowered(name);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
    return std::find(kTaken.begin(), kTaken.end(), lowered) != kTaken.end() ||
           lowered.starts_with("mcp-");
}

bool is_header_name(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    });
}

}  // namespace

void read_api_keys(TableReader& root, ApiKeySettings& out) {
    auto table = root.table("api_keys");
    if (!table)
        return;
    table->read("headers", out.headers);
    for (const std::string& name : out.headers)
        if (!is_header_name(name) || is_taken(name))
            table->refuse("headers",
                          "must be names of headers such as \"X-Acme-API-Key\", not `" + name + "`");
    if (out.headers.size() > kMostHeaders)
        table->refuse("headers", "must be at most 8");
    table->refuse_unknown_keys();
}

}  // namespace quell::config
