// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "json/value.hpp"

namespace quell::json {

// One way in which a value breaks a schema. The message never repeats a value, only names: values
// may be secrets.
struct Violation {
    std::string pointer;  // JSON pointer to the value; "" is the whole document
    std::string keyword;  // the schema's rule
    std::string message;  // a sentence that names the place and what is wanted
    std::vector<std::string> allowed;
};

// A JSON Schema 2020-12 validator for plugin settings, tool arguments and plugin answers: compiled
// once, checked often. Immutable after compile(); copies share the compiled form; any thread may
// check.
//
// Refuses at compile: every keyword it does not know (INTERFACES.md 6; also unevaluated*,
// $dynamicRef), another $schema than 2020-12, $id anywhere but at the root, a $ref that is not a
// local JSON pointer, references that go round without reaching into the value, malformed patterns,
// more than 10,000 subschemas. Annotations (format, content*, title, description, default,
// examples, deprecated, readOnly, writeOnly, $comment, $anchor and every x-*) are accepted and never refuse
// a value. A check is bounded in depth and steps; one that hits a bound refuses the value.
class Schema {
  public:
    static Result<Schema> compile(const Value& schema);

    // Does not allocate while the value is accepted, but for propertyNames and for uniqueItems of more
    // than 16 items.
    bool accepts(const Value& value) const;
    // invalid_arguments with the first violation's message and allowed values.
    Result<void> check(const Value& value) const;
    // Every violation, at most `most`.
    std::vector<Violation> violations(const Value& value, std::size_t most = 50) const;
    // Adds the `default` of missing members of objects (through properties, items, prefixItems,
    // $ref and allOf), then checks. An inserted default is taken as it is.
    Result<Value> with_defaults(Value value) const;

    struct Compiled;  // private to host/json

  private:
    explicit Schema(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
    std::shared_ptr<const Compiled> compiled_;
};

Error to_error(const Violation& violation);

}  // namespace quell::json
