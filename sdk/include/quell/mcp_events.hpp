// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <quell/detail/services.hpp>
#include <quell/log.hpp>

namespace quell::inline v1 {

// What a plugin with mcp_content/1 tells MCP clients while a method runs; call.mcp() of every call. Safe on any thread
// until the method returns. A host without the service, and a client that did not ask, hears nothing.
class McpEvents {
  public:
    McpEvents(const detail::Services& services, quell_call* call) : services_(services), call_(call) {}

    // `progress` grows with every event of a call.
    void progress(double progress, std::optional<double> total = {}, std::string_view message = {}) const {
        notify(R"({"kind":"progress","progress":)" + number(progress) +
               (total ? R"(,"total":)" + number(*total) : std::string()) +
               (message.empty() ? std::string() : R"(,"message":)" + detail::json_quoted(message)) + "}");
    }

    // For the client's user, unlike call.log(). `level`: debug, info, notice, warning, error, critical, alert,
    // emergency. No secrets, no provider bodies.
    void log(std::string_view level, std::string_view message) const {
        notify(R"({"kind":"log","level":)" + detail::json_quoted(level) + R"(,"data":)" +
               detail::json_quoted(message) + "}");
    }

    // The answer is far off: clients of 2025-11-25 are let go, and come back for it.
    void close_stream() const { notify(R"({"kind":"close_stream"})"); }

    // The next list() differs from the last.
    void tools_changed() const { notify(R"({"kind":"tools_changed"})"); }
    void prompts_changed() const { notify(R"({"kind":"prompts_changed"})"); }
    void resources_changed() const { notify(R"({"kind":"resources_changed"})"); }
    // What read_resource gives for this URI differs from the last time.
    void resource_updated(std::string_view uri) const {
        notify(R"({"kind":"resource_updated","uri":)" + detail::json_quoted(uri) + "}");
    }

  private:
    void notify(const std::string& event) const {
        if (services_.mcp != nullptr)
            services_.mcp->notify(services_.host, call_, detail::to_str(event));
    }

    // std::to_string keeps six decimals, which is enough for progress, and always a point.
    static std::string number(double value) {
        const auto whole = static_cast<std::int64_t>(value);
        return static_cast<double>(whole) == value ? std::to_string(whole) : std::to_string(value);
    }

    const detail::Services& services_;
    quell_call* call_;
};

}  // namespace quell::inline v1
