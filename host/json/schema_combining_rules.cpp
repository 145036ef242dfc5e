// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// $ref, allOf, anyOf, oneOf, not, if, then, else.

#include <algorithm>

#include "json/schema_compiler.hpp"

namespace quell::json {
namespace {

class AllOfRule final : public Rule {
  public:
    explicit AllOfRule(std::vector<const Node*> nodes) : nodes_(std::move(nodes)) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        bool accepted = true;
        for (const Node* node : nodes_) {
            accepted = run.evaluate(*node, value, at) && accepted;
            if (!accepted && !run.is_collecting())
                return false;
        }
        return accepted;
    }

  private:
    std::vector<const Node*> nodes_;
};

// The branch that is wrong farthest inside the value is the one that was meant, most likely.
Violation closest(const std::vector<const Node*>& nodes, std::string keyword, const Value& value,
                  const Location& at, Check& run) {
    Violation best;
    for (const Node* node : nodes) {
        auto found = run.complaints(*node, value, at);
        if (!found.empty() &&
            (best.message.empty() || found.front().pointer.size() > best.pointer.size()))
            best = std::move(found.front());
    }
    const std::string demand =
        "fits none of the " + std::to_string(nodes.size()) + " allowed forms";
    if (best.message.empty())
        return make_violation(at, std::move(keyword), demand);
    Violation outer =
        make_violation(at, std::move(keyword), demand + "; the nearest says: " + best.message);
    outer.message.pop_back();  // the inner sentence has its full stop
    outer.pointer = std::move(best.pointer);
    outer.allowed = std::move(best.allowed);
    return outer;
}

class AnyOfRule final : public Rule {
  public:
    explicit AnyOfRule(std::vector<const Node*> nodes) : nodes_(std::move(nodes)) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        const auto fits = [&](const Node* node) { return run.fits(*node, value, at); };
        return std::any_of(nodes_.begin(), nodes_.end(), fits) ||
               run.violated([&] { return closest(nodes_, "anyOf", value, at, run); });
    }

  private:
    std::vector<const Node*> nodes_;
};

class OneOfRule final : public Rule {
  public:
    explicit OneOfRule(std::vector<const Node*> nodes) : nodes_(std::move(nodes)) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        const auto count = std::count_if(nodes_.begin(), nodes_.end(), [&](const Node* node) {
            return run.fits(*node, value, at);
        });
        if (count == 0)
            return run.violated([&] { return closest(nodes_, "oneOf", value, at, run); });
        return count == 1 || run.violated([&] {
            return make_violation(at, "oneOf",
                                  "fits more than one of the forms that exclude each other");
        });
    }

  private:
    std::vector<const Node*> nodes_;
};

class NotRule final : public Rule {
  public:
    explicit NotRule(const Node& node) : node_(node) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        return !run.fits(node_, value, at) || run.violated([&] {
            return make_violation(at, "not", "has a form that is not allowed");
        });
    }

  private:
    const Node& node_;
};

class IfRule final : public Rule {
  public:
    IfRule(const Node& condition, const Node* then_node, const Node* else_node)
        : condition_(condition), then_(then_node), else_(else_node) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        const Node* next = run.fits(condition_, value, at) ? then_ : else_;
        return next == nullptr || run.evaluate(*next, value, at);
    }

  private:
    const Node& condition_;
    const Node* then_;
    const Node* else_;
};

void add_same_value(Node& node, const std::vector<const Node*>& others) {
    for (const Node* other : others) {
        if (other != nullptr)
            node.same_value.push_back(other);
    }
}

}  // namespace

void add_combining_rules(SchemaCompiler::Reader& reader, Node& node) {
    node.always = reader.nodes("allOf");
    if (const Node* target = reader.reference("$ref"))
        node.always.push_back(target);
    const auto any_of = reader.nodes("anyOf");
    const auto one_of = reader.nodes("oneOf");
    const Node* negated = reader.node("not");
    const Node* condition = reader.node("if");
    const Node* then_node = reader.node("then");
    const Node* else_node = reader.node("else");
    for (const auto& others :
         {node.always, any_of, one_of, {negated, condition, then_node, else_node}})
        add_same_value(node, others);

    if (!node.always.empty())
        node.rules.push_back(std::make_unique<AllOfRule>(node.always));
    if (!any_of.empty())
        node.rules.push_back(std::make_unique<AnyOfRule>(any_of));
    if (!one_of.empty())
        node.rules.push_back(std::make_unique<OneOfRule>(one_of));
    if (negated != nullptr)
        node.rules.push_back(std::make_unique<NotRule>(*negated));
    if (condition != nullptr && (then_node != nullptr || else_node != nullptr))
        node.rules.push_back(std::make_unique<IfRule>(*condition, then_node, else_node));
}

}  // namespace quell::json
