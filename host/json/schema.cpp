// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/schema.hpp"

#include "json/schema_compiler.hpp"
#include "json/schema_node.hpp"

namespace quell::json {
namespace {

Violation too_costly() {
    return {"",
            "limit",
            "The value is too large or too involved to be checked against its schema.",
            {}};
}

// Adds missing defaults. Ends: an inserted default is not looked into, references that stay at one
// value do not go round, and steps and depth are bounded as in Check.
class DefaultFiller {
  public:
    void fill(const Node& node, Value& value) {
        if (depth_left_ == 0 || steps_left_ == 0) {
            exhausted_ = true;
            return;
        }
        --steps_left_;
        --depth_left_;
        for (const Node* other : node.always)
            fill(*other, value);
        if (Object* object = value.if_object())
            fill_members(node, *object);
        else if (Array* array = value.if_array())
            fill_items(node, *array);
        ++depth_left_;
    }

    bool exhausted() const { return exhausted_; }

  private:
    void fill_members(const Node& node, Object& object) {
        for (const auto& [name, property] : node.properties) {
            if (Value* member = object.if_contains(name))
                fill(*property, *member);
            else if (property->default_value != nullptr)
                object.emplace(name, *property->default_value);
        }
    }

    void fill_items(const Node& node, Array& array) {
        for (std::size_t index = 0; index < array.size(); ++index) {
            const Node* item =
                index < node.prefix_items.size() ? node.prefix_items[index] : node.items;
            if (item != nullptr)
                fill(*item, array[index]);
        }
    }

    std::size_t steps_left_ = 1'000'000;
    std::size_t depth_left_ = 256;
    bool exhausted_ = false;
};

}  // namespace

Result<Schema> Schema::compile(const Value& schema) {
    auto compiled = std::make_shared<Compiled>();
    compiled->document = Value(schema, Storage());
    TRY_VOID(SchemaCompiler(*compiled).run());
    return Schema(std::move(compiled));
}

bool Schema::accepts(const Value& value) const {
    Check run(nullptr, 0);
    return run.evaluate(*compiled_->root, value, Location{}) && !run.exhausted();
}

std::vector<Violation> Schema::violations(const Value& value, std::size_t most) const {
    std::vector<Violation> found;
    if (accepts(value))
        return found;
    Check run(&found, most);
    run.evaluate(*compiled_->root, value, Location{});
    if (run.exhausted() || found.empty())
        found.assign(1, too_costly());
    return found;
}

Result<void> Schema::check(const Value& value) const {
    if (accepts(value))
        return {};
    return to_error(violations(value, 1).front());
}

Result<Value> Schema::with_defaults(Value value) const {
    DefaultFiller filler;
    filler.fill(*compiled_->root, value);
    if (filler.exhausted())
        return to_error(too_costly());
    TRY_VOID(check(value));
    return value;
}

Error to_error(const Violation& violation) {
    return invalid_arguments(violation.message).allowed(violation.allowed);
}

}  // namespace quell::json
