// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "identity/principal.hpp"
#include "json/schema.hpp"
#include "json/value.hpp"
#include "mcp/tool_meter.hpp"

namespace quell::mcp {

// What runs a tool: the answer is the structured result as JSON text, an Error becomes a result with isError.
// `stop` fires when a client of the stateless era has left.
using ToolFunction = std::function<base::Task<std::string>(const identity::Principal& caller,
                                                           const json::Object& arguments, std::stop_token stop)>;

// The taskId and the other members of CreateTaskResult, as JSON text without braces, for a result that stands for work which
// goes on; nothing where it is over.
using TaskOf = std::function<std::optional<std::string>(std::string_view document)>;

// One tool as its definition file describes it, bound to the code behind it.
struct Tool {
    std::string name;
    identity::Scope scope;
    std::string definition;  // JSON text for tools/list
    json::Schema arguments;
    std::function<bool(const identity::Principal&)> is_offered;  // false: a tenant switch is off (hidden, not gone)
    ToolFunction run;
    TaskOf as_task{};                    // null: its result never stands for a task
    std::shared_ptr<ToolMeter> meter{};  // null until measure()
};

// What a tool's code must supply beside its definition.
struct ToolBinding {
    identity::Scope scope;
    std::function<bool(const identity::Principal&)> is_offered;
    ToolFunction run;
    TaskOf as_task{};
};

// The tools of this server in their one, constant order. Immutable after the start; any thread.
class ToolSet {
  public:
    // Reads the definition files embedded in this folder and binds each by name. A definition without binding, or
    // the other way round, is internal_error: the program was built wrong.
    static Result<ToolSet> make(std::vector<std::pair<std::string, ToolBinding>> bindings);

    // Counts the calls of all tools from now on; before the first call. Calls of unknown tools count as `other`.
    void measure(metrics::Registry& registry, const std::vector<TenantId>& tenants);
    ToolMeter* meter_of_unknown() const { return unknown_.get(); }

    const Tool* find(std::string_view name) const;
    // Definitions of the tools that this caller may see, by scope and by the tenant's switches (V04, MC-08), comma separated.
    void append_list(std::string& out, const identity::Principal& caller) const;

  private:
    std::vector<Tool> tools_;
    std::shared_ptr<ToolMeter> unknown_;
};

}  // namespace quell::mcp
