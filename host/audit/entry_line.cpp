// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// One line of ASCII JSON for an entry: what is not printable ASCII is written as \uXXXX (RFC 8259 7), so that no
// name or reason can move a cursor, turn the writing direction or begin a line of its own (LG-01).

#include <cstdio>

#include "audit/trail.hpp"
#include "base/encoding.hpp"
#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::audit {
namespace {

void add_unit(std::string& out, unsigned unit) {
    char text[7];
    std::snprintf(text, sizeof text, "\\u%04x", unit & 0xFFFFU);
    out += text;
}

void add_escaped(std::string& out, unsigned code) {
    if (code >= 0x10000) {  // a surrogate pair
        add_unit(out, 0xD800U + ((code - 0x10000U) >> 10U));
        add_unit(out, 0xDC00U + ((code - 0x10000U) & 0x3FFU));
    } else {
        add_unit(out, code);
    }
}

// `utf8` is well formed.
std::string to_ascii(std::string_view utf8) {
    std::string out;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i++]);
        if (lead < 0x7F) {
            out += static_cast<char>(lead);
            continue;
        }
        const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
        unsigned code = more == 0 ? lead : lead & (0x3FU >> more);
        for (int rest = more; rest > 0; --rest) {
            code = code << 6U | (static_cast<unsigned char>(utf8[i++]) & 0x3FU);
        }
        add_escaped(out, code);
    }
    return out;
}

// A damaged row may hold any bytes; it is shown all the same.
std::string shown(const std::string& text) { return is_utf8(text) ? text : "base64:" + to_base64(text); }

json::Value shown_detail(const std::string& text) {
    auto parsed = json::parse(text);
    return parsed ? *std::move(parsed) : json::Value(shown(text));
}

}  // namespace

std::string to_line(const Entry& entry) {
    json::Object line;
    line["tenant"] = shown(entry.tenant.str());
    line["seq"] = entry.seq;
    line["at"] = to_rfc3339(entry.at);
    line["event"] = shown(entry.event);
    line["actor"] = shown(entry.actor);
    line["request_id"] = shown(entry.request_id);
    line["outcome"] = shown(entry.outcome);
    line["detail"] = shown_detail(entry.detail);
    line["prev_hash"] = to_hex(entry.prev_hash);
    line["hash"] = to_hex(entry.hash);
    return to_ascii(json::serialize(line));
}

}  // namespace quell::audit
