// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "http/guard.hpp"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/beast/http/error.hpp>
#include <cctype>

namespace quell::http {
namespace {

namespace beast = boost::beast::http;

Response refuse(unsigned status, std::string sentence) {
    Response response = text(status, std::move(sentence));
    response.close = true;
    return response;
}

std::size_t count(const BeastRequest& header, beast::field field) {
    const auto [first, last] = header.equal_range(field);
    return static_cast<std::size_t>(std::distance(first, last));
}

std::string_view value(const BeastRequest& header, beast::field field) {
    const auto found = header.find(field);
    return found == header.end() ? std::string_view{} : std::string_view(found->value());
}

bool consists_of(std::string_view text, bool (*is_allowed)(char)) {
    return std::all_of(text.begin(), text.end(), is_allowed);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_in_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("-._~%").find(c) != std::string_view::npos;
}

bool is_in_literal(char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '.';
}

// RFC 9110 7.2: a name or an address in brackets, with a port or without; of the punctuation of RFC 3986 3.2.2 only what
// stands in names, so that no list of hosts passes for one.
bool names_one_host(std::string_view value) {
    const bool is_literal = value.starts_with('[');
    const std::size_t end = is_literal ? value.find(']') : std::min(value.find(':'), value.size());
    if (end == std::string_view::npos) {
        return false;
    }
    const std::string_view host = value.substr(is_literal ? 1 : 0, is_literal ? end - 1 : end);
    const std::string_view port = value.substr(is_literal ? end + 1 : end);
    return !host.empty() && consists_of(host, is_literal ? is_in_literal : is_in_name) &&
           (port.empty() || (port.front() == ':' && consists_of(port.substr(1), is_digit)));
}

// RFC 9112 3.2: exactly one Host, and a valid one.
bool has_one_host(const BeastRequest& header) {
    return count(header, beast::field::host) == 1 && names_one_host(value(header, beast::field::host));
}

// RFC 9112 6.1 and 6.3: both lengths at once, or two, are the mark of request smuggling.
bool has_two_lengths(const BeastRequest& header) {
    const std::size_t lengths = count(header, beast::field::content_length);
    const std::size_t codings = count(header, beast::field::transfer_encoding);
    return lengths > 1 || codings > 1 || (lengths == 1 && codings == 1);
}

bool has_unknown_coding(const BeastRequest& header) {
    const std::string_view coding = value(header, beast::field::transfer_encoding);
    return !coding.empty() && !boost::algorithm::iequals(coding, "chunked");
}

// RFC 9112 6.1: an HTTP/1.0 message with a Transfer-Encoding has faulty framing.
bool has_coding_too_early(const BeastRequest& header) {
    return header.version() < 11 && count(header, beast::field::transfer_encoding) > 0;
}

// RFC 9110 5.3: a field that is no list comes once; which of two counts is what an attacker asks.
bool has_two_of_one(const BeastRequest& header) {
    return count(header, beast::field::content_type) > 1 || count(header, beast::field::origin) > 1;
}

bool has_content_coding(const BeastRequest& header) {
    const auto [first, last] = header.equal_range(beast::field::content_encoding);
    return std::any_of(first, last, [](const auto& field) { return !boost::algorithm::iequals(field.value(), "identity"); });
}

// RFC 9110 8.4.1 and 15.5.16
Response refuse_coding() {
    Response response = refuse(415, "The body must come without a Content-Encoding.\n");
    response.headers.emplace_back("Accept-Encoding", "identity");
    return response;
}

// RFC 9112 3.2.2: the target's host would count, and not the one that was checked.
bool has_other_host_in_target(const BeastRequest& header) {
    const std::string_view target = header.target();
    if (target.starts_with('/')) {
        return false;
    }
    const std::string_view rest = target.substr(target.find("://") + 3);
    return !boost::algorithm::iequals(rest.substr(0, rest.find_first_of("/?")), value(header, beast::field::host));
}

bool is_known_form(std::string_view target) {
    return target.starts_with('/') || boost::algorithm::istarts_with(target, "http://") ||
           boost::algorithm::istarts_with(target, "https://");
}

}  // namespace

std::optional<Response> refuse_header(const BeastRequest& header) {
    if (count_fields(header) > kMaxHeaders) {
        return refuse(431, "There are more than 100 header fields.\n");
    }
    if (!has_one_host(header)) {
        return refuse(400, "Exactly one Host header field is needed.\n");
    }
    if (has_two_lengths(header)) {
        return refuse(400, "Send one Content-Length or Transfer-Encoding, not several.\n");
    }
    if (has_coding_too_early(header)) {
        return refuse(400, "Transfer-Encoding needs HTTP/1.1.\n");
    }
    if (has_unknown_coding(header)) {
        return refuse(501, "The only Transfer-Encoding taken is chunked.\n");
    }
    if (!is_known_form(header.target())) {
        return refuse(400, "The request target must be a path.\n");
    }
    if (has_other_host_in_target(header)) {
        return refuse(400, "The request target and Host name two hosts.\n");
    }
    if (has_two_of_one(header)) {
        return refuse(400, "Content-Type and Origin may come once.\n");
    }
    if (has_content_coding(header)) {
        return refuse_coding();
    }
    return std::nullopt;
}

std::size_t count_fields(const BeastRequest& message) {
    return static_cast<std::size_t>(std::distance(message.begin(), message.end()));
}

std::optional<Response> refuse_trailer(const BeastRequest& message, std::size_t header_fields) {
    if (count_fields(message) == header_fields) {
        return std::nullopt;
    }
    return refuse(400, "Trailer fields are not taken.\n");
}

Response refuse_large_body() {
    Response response = refuse(503, "Too many large requests at this moment; try again.\n");
    response.headers.emplace_back("Retry-After", "2");
    return response;
}

Response refuse_parse(const boost::system::error_code& failure) {
    if (failure == beast::error::body_limit) {
        return refuse(413, "The body is larger than 1 MiB.\n");
    }
    if (failure == beast::error::header_limit) {
        return refuse(431, "The header is larger than 16 KiB.\n");
    }
    return refuse(400, "This is not a well-formed HTTP/1.1 request.\n");
}

Target split_target(std::string_view target) {
    if (const auto scheme = target.find("://"); !target.starts_with('/') && scheme != std::string_view::npos) {
        const auto path = target.find('/', scheme + 3);
        target = path == std::string_view::npos ? "/" : target.substr(path);
    }
    const std::size_t mark = std::min(target.find('?'), target.size());
    return {target.substr(0, mark), target.substr(std::min(mark + 1, target.size()))};
}

}  // namespace quell::http
