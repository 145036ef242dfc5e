// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <vector>

#include "api/route.hpp"
#include "base/result.hpp"
#include "json/schema.hpp"

namespace quell::api {

// A route with its schemas compiled.
struct CheckedRoute {
    Route route;
    std::optional<json::Schema> body;
    struct Parameter {
        QueryParameter given;
        json::Value schema;
        json::Schema check;
    };
    std::vector<Parameter> query;
};

// All routes of the door. Immutable after make(); any thread.
class RouteTable {
  public:
    // internal_error where the program was built wrong: a schema that cannot be compiled, a definition that is missing
    // or there twice, an operation without code or with another's name.
    static Result<RouteTable> make(std::vector<RouteGroup> groups);

    const std::vector<CheckedRoute>& routes() const { return routes_; }
    // Every named schema, with references "#/$defs/Name".
    const json::Object& definitions() const { return definitions_; }

  private:
    Result<void> define(std::string_view text);
    Result<void> add(Route route);
    // The schema of that name, with those that it refers to.
    Result<json::Schema> compile(const std::string& name) const;

    std::vector<CheckedRoute> routes_;
    json::Object definitions_;
};

}  // namespace quell::api
