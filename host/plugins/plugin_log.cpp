// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/plugin_log.hpp"

#include <quell/abi.h>

#include "base/encoding.hpp"
#include "json/parse.hpp"
#include "plugins/instance.hpp"

namespace quell::plugins {
namespace {

constexpr std::size_t kMaxLine = 8 * 1024;
constexpr int kLinesPerSecond = 100;

log::Level level_of(std::int32_t level) {
    switch (level) {
        case QUELL_LOG_TRACE:
        case QUELL_LOG_DEBUG:
            return log::Level::debug;
        case QUELL_LOG_INFO:
            return log::Level::info;
        case QUELL_LOG_WARN:
            return log::Level::warn;
        default:
            return log::Level::error;
    }
}

// At most 8 KiB of valid UTF-8.
std::string loggable(std::string_view text) {
    std::string kept(text.substr(0, kMaxLine));
    for (int cut = 0; cut < 4 && text.size() > kMaxLine && !is_utf8(kept); ++cut) {
        kept.pop_back();
    }
    return is_utf8(kept) ? kept : "(hex) " + to_hex(as_bytes(std::string_view(kept).substr(0, kMaxLine / 2)));
}

void add_fields(log::Fields& out, std::string_view fields) {
    if (fields.empty() || fields.size() > kMaxLine) {
        return;
    }
    const auto parsed = json::parse(fields, {.bytes = kMaxLine, .depth = 8, .values = 200});
    if (parsed && parsed->is_object()) {
        out["fields"] = *parsed;
    } else {
        out["fields"] = loggable(fields);
    }
}

void add_instance(log::Fields& out, const Instance* instance) {
    if (instance != nullptr) {
        out["tenant"] = instance->tenant.str();
        out["connector"] = instance->connector.str();
    }
}

}  // namespace

bool PluginLog::admit(std::int64_t& dropped) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    if (now - window_ >= std::chrono::seconds(1)) {
        window_ = now;
        lines_ = 0;
    }
    if (lines_ >= kLinesPerSecond) {
        ++dropped_;
        return false;
    }
    ++lines_;
    dropped = std::exchange(dropped_, 0);
    return true;
}

void PluginLog::emit(log::Level level, std::string_view event, log::Fields fields) {
    std::int64_t dropped = 0;
    if (!admit(dropped)) {
        return;
    }
    fields["plugin"] = plugin_.str();
    if (dropped > 0) {
        fields["dropped_lines"] = dropped;
    }
    log::write(level, event, std::move(fields));
}

void PluginLog::write(const Line& line) {
    log::Fields fields;
    fields["message"] = loggable(line.message);
    add_fields(fields, line.fields);
    add_instance(fields, line.instance);
    if (!line.request_id.empty()) {
        fields["request_id"] = line.request_id;
    }
    if (!line.trace_id.empty()) {
        fields["trace_id"] = line.trace_id;
    }
    emit(level_of(line.level), "plugin_log", std::move(fields));
}

void PluginLog::output(std::string_view line) {
    emit(log::Level::warn, "plugin_output", {{"message", loggable(line)}});
}

void PluginLog::misuse(std::string_view what, const Instance* instance) {
    log::Fields fields;
    fields["message"] = what;
    add_instance(fields, instance);
    emit(log::Level::warn, "plugin_misuse", std::move(fields));
}

}  // namespace quell::plugins
