// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/runner/options.hpp"

#include <charconv>

namespace quell::runner {
namespace {

template <class Number>
bool read_number(std::string_view text, Number& out) {
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
    return failure == std::errc{} && end == text.data() + text.size() && out > 0;
}

std::optional<Sandbox> read_sandbox(std::string_view text) {
    if (text == "required") {
        return Sandbox::required;
    }
    if (text == "best") {
        return Sandbox::best;
    }
    return text == "off" ? std::optional(Sandbox::off) : std::nullopt;
}

}  // namespace

std::optional<Options> parse_options(int count, char** values) {
    if (count != 6) {
        return std::nullopt;
    }
    Options options;
    const auto sandbox = read_sandbox(values[3]);
    if (!sandbox || !read_number(values[2], options.parent) || !read_number(values[4], options.memory_mb) ||
        !read_number(values[5], options.threads)) {
        return std::nullopt;
    }
    options.sandbox = *sandbox;
    return options;
}

}  // namespace quell::runner
