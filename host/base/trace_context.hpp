// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quell {

// Where a call stands in its caller's trace (W3C Trace Context, level 1). A value; empty where nobody traces.
class TraceContext {
  public:
    TraceContext() = default;
    // A trace that begins here.
    static TraceContext begin();
    // Continues the caller's trace; nullopt for what section 3.2.2 calls invalid: then begin one.
    static std::optional<TraceContext> parse(std::string_view traceparent);

    bool empty() const { return trace_id_.empty(); }
    const std::string& trace_id() const { return trace_id_; }  // 32 hex digits
    // The traceparent of a request that this call makes: the same trace and flag, a span of its own.
    std::string child() const;

  private:
    TraceContext(std::string trace_id, bool is_sampled) : trace_id_(std::move(trace_id)), is_sampled_(is_sampled) {}

    std::string trace_id_;
    bool is_sampled_ = false;
};

}  // namespace quell
