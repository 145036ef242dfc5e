// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/abi.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <quell/error.hpp>
#include <quell/json.hpp>
#include <quell/testing/exchange.hpp>
#include <quell/time.hpp>

// The plugin under test, linked into the test program.
extern "C" const quell_plugin* quell_plugin_entry(std::uint32_t host_major,
                                                  std::uint32_t host_minor) noexcept;

namespace quell::inline v1::testing {

// What a method answered: a reply or an error. Of a secret document `reply` is the head.
struct Answer {
    nlohmann::json reply =
        nullptr;  // null if there is none, so that reading it fails with an exception
    std::optional<Error> error{};
    std::map<std::string, std::string> values{};  // of a secret document, by field

    bool ok() const { return !reply.is_null(); }
    // The status of the error; ok for a reply.
    Status status() const { return error ? error->status : Status::ok; }
};

class FakeHost;

// An instance of the plugin, driven through the C tables as the host does. Destroyed with this
// object, which must not outlive its FakeHost.
class PluginInstance {
  public:
    PluginInstance(FakeHost& host, const quell_plugin& plugin, quell_instance* raw)
        : host_(host), plugin_(plugin), raw_(raw) {}
    PluginInstance(const PluginInstance&) = delete;
    PluginInstance& operator=(const PluginInstance&) = delete;
    ~PluginInstance() { plugin_.destroy(raw_); }

    // For example call("device_containment/1", "resolve", R"({"lookup": ...})"). Requests of
    // secret_backend/1 write and rotate are secret documents (abi.h).
    Answer call(std::string_view capability, std::string_view method, std::string_view request);

  private:
    quell_method find(std::string_view capability, std::string_view method) const;

    FakeHost& host_;
    const quell_plugin& plugin_;
    quell_instance* raw_;
};

// A host for unit tests: scripted HTTP, a clock that only moves by sleeping or by hand, a log that
// is kept. It enforces what the real one does in resolve, poll and check: no changing request. One
// thread. At the end of a test, problems() must be empty.
class FakeHost {
  public:
    FakeHost();
    FakeHost(const FakeHost&) = delete;
    FakeHost& operator=(const FakeHost&) = delete;

    // The next request that the plugin is going to make. Requests come in the order of these calls.
    Exchange& expect(std::string method, std::string path) {
        return exchanges_.emplace_back(std::move(method), std::move(path));
    }

    // Null if the plugin refuses the settings: see create_error.
    std::unique_ptr<PluginInstance> create(quell_plugin_entry_fn entry, std::string_view settings);
    const std::optional<Error>& create_error() const { return create_error_; }

    Time now() const { return now_; }
    void advance(std::chrono::milliseconds duration) { now_ += duration; }
    // From the start of each call; 30 seconds at first.
    void set_time_limit(std::chrono::milliseconds limit) { time_limit_ = limit; }
    // The caller of every later call has gone.
    void cancel() { cancelled_ = true; }

    // Text that must never be seen in a log line, a reply or an error.
    void add_canary(std::string text) { canaries_.push_back(std::move(text)); }

    const std::vector<SentRequest>& requests() const { return requests_; }
    const std::vector<std::string>& log_lines() const { return log_lines_; }
    // What the plugin told MCP clients: sdk/schema/mcp_content-1.event.json.
    const std::vector<nlohmann::json>& mcp_events() const { return mcp_events_; }

    // Requests that were not expected or did not come, calls without exactly one answer, leaked
    // canaries.
    std::vector<std::string> problems() const;

  private:
    friend class PluginInstance;

    struct CallState {
        FakeHost* host = nullptr;
        Time deadline{};
        bool read_only = false;
        bool secret = false;  // whether the method answers with a secret document
        Answer answer{};
        int answers = 0;
    };

    CallState begin(bool read_only) { return {this, now_ + time_limit_, read_only}; }
    Answer end(CallState& state, std::string_view what);
    void look_for_canaries(std::string_view text, std::string_view where);
    bool is_read_only(const SentRequest& request) const;
    Exchange take_exchange(const SentRequest& request, const CallState& state);
    void read_manifest(const quell_plugin& plugin);

    static FakeHost& self(quell_host* raw) { return *reinterpret_cast<FakeHost*>(raw); }
    static CallState& state_of(quell_call* raw) { return *reinterpret_cast<CallState*>(raw); }
    static quell_call* raw(CallState& state) { return reinterpret_cast<quell_call*>(&state); }
    static Error read_error(const quell_error& raw);

    static const void* find_service(quell_host* host, quell_str id);
    static void on_reply(quell_call* call, quell_str json);
    static void on_reply_secret(quell_call* call, quell_str bytes);
    static void on_fail(quell_call* call, const quell_error* error);
    static std::int32_t on_request(quell_call* call, const quell_http_request* request,
                                   const quell_http_sink* sink);
    static void on_log(quell_host* host, quell_call* call, std::int32_t level, quell_str message,
                       quell_str fields);
    static std::int32_t on_mcp_event(quell_host* host, quell_call* call, quell_str event);
    static std::int32_t on_sleep(quell_call* call, std::uint64_t duration);

    quell_host_api api_{};
    quell_call_api call_api_{};
    quell_http_api http_api_{};
    quell_log_api log_api_{};
    quell_clock_api clock_api_{};
    quell_mcp_api mcp_api_{};

    Time now_ = *parse_time("2026-01-01T00:00:00Z");
    std::chrono::milliseconds time_limit_{30'000};
    bool cancelled_ = false;
    std::deque<Exchange> exchanges_;
    std::vector<std::string> read_only_posts_;
    std::vector<SentRequest> requests_;
    std::vector<std::string> log_lines_;
    std::vector<nlohmann::json> mcp_events_;
    std::vector<std::string> canaries_;
    std::vector<std::string> problems_;
    std::optional<Error> create_error_;
};

}  // namespace quell::inline v1::testing

#include <quell/testing/fake_host_inline.hpp>
