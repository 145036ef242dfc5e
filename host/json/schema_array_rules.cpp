// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// items, prefixItems, minItems, maxItems, uniqueItems, contains, minContains, maxContains.

#include <algorithm>
#include <limits>

#include "json/equality.hpp"
#include "json/schema_compiler.hpp"
#include "json/serialize.hpp"

namespace quell::json {
namespace {

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();
// Up to here comparing every pair is cheaper than sorting canonical texts.
constexpr std::size_t kFewItems = 16;

std::string items_of(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " item" : " items");
}

class ItemsRule final : public Rule {
  public:
    ItemsRule(std::vector<const Node*> prefix, const Node* rest)
        : prefix_(std::move(prefix)), rest_(rest) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        const Array* array = value.if_array();
        if (array == nullptr)
            return true;
        bool accepted = true;
        for (std::size_t index = 0; index < array->size(); ++index) {
            const Node* node = index < prefix_.size() ? prefix_[index] : rest_;
            if (node == nullptr)
                break;
            accepted = run.evaluate(*node, (*array)[index], at.element(index)) && accepted;
            if (!accepted && !run.is_collecting())
                return false;
        }
        return accepted;
    }

  private:
    std::vector<const Node*> prefix_;
    const Node* rest_;
};

class ItemCountRule final : public Rule {
  public:
    ItemCountRule(std::size_t least, std::size_t most) : least_(least), most_(most) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        const Array* array = value.if_array();
        if (array == nullptr)
            return true;
        if (array->size() < least_)
            return run.violated([&] {
                return make_violation(at, "minItems", "must have at least " + items_of(least_));
            });
        return array->size() <= most_ || run.violated([&] {
            return make_violation(at, "maxItems", "must have at most " + items_of(most_));
        });
    }

  private:
    std::size_t least_;
    std::size_t most_;
};

bool few_are_unique(const Array& array) {
    for (std::size_t later = 1; later < array.size(); ++later) {
        const auto is_same = [&](const Value& earlier) { return equal(earlier, array[later]); };
        if (std::any_of(array.begin(), array.begin() + static_cast<std::ptrdiff_t>(later), is_same))
            return false;
    }
    return true;
}

// Equal values have equal canonical texts, so sorting keeps a hostile array from costing its
// square.
bool many_are_unique(const Array& array) {
    std::vector<std::string> texts;
    texts.reserve(array.size());
    for (const Value& item : array)
        texts.push_back(canonical(item));
    std::sort(texts.begin(), texts.end());
    return std::adjacent_find(texts.begin(), texts.end()) == texts.end();
}

class UniqueRule final : public Rule {
  public:
    bool check(const Value& value, const Location& at, Check& run) const override {
        const Array* array = value.if_array();
        if (array == nullptr)
            return true;
        if (!run.spend(array->size()))
            return false;
        const bool is_unique =
            array->size() <= kFewItems ? few_are_unique(*array) : many_are_unique(*array);
        return is_unique || run.violated([&] {
            return make_violation(at, "uniqueItems", "must not hold equal items");
        });
    }
};

class ContainsRule final : public Rule {
  public:
    ContainsRule(const Node& node, std::size_t least, std::size_t most)
        : node_(node), least_(least), most_(most) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        const Array* array = value.if_array();
        if (array == nullptr)
            return true;
        const std::size_t found = count(*array, at, run);
        if (found < least_)
            return run.violated([&] {
                return make_violation(
                    at, least_ == 1 ? "contains" : "minContains",
                    "must contain at least " + items_of(least_) + " of the wanted form");
            });
        return found <= most_ || run.violated([&] {
            return make_violation(at, "maxContains",
                                  "must contain at most " + items_of(most_) + " of that form");
        });
    }

  private:
    std::size_t count(const Array& array, const Location& at, Check& run) const {
        std::size_t found = 0;
        for (std::size_t index = 0; index < array.size(); ++index)
            found += run.fits(node_, array[index], at.element(index)) ? 1U : 0U;
        return found;
    }

    const Node& node_;
    std::size_t least_;
    std::size_t most_;
};

}  // namespace

void add_array_rules(SchemaCompiler::Reader& reader, Node& node) {
    node.prefix_items = reader.nodes("prefixItems");
    node.items = reader.node("items");
    if (!node.prefix_items.empty() || node.items != nullptr)
        node.rules.push_back(std::make_unique<ItemsRule>(node.prefix_items, node.items));
    const std::size_t least = reader.count("minItems", 0);
    const std::size_t most = reader.count("maxItems", kNoLimit);
    if (least > 0 || most < kNoLimit)
        node.rules.push_back(std::make_unique<ItemCountRule>(least, most));
    if (reader.boolean("uniqueItems"))
        node.rules.push_back(std::make_unique<UniqueRule>());
    const std::size_t least_contained = reader.count("minContains", 1);
    const std::size_t most_contained = reader.count("maxContains", kNoLimit);
    if (const Node* contained = reader.node("contains"))
        node.rules.push_back(
            std::make_unique<ContainsRule>(*contained, least_contained, most_contained));
}

}  // namespace quell::json
