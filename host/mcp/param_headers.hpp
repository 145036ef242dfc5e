// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/message.hpp"
#include "json/value.hpp"

namespace quell::mcp {

// An argument that a client of the stateless era repeats in the header Mcp-Param-NAME (`x-mcp-header` in a tool's schema).
struct ParamHeader {
    std::string header;             // "Mcp-Param-Region"
    std::vector<std::string> path;  // of the argument, from the root on
};

// Those of an inputSchema: strings, integers and booleans that are reached through `properties` alone.
std::vector<ParamHeader> param_headers(const json::Value& input_schema);

// What the header says of its argument, before it is encoded for a header; nothing where the argument is not there.
std::optional<std::string> mirrored(const ParamHeader& header, const json::Object& arguments);

// What is wrong with the request's headers, in words: each argument that is there must be repeated, once and exactly, and none
// that is not there.
std::optional<std::string> check_param_headers(const std::vector<ParamHeader>& headers, const http::Request& request,
                                               const json::Object& arguments);

}  // namespace quell::mcp
