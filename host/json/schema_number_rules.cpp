// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf.

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "json/equality.hpp"
#include "json/schema_compiler.hpp"
#include "json/serialize.hpp"

namespace quell::json {
namespace {

enum class Bound { minimum, maximum, exclusiveMinimum, exclusiveMaximum };

struct BoundWords {
    std::string_view keyword;
    std::string_view phrase;
};

BoundWords words(Bound bound) {
    switch (bound) {
        case Bound::minimum:
            return {"minimum", "must be at least "};
        case Bound::maximum:
            return {"maximum", "must be at most "};
        case Bound::exclusiveMinimum:
            return {"exclusiveMinimum", "must be more than "};
        case Bound::exclusiveMaximum:
            break;
    }
    return {"exclusiveMaximum", "must be less than "};
}

class BoundRule final : public Rule {
  public:
    BoundRule(Bound bound, const Value& limit) : bound_(bound), limit_(limit) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        return !value.is_number() || holds(compare_numbers(value, limit_)) || run.violated([&] {
            const auto [keyword, phrase] = words(bound_);
            return make_violation(at, std::string(keyword),
                                  std::string(phrase) + json::serialize(limit_));
        });
    }

  private:
    bool holds(std::partial_ordering order) const {
        switch (bound_) {
            case Bound::minimum:
                return order >= 0;
            case Bound::maximum:
                return order <= 0;
            case Bound::exclusiveMinimum:
                return order > 0;
            case Bound::exclusiveMaximum:
                break;
        }
        return order < 0;
    }

    Bound bound_;
    const Value& limit_;
};

double as_double(const Value& number) {
    if (number.is_int64())
        return static_cast<double>(number.get_int64());
    return number.is_uint64() ? static_cast<double>(number.get_uint64()) : number.get_double();
}

// The size without the sign, if the number is kept as an integer.
std::optional<std::uint64_t> magnitude(const Value& number) {
    if (number.is_uint64())
        return number.get_uint64();
    if (!number.is_int64())
        return std::nullopt;
    const auto bits = static_cast<std::uint64_t>(number.get_int64());
    return number.get_int64() < 0 ? 0 - bits : bits;
}

// Integers exactly; fractions up to the rounding of their last bits, so that 0.3 is a multiple of
// 0.1.
bool is_multiple(const Value& value, const Value& divisor) {
    const auto whole = magnitude(value);
    const auto whole_divisor = magnitude(divisor);
    if (whole && whole_divisor)
        return *whole % *whole_divisor == 0;
    const double quotient = as_double(value) / as_double(divisor);
    const double slack = 4 * std::numeric_limits<double>::epsilon() * std::fabs(quotient);
    return std::isfinite(quotient) && std::fabs(quotient - std::nearbyint(quotient)) <= slack;
}

class MultipleRule final : public Rule {
  public:
    explicit MultipleRule(const Value& divisor) : divisor_(divisor) {}

    bool check(const Value& value, const Location& at, Check& run) const override {
        return !value.is_number() || is_multiple(value, divisor_) || run.violated([&] {
            return make_violation(at, "multipleOf",
                                  "must be a multiple of " + json::serialize(divisor_));
        });
    }

  private:
    const Value& divisor_;
};

}  // namespace

void add_number_rules(SchemaCompiler::Reader& reader, Node& node) {
    for (const Bound bound :
         {Bound::minimum, Bound::maximum, Bound::exclusiveMinimum, Bound::exclusiveMaximum}) {
        if (const Value* limit = reader.number(words(bound).keyword))
            node.rules.push_back(std::make_unique<BoundRule>(bound, *limit));
    }
    if (const Value* divisor = reader.number("multipleOf")) {
        if (compare_numbers(*divisor, Value(0)) > 0)
            node.rules.push_back(std::make_unique<MultipleRule>(*divisor));
        else
            reader.refuse("multipleOf", "must be more than 0");
    }
}

}  // namespace quell::json
