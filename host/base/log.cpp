// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <boost/json.hpp>
#include <memory>

#include "base/clock.hpp"

namespace quell::log {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"debug", "info", "warn", "error"};

// Characters beyond ASCII that change how a terminal shows the line: C1 controls, line and paragraph
// separators, bidirectional marks, embeddings and isolates, the byte-order mark.
bool is_deceptive(unsigned code) {
    return (code >= 0x80 && code <= 0x9F) || code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

// The code point of the two- or three-byte UTF-8 sequence at the front; 0 for anything else.
unsigned code_point(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (text.size() >= 2 && (at(0) & 0xE0U) == 0xC0) {
        return (at(0) & 0x1FU) << 6 | (at(1) & 0x3FU);
    }
    if (text.size() >= 3 && (at(0) & 0xF0U) == 0xE0) {
        return (at(0) & 0x0FU) << 12 | (at(1) & 0x3FU) << 6 | (at(2) & 0x3FU);
    }
    return 0;
}

// Boost.JSON escapes the ASCII controls; this adds DEL and the deceptive characters.
std::string escape_deceptive(std::string_view json) {
    std::string out;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const unsigned code = json[i] == 0x7F ? 0x7FU : code_point(json.substr(i));
        if (code != 0x7F && !is_deceptive(code)) {
            out += json[i];
            continue;
        }
        out += fmt::format("\\u{:04x}", code);
        i += code < 0x80 ? 0 : code < 0x800 ? 1 : 2;
    }
    return out;
}

spdlog::logger& stderr_logger() {
    static const auto logger = [] {
        auto made = std::make_shared<spdlog::logger>("quell", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%v");
        made->set_level(spdlog::level::trace);
        return made;
    }();
    return *logger;
}

}  // namespace

std::string format(Level level, std::string_view event, const Fields& fields) {
    boost::json::object line;
    line["time"] = to_rfc3339(wall_now());
    line["level"] = kNames[static_cast<std::size_t>(level)];
    line["event"] = event;
    for (const auto& field : fields) {
        line.insert_or_assign(field.key(), field.value());
    }
    return escape_deceptive(boost::json::serialize(line));
}

void write(Level level, std::string_view event, Fields fields) {
    stderr_logger().info(format(level, event, fields));
}

}  // namespace quell::log
