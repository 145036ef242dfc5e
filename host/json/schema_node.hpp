// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/schema.hpp"

// The compiled form of a schema: private to host/json.
namespace quell::json {

// Where in the value a check is; a chain on the stack, turned into text only when something is
// wrong.
struct Location {
    const Location* parent = nullptr;
    std::string_view name{};
    std::size_t index = 0;
    bool is_index = false;

    Location member(std::string_view member_name) const { return {this, member_name, 0, false}; }
    Location element(std::size_t position) const { return {this, {}, position, true}; }
    std::string pointer() const;
};

struct Node;

// One run of a schema over one value. Lives on the stack of Schema's functions.
class Check {
  public:
    // `violations` may be null: then only the verdict counts and the first failure ends the run.
    Check(std::vector<Violation>* violations, std::size_t most)
        : violations_(violations), most_(most) {}

    bool evaluate(const Node& node, const Value& value, const Location& at);
    // The verdict alone, for branches whose failure is no violation by itself.
    bool fits(const Node& node, const Value& value, const Location& at);
    // What the branch has against the value.
    std::vector<Violation> complaints(const Node& node, const Value& value, const Location& at);

    // Records a violation and returns false. make() is called only if someone listens.
    template <class Make>
    bool violated(Make make) {
        if (is_collecting())
            violations_->push_back(make());
        return false;
    }
    bool is_collecting() const { return violations_ != nullptr && violations_->size() < most_; }

    // Takes steps from the budget; false once it is used up, and then the whole check refuses.
    bool spend(std::size_t steps);
    void exhaust() { exhausted_ = true; }
    bool exhausted() const { return exhausted_; }

  private:
    std::vector<Violation>* violations_;
    std::size_t most_;
    std::size_t steps_left_ = 1'000'000;
    std::size_t depth_left_ = 256;
    bool exhausted_ = false;
};

// One keyword, or a few that only make sense together.
class Rule {
  public:
    Rule() = default;
    Rule(const Rule&) = delete;
    Rule& operator=(const Rule&) = delete;
    virtual ~Rule() = default;
    virtual bool check(const Value& value, const Location& at, Check& run) const = 0;
};

// One schema. Nodes point to each other freely and live in Compiled.
struct Node {
    std::vector<std::unique_ptr<Rule>> rules;
    bool refuses_all = false;  // the schema `false`

    // For defaults.
    const Value* default_value = nullptr;
    std::vector<std::pair<std::string_view, const Node*>> properties;
    std::vector<const Node*> prefix_items;
    const Node* items = nullptr;
    std::vector<const Node*> always;  // $ref and allOf

    // Schemas that apply to the same value, to find references that go round.
    std::vector<const Node*> same_value;
};

struct Schema::Compiled {
    Value document;  // what the nodes' views point into
    std::deque<Node> nodes;
    const Node* root = nullptr;
};

// "`/lookup/value`", or "The value" for the document itself.
std::string shown(const std::string& pointer);

Violation make_violation(const Location& at, std::string keyword, const std::string& demand,
                         std::vector<std::string> allowed = {});

// `a`, `b` or `c`; at most twenty.
std::string listed(const std::vector<std::string>& names, std::string_view last_joint);

}  // namespace quell::json
