// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/parse.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <new>
#include <string>

#include "json/guard_handler.hpp"
#include "json/pointer.hpp"

namespace quell::json {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Error refused(const std::string& what, std::size_t offset) {
    return invalid_arguments("The JSON document is refused: " + what + " at byte " +
                             std::to_string(offset) + ".");
}

Error refused(const std::string& what) {
    return invalid_arguments("The JSON document is refused: " + what + ".");
}

std::string describe(const boost::json::error_code& code, const Limits& limits) {
    using boost::json::error;
    if (code == error::too_deep)
        return "nested deeper than " + std::to_string(limits.depth) + " levels";
    if (code == error::illegal_leading_surrogate || code == error::illegal_trailing_surrogate ||
        code == error::expected_utf16_escape)
        return "a lone surrogate";
    if (code == error::exponent_overflow)
        return "a number out of range";
    if (code == error::incomplete)
        return "the text ends too early";
    if (code == error::extra_data)
        return "more text after the document";
    return "a syntax error or invalid UTF-8";
}

Error describe(const GuardHandler& handler, const boost::json::error_code& error,
               std::size_t offset, const Limits& limits) {
    switch (handler.refusal()) {
        case GuardHandler::Refusal::duplicate_key:
            return refused(
                "the member \"" + shortened(handler.duplicate_key()) + "\" appears twice",
                std::min(offset, handler.duplicate_offset()));
        case GuardHandler::Refusal::too_many_values:
            return refused("more than " + std::to_string(limits.values) + " values", offset);
        case GuardHandler::Refusal::number_out_of_range:
            return refused("a number out of range", offset);
        case GuardHandler::Refusal::none:
            break;
    }
    return refused(describe(error, limits), offset);
}

Result<Value> parse_within_limits(std::string_view text, const Limits& limits, Storage storage) {
    boost::json::parse_options options;
    options.max_depth = limits.depth;
    boost::json::basic_parser<GuardHandler> parser(options, text, limits.values,
                                                   std::move(storage));
    boost::json::error_code error;
    const std::size_t offset = parser.write_some(false, text.data(), text.size(), error);
    if (!error && offset < text.size())
        error = boost::json::make_error_code(boost::json::error::extra_data);
    if (error)
        return describe(parser.handler(), error, offset, limits);
    return parser.handler().release();
}

}  // namespace

Result<Value> parse(std::string_view text, const Limits& limits, Storage storage) {
    if (text.size() > limits.bytes)
        return refused("more than " + std::to_string(limits.bytes) + " bytes");
    if (text.starts_with(kByteOrderMark))
        return refused("a byte order mark", 0);
    try {
        return parse_within_limits(text, limits, std::move(storage));
    } catch (const std::bad_alloc&) {
        return Error(Code::resource_exhausted, "invalid_arguments",
                     "The JSON document does not fit into memory.");
    }
}

}  // namespace quell::json
