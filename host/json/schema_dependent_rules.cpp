// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// dependentRequired, dependentSchemas.

#include "json/schema_compiler.hpp"

namespace quell::json {
namespace {

class DependentRequiredRule final : public Rule {
  public:
    DependentRequiredRule(std::string_view trigger, std::vector<std::string_view> names)
        : trigger_(trigger), names_(std::move(names)) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        const Object* object = value.if_object();
        if (object == nullptr || !object->contains(trigger_))
            return true;
        bool accepted = true;
        for (const std::string_view name : names_) {
            if (!object->contains(name))
                accepted = run.violated([&] { return missing(name, at); });
        }
        return accepted;
    }

  private:
    Violation missing(std::string_view name, const Location& at) const {
        return {at.pointer(),
                "dependentRequired",
                shown(at.member(name).pointer()) + " is missing; `" + std::string(trigger_) +
                    "` needs it.",
                {std::string(name)}};
    }

    std::string_view trigger_;
    std::vector<std::string_view> names_;
};

class DependentSchemaRule final : public Rule {
  public:
    DependentSchemaRule(std::string_view trigger, const Node& node)
        : trigger_(trigger), node_(node) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        const Object* object = value.if_object();
        return object == nullptr || !object->contains(trigger_) || run.evaluate(node_, value, at);
    }

  private:
    std::string_view trigger_;
    const Node& node_;
};

}  // namespace

void add_dependent_rules(SchemaCompiler::Reader& reader, Node& node) {
    if (const Object* dependents = reader.object("dependentRequired")) {
        for (const auto& member : *dependents)
            node.rules.push_back(std::make_unique<DependentRequiredRule>(
                std::string_view(member.key().data(), member.key().size()),
                reader.strings(member.value(), "dependentRequired")));
    }
    for (const auto& [trigger, dependent] : reader.named_nodes("dependentSchemas")) {
        node.rules.push_back(std::make_unique<DependentSchemaRule>(trigger, *dependent));
        node.same_value.push_back(dependent);
    }
}

}  // namespace quell::json
