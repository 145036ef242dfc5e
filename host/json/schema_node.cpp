// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/schema_node.hpp"

#include <algorithm>

#include "json/pointer.hpp"

namespace quell::json {
namespace {

constexpr std::size_t kMostListed = 20;

// A branch's verdict and a branch's complaints must not reach the run's own list.
class Redirect {
  public:
    Redirect(std::vector<Violation>*& place, std::vector<Violation>* other)
        : place_(place), kept_(place) {
        place_ = other;
    }
    Redirect(const Redirect&) = delete;
    Redirect& operator=(const Redirect&) = delete;
    ~Redirect() { place_ = kept_; }

  private:
    std::vector<Violation>*& place_;
    std::vector<Violation>* kept_;
};

}  // namespace

std::string Location::pointer() const {
    if (parent == nullptr)
        return {};
    std::string text = parent->pointer();
    append_token(text, is_index ? std::to_string(index) : name);
    return text;
}

bool Check::spend(std::size_t steps) {
    if (exhausted_ || steps > steps_left_) {
        exhausted_ = true;
        return false;
    }
    steps_left_ -= steps;
    return true;
}

bool Check::evaluate(const Node& node, const Value& value, const Location& at) {
    if (depth_left_ == 0)
        exhaust();
    if (!spend(1 + node.rules.size()))
        return false;
    if (node.refuses_all)
        return violated([&] { return make_violation(at, "false", "is not allowed here"); });
    --depth_left_;
    bool accepted = true;
    for (const auto& rule : node.rules) {
        accepted = rule->check(value, at, *this) && accepted;
        if (!accepted && !is_collecting())
            break;
    }
    ++depth_left_;
    return accepted;
}

bool Check::fits(const Node& node, const Value& value, const Location& at) {
    const Redirect silent(violations_, nullptr);
    return evaluate(node, value, at);
}

std::vector<Violation> Check::complaints(const Node& node, const Value& value, const Location& at) {
    std::vector<Violation> found;
    const Redirect redirect(violations_, &found);
    evaluate(node, value, at);
    return found;
}

std::string shown(const std::string& pointer) {
    if (pointer.empty())
        return "The value";
    return "`" + (pointer.size() > 256 ? shortened(pointer) : pointer) + "`";
}

Violation make_violation(const Location& at, std::string keyword, const std::string& demand,
                         std::vector<std::string> allowed) {
    std::string pointer = at.pointer();
    std::string message = shown(pointer) + " " + demand + ".";
    return {std::move(pointer), std::move(keyword), std::move(message), std::move(allowed)};
}

std::string listed(const std::vector<std::string>& names, std::string_view last_joint) {
    std::string text;
    const std::size_t count = std::min(names.size(), kMostListed);
    for (std::size_t index = 0; index < count; ++index) {
        if (index > 0)
            text += index + 1 == names.size() ? last_joint : std::string_view(", ");
        text += "`" + shortened(names[index]) + "`";
    }
    return names.size() > kMostListed ? text + " and others" : text;
}

}  // namespace quell::json
