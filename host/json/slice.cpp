// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/slice.hpp"

#include <algorithm>

namespace quell::json {
namespace {

// Walks over a valid JSON text without making values. Every step stays inside of the text, valid or not.
class Walker {
  public:
    explicit Walker(std::string_view text) : text_(text) { skip_blanks(); }

    bool take(char wanted) {
        if (at_ >= text_.size() || text_[at_] != wanted) {
            return false;
        }
        ++at_;
        skip_blanks();
        return true;
    }

    std::string_view value() {
        const std::size_t begin = at_;
        if (at_ < text_.size() && text_[at_] == '"') {
            skip_string();
        } else if (at_ < text_.size() && (text_[at_] == '{' || text_[at_] == '[')) {
            skip_nested();
        } else {
            at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
        }
        const std::string_view found = text_.substr(begin, at_ - begin);
        skip_blanks();
        return found;
    }

  private:
    void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

    void skip_string() {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\') {
                ++at_;
            }
        }
        at_ = std::min(at_ + 1, text_.size());
    }

    void skip_nested() {
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"') {
                skip_string();
                continue;
            }
            ++at_;
            if (c == '{' || c == '[') {
                ++depth;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return;
            }
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

bool is_name(std::string_view quoted, std::string_view name) {
    return quoted.size() == name.size() + 2 && quoted.substr(1, name.size()) == name;
}

}  // namespace

std::optional<std::string_view> member_text(std::string_view object, std::string_view name) {
    Walker walker(object);
    if (!walker.take('{')) {
        return std::nullopt;
    }
    do {
        const std::string_view found = walker.value();
        if (!walker.take(':')) {
            return std::nullopt;
        }
        const std::string_view value = walker.value();
        if (is_name(found, name)) {
            return value;
        }
    } while (walker.take(','));
    return std::nullopt;
}

std::vector<std::string_view> element_texts(std::string_view array) {
    std::vector<std::string_view> elements;
    Walker walker(array);
    if (!walker.take('[') || walker.take(']')) {
        return elements;
    }
    do {
        elements.push_back(walker.value());
    } while (walker.take(','));
    return elements;
}

}  // namespace quell::json
