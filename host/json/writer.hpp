// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"

namespace quell::json {

// Writes one document straight into the end of a string, where building values only to serialize them would cost more
// than the rest of a call. The text is what serialize() would make of the same values. The caller closes what it opens
// and gives names that need no escaping.
class Writer {
  public:
    explicit Writer(std::string& out) : out_(out) {}

    void begin_object() { begin('{'); }
    void end_object() { out_ += '}'; }
    void begin_array() { begin('['); }
    void end_array() { out_ += ']'; }
    void key(std::string_view name);

    void value(std::string_view text);
    void value(const std::string& text) { value(std::string_view(text)); }
    void value(const char* text) { value(std::string_view(text)); }
    void value(bool boolean);
    void value(std::int64_t number);
    void value(std::nullptr_t);
    void value(const Value& value);
    void value(const Object& value);
    template <class T>
    void value(const std::optional<T>& given) {
        given ? value(*given) : value(nullptr);
    }
    void value(const std::vector<std::string>& texts);
    // A JSON text as it is.
    void raw(std::string_view json_text);

    template <class T>
    void member(std::string_view name, const T& given) {
        key(name);
        value(given);
    }

  private:
    void begin(char bracket);
    bool is_first() const;
    void separate();

    std::string& out_;
};

}  // namespace quell::json
