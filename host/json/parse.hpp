// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.hpp"
#include "json/value.hpp"

namespace quell::json {

struct Limits {
    std::size_t bytes = std::size_t{1} << 20;
    std::size_t depth = 32;        // nested arrays and objects
    std::size_t values = 100'000;  // every scalar, array and object counts as one
};

// The guard before every document that comes from outside (HT-02 to HT-04). Refuses, with
// invalid_arguments and a message that names the rule and the byte offset:
// - what is not RFC 8259: comments, trailing commas, NaN, bytes after the document, an empty
// document;
// - a byte order mark (RFC 8259 8.1 allows either; here it is refused), invalid UTF-8, lone
// surrogates, raw or escaped;
// - two members of one object with the same name, compared after unescaping;
// - numbers beyond the range of a double, such as 1e999;
// - more than the limits.
// An integer beyond 64 bits becomes the nearest double; a fraction too small for a double becomes
// 0. Any thread. Values are made in `storage`; `text` need not outlive the call.
Result<Value> parse(std::string_view text, const Limits& limits = {}, Storage storage = {});

}  // namespace quell::json
