// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "http/message.hpp"

namespace quell::http {

using BeastRequest = boost::beast::http::request<boost::beast::http::string_body>;

inline constexpr std::size_t kMaxHeaderBytes = 16 * 1024;
inline constexpr std::size_t kMaxHeaders = 100;

// What Beast's lenient parser lets through and RFC 9112 or we do not: framing, Host, header count, target form.
// The answer to refuse with (always closing), or nullopt. Called once the header is complete, before the body.
std::optional<Response> refuse_header(const BeastRequest& header);

// RFC 9110 6.5.1: fields after a chunked body must not be merged into the header, which is what Beast does. A request
// that brings some is refused: they would pass by every check of the header. `header_fields` is the count before.
std::size_t count_fields(const BeastRequest& message);
std::optional<Response> refuse_trailer(const BeastRequest& message, std::size_t header_fields);

// The answer when as many large bodies are held as may be; closing, with Retry-After.
Response refuse_large_body();

// The answer to a request that Beast itself could not parse; closing.
Response refuse_parse(const boost::system::error_code& failure);

// Path and query of the request target. refuse_header has passed.
struct Target {
    std::string_view path;
    std::string_view query;
};
Target split_target(std::string_view target);

}  // namespace quell::http
