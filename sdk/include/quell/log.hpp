// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <quell/detail/services.hpp>

namespace quell::inline v1 {

namespace detail {

// RFC 8259 7: a JSON string. Bytes from 0x80 on are passed as they are; the host repairs bad UTF-8.
inline std::string json_quoted(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string quoted = "\"";
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (letter == '"' || letter == '\\') {
            quoted += '\\';
            quoted += letter;
        } else if (byte < 0x20) {
            quoted += "\\u00";
            quoted += kDigits[byte >> 4U];
            quoted += kDigits[byte & 0x0fU];
        } else {
            quoted += letter;
        }
    }
    return quoted += '"';
}

}  // namespace detail

// Lines for the host's log, marked with the plugin, the connector and the call by the host. Safe on
// any thread until the method returns. Write no secrets, no lock PIN and no provider bodies.
class Log {
  public:
    using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    Log(const detail::Services& services, quell_call* call) : services_(services), call_(call) {}

    void debug(std::string_view message, Fields fields = {}) const {
        write(QUELL_LOG_DEBUG, message, fields);
    }
    void info(std::string_view message, Fields fields = {}) const {
        write(QUELL_LOG_INFO, message, fields);
    }
    void warn(std::string_view message, Fields fields = {}) const {
        write(QUELL_LOG_WARN, message, fields);
    }
    void error(std::string_view message, Fields fields = {}) const {
        write(QUELL_LOG_ERROR, message, fields);
    }

  private:
    void write(std::int32_t level, std::string_view message, Fields fields) const {
        std::string object;
        for (const auto& [name, value] : fields) {
            object += object.empty() ? '{' : ',';
            object += detail::json_quoted(name) + ':' + detail::json_quoted(value);
        }
        if (!object.empty())
            object += '}';
        services_.log->write(services_.host, call_, level, detail::to_str(message),
                             detail::to_str(object));
    }

    const detail::Services& services_;
    quell_call* call_;
};

}  // namespace quell::inline v1
