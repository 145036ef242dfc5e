// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/mcp_event.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "json/parse.hpp"
#include "json/schema.hpp"
#include "plugins/call.hpp"
#include "plugins/instance.hpp"
#include "plugins/plugin_log.hpp"

namespace quell::embedded {
extern const std::string_view mcp_content_1_event;
}

namespace quell::plugins {
namespace {

constexpr double kMostAtOnce = 20;
constexpr double kPerSecond = 5;

constexpr std::array<std::pair<std::string_view, McpEvent::Kind>, 7> kKinds = {{
    {"progress", McpEvent::Kind::progress},
    {"log", McpEvent::Kind::log},
    {"close_stream", McpEvent::Kind::close_stream},
    {"tools_changed", McpEvent::Kind::tools_changed},
    {"prompts_changed", McpEvent::Kind::prompts_changed},
    {"resources_changed", McpEvent::Kind::resources_changed},
    {"resource_updated", McpEvent::Kind::resource_updated},
}};

const json::Schema& event_schema() {
    static const json::Schema schema = json::Schema::compile(json::parse(embedded::mcp_content_1_event).value()).value();
    return schema;
}

std::optional<McpEvent> read_event(std::string_view text) {
    const auto document = json::parse(text);
    if (!document || !event_schema().accepts(*document)) {
        return std::nullopt;
    }
    const std::string_view name = json::text(document->at("kind"));
    const auto kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& entry) { return entry.first == name; });
    return McpEvent{kind->second, std::string(text)};
}

}  // namespace

bool McpEventBudget::take(std::chrono::steady_clock::time_point now) {
    const std::lock_guard lock(mutex_);
    const std::chrono::duration<double> passed = now - filled_at_;
    left_ = std::min(kMostAtOnce, left_ + passed.count() * kPerSecond);
    filled_at_ = now;
    if (left_ < 1) {
        return false;
    }
    left_ -= 1;
    return true;
}

void tell(Instance& instance, Call* call, std::string_view text) {
    auto event = read_event(text);
    if (!event) {
        return instance.log->misuse("an event for MCP clients is not well formed", &instance);
    }
    if (event->belongs_to_call()) {
        if (call == nullptr) {
            return;  // it has just ended
        }
        if (call->options.on_event && call->may_tell()) {
            call->options.on_event(*std::move(event));
        }
        return;
    }
    if (!instance.event_budget.take(std::chrono::steady_clock::now())) {
        return instance.log->misuse("too many changes are told to MCP clients", &instance);
    }
    if (instance.content_changed) {
        instance.content_changed(*event);
    }
}

}  // namespace quell::plugins
