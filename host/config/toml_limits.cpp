// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "config/toml_limits.hpp"

#include <algorithm>

namespace quell::config {
namespace {

// Walks over a TOML text, jumping over strings and comments, and counts the dots of each key and
// the open brackets. What it counts in values (1.5) is harmless. It stays in step with the grammar
// for as long as the text follows it, and the parser stops where the text does not.
class Scanner {
  public:
    Scanner(std::string_view text, const std::string& file) : text_(text), file_(file) {}

    std::optional<Diagnostic> run() {
        while (at_ < text_.size() && !found_)
            step();
        return found_;
    }

  private:
    void step() {
        const char character = text_[at_];
        if (character == '"' || character == '\'')
            return skip_string(character);
        if (character == '#')
            return skip_comment();
        ++at_;
        if (character == '\n')
            ++line_;
        count(character);
    }

    void count(char character) {
        if (character == '.')
            limit(++dots_ < kMostTomlKeyParts,
                  "a key has more than " + std::to_string(kMostTomlKeyParts) + " parts");
        else if (std::string_view("=,[]{}\n").find(character) != std::string_view::npos)
            dots_ = 0;
        if (character == '[' || character == '{')
            limit(++depth_ <= kMostTomlDepth,
                  "values are nested deeper than " + std::to_string(kMostTomlDepth) + " levels");
        else if ((character == ']' || character == '}') && depth_ > 0)
            --depth_;
    }

    void skip_comment() { at_ = std::min(text_.find('\n', at_), text_.size()); }

    void skip_string(char quote) {
        const std::string_view three = quote == '"' ? R"(""")" : "'''";
        const bool is_multiline = text_.substr(at_).starts_with(three);
        const std::string_view end = is_multiline ? three : three.substr(0, 1);
        at_ += end.size();
        while (at_ < text_.size()) {
            if (text_.substr(at_).starts_with(end))
                return skip_end(end.size(), quote);
            if (text_[at_] == '\n' && !is_multiline)
                return;
            if (text_[at_] == '\n')
                ++line_;
            at_ += is_escape(quote) ? 2U : 1U;
        }
    }

    // A backslash and what it escapes; an escaped line feed is counted on its own.
    bool is_escape(char quote) const {
        return quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size() &&
               text_[at_ + 1] != '\n';
    }

    // A multi-line string may end in up to five quotes, of which the last three close it.
    void skip_end(std::size_t size, char quote) {
        at_ += size;
        for (int extra = 0; size == 3 && extra < 2 && at_ < text_.size() && text_[at_] == quote;
             ++extra)
            ++at_;
    }

    void limit(bool is_kept, const std::string& what) {
        if (!is_kept && !found_)
            found_ = Diagnostic{file_, line_, 1, "The file is refused: " + what + "."};
    }

    std::string_view text_;
    const std::string& file_;
    std::size_t at_ = 0;
    int line_ = 1;
    std::size_t dots_ = 0;
    std::size_t depth_ = 0;
    std::optional<Diagnostic> found_;
};

std::optional<Diagnostic> find_long_line(std::string_view text, const std::string& file) {
    for (int line = 1; !text.empty(); ++line) {
        const std::size_t size = std::min(text.find('\n'), text.size());
        if (size > kMostTomlLineBytes)
            return Diagnostic{file, line, 1,
                              "The file is refused: the line is longer than " +
                                  std::to_string(kMostTomlLineBytes) + " bytes."};
        text.remove_prefix(std::min(size + 1, text.size()));
    }
    return std::nullopt;
}

}  // namespace

std::optional<Diagnostic> exceeded_toml_limit(std::string_view text, const std::string& file) {
    if (text.size() > kMostTomlBytes)
        return Diagnostic{
            file, 0, 0,
            "The file is refused: it is longer than " + std::to_string(kMostTomlBytes) + " bytes."};
    if (auto found = find_long_line(text, file))
        return found;
    return Scanner(text, file).run();
}

}  // namespace quell::config
