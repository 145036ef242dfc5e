// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// minLength, maxLength, pattern.

#include <algorithm>
#include <limits>

#include "json/schema_compiler.hpp"

namespace quell::json {
namespace {

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

// Code points, not bytes (2020-12 Validation 6.3): all bytes but those that continue one.
std::size_t length(std::string_view text) {
    const auto begins = [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    };
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
}

std::string characters(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " character" : " characters");
}

class LengthRule final : public Rule {
  public:
    LengthRule(std::size_t least, std::size_t most) : least_(least), most_(most) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        const String* string = value.if_string();
        if (string == nullptr)
            return true;
        const std::size_t found = length(text(*string));
        if (found < least_)
            return run.violated([&] {
                return make_violation(at, "minLength", "must have at least " + characters(least_));
            });
        return found <= most_ || run.violated([&] {
            return make_violation(at, "maxLength", "must have at most " + characters(most_));
        });
    }

  private:
    std::size_t least_;
    std::size_t most_;
};

class PatternRule final : public Rule {
  public:
    explicit PatternRule(Pattern pattern) : pattern_(std::move(pattern)) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        const String* string = value.if_string();
        if (string == nullptr)
            return true;
        const auto outcome = pattern_.match(text(*string));
        if (outcome == Pattern::Outcome::too_costly)
            run.exhaust();
        return outcome == Pattern::Outcome::match || run.violated([&] {
            return make_violation(at, "pattern",
                                  "must match the pattern `" + pattern_.expression() + "`");
        });
    }

  private:
    Pattern pattern_;
};

}  // namespace

void add_string_rules(SchemaCompiler::Reader& reader, Node& node) {
    const std::size_t least = reader.count("minLength", 0);
    const std::size_t most = reader.count("maxLength", kNoLimit);
    if (least > 0 || most < kNoLimit)
        node.rules.push_back(std::make_unique<LengthRule>(least, most));
    if (reader.find("pattern") == nullptr)
        return;
    if (auto pattern = reader.pattern(reader.string("pattern"), "pattern"))
        node.rules.push_back(std::make_unique<PatternRule>(*std::move(pattern)));
}

}  // namespace quell::json
