// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// properties, patternProperties, additionalProperties, propertyNames, required, minProperties,
// maxProperties.

#include <algorithm>
#include <limits>

#include "json/nearest.hpp"
#include "json/pointer.hpp"
#include "json/schema_compiler.hpp"

namespace quell::json {
namespace {

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

using NamedNode = std::pair<std::string_view, const Node*>;

bool shorter_or_less(std::string_view a, std::string_view b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

struct PatternNode {
    Pattern pattern;
    const Node* node;
};

// properties, patternProperties and additionalProperties depend on each other.
class MembersRule final : public Rule {
  public:
    MembersRule(std::vector<NamedNode> named, std::vector<PatternNode> patterns,
                const Node* additional)
        : named_(std::move(named)), patterns_(std::move(patterns)), additional_(additional) {
        std::sort(named_.begin(), named_.end(), [](const NamedNode& a, const NamedNode& b) {
            return shorter_or_less(a.first, b.first);
        });
    }

    bool check(const Value& value, const Location& at, Check& run) const override {
        const Object* object = value.if_object();
        if (object == nullptr)
            return true;
        bool accepted = true;
        for (const auto& member : *object) {
            const std::string_view name(member.key().data(), member.key().size());
            accepted = check_member(name, member.value(), at.member(name), run) && accepted;
            if (!accepted && !run.is_collecting())
                return false;
        }
        return accepted;
    }

  private:
    bool check_member(std::string_view name, const Value& value, const Location& at,
                      Check& run) const {
        const Node* named = find(name);
        bool is_known = named != nullptr;
        bool accepted = named == nullptr || run.evaluate(*named, value, at);
        for (const PatternNode& entry : patterns_) {
            const auto outcome = entry.pattern.match(name);
            if (outcome == Pattern::Outcome::too_costly)
                run.exhaust();
            if (outcome != Pattern::Outcome::match)
                continue;
            is_known = true;
            accepted = run.evaluate(*entry.node, value, at) && accepted;
        }
        if (is_known || additional_ == nullptr)
            return accepted;
        if (additional_->refuses_all)
            return run.violated([&] { return unknown(name, at); });
        return run.evaluate(*additional_, value, at);
    }

    const Node* find(std::string_view name) const {
        const auto found = std::lower_bound(
            named_.begin(), named_.end(), name,
            [](const NamedNode& a, std::string_view b) { return shorter_or_less(a.first, b); });
        return found != named_.end() && found->first == name ? found->second : nullptr;
    }

    Violation unknown(std::string_view name, const Location& at) const {
        std::vector<std::string_view> names;
        for (const NamedNode& entry : named_)
            names.push_back(entry.first);
        std::sort(names.begin(), names.end());
        return make_violation(at, "additionalProperties",
                              "is not a known member" + nearest_hint(name, names),
                              {names.begin(), names.end()});
    }

    std::vector<NamedNode> named_;
    std::vector<PatternNode> patterns_;
    const Node* additional_;
};

class PropertyNamesRule final : public Rule {
  public:
    explicit PropertyNamesRule(const Node& node) : node_(node) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        const Object* object = value.if_object();
        if (object == nullptr)
            return true;
        bool accepted = true;
        for (const auto& member : *object) {
            const std::string_view name(member.key().data(), member.key().size());
            if (run.fits(node_, Value(member.key()), at.member(name)))
                continue;
            accepted = run.violated([&] {
                return make_violation(at.member(name), "propertyNames",
                                      "is not an allowed name here");
            });
            if (!run.is_collecting())
                return false;
        }
        return accepted;
    }

  private:
    const Node& node_;
};

class RequiredRule final : public Rule {
  public:
    explicit RequiredRule(std::vector<std::string_view> names) : names_(std::move(names)) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        const Object* object = value.if_object();
        if (object == nullptr)
            return true;
        bool accepted = true;
        for (const std::string_view name : names_) {
            if (object->contains(name))
                continue;
            accepted = run.violated([&] { return missing(name, at); });
            if (!run.is_collecting())
                return false;
        }
        return accepted;
    }

  private:
    static Violation missing(std::string_view name, const Location& at) {
        return {at.pointer(),
                "required",
                shown(at.member(name).pointer()) + " is missing.",
                {std::string(name)}};
    }

    std::vector<std::string_view> names_;
};

class MemberCountRule final : public Rule {
  public:
    MemberCountRule(std::size_t least, std::size_t most) : least_(least), most_(most) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        const Object* object = value.if_object();
        if (object == nullptr)
            return true;
        if (object->size() < least_)
            return run.violated([&] {
                return make_violation(at, "minProperties",
                                      "must have " + std::to_string(least_) + " members or more");
            });
        return object->size() <= most_ || run.violated([&] {
            return make_violation(at, "maxProperties",
                                  "must have " + std::to_string(most_) + " members or fewer");
        });
    }

  private:
    std::size_t least_;
    std::size_t most_;
};

std::vector<PatternNode> read_patterns(SchemaCompiler::Reader& reader) {
    std::vector<PatternNode> patterns;
    for (const auto& [expression, node] : reader.named_nodes("patternProperties")) {
        if (auto pattern = reader.pattern(expression, "patternProperties"))
            patterns.push_back({*std::move(pattern), node});
    }
    return patterns;
}

}  // namespace

void add_object_rules(SchemaCompiler::Reader& reader, Node& node) {
    node.properties = reader.named_nodes("properties");
    auto patterns = read_patterns(reader);
    const Node* additional = reader.node("additionalProperties");
    if (!node.properties.empty() || !patterns.empty() || additional != nullptr)
        node.rules.push_back(
            std::make_unique<MembersRule>(node.properties, std::move(patterns), additional));
    if (auto names = reader.strings("required"); !names.empty())
        node.rules.push_back(std::make_unique<RequiredRule>(std::move(names)));
    if (const Node* names = reader.node("propertyNames"))
        node.rules.push_back(std::make_unique<PropertyNamesRule>(*names));
    const std::size_t least = reader.count("minProperties", 0);
    const std::size_t most = reader.count("maxProperties", kNoLimit);
    if (least > 0 || most < kNoLimit)
        node.rules.push_back(std::make_unique<MemberCountRule>(least, most));
}

}  // namespace quell::json
