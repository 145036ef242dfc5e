// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace quell::log {

enum class Level { debug, info, warn, error };

using Fields = boost::json::object;

// One JSON line on standard error: {"time","level","event",...fields}. Control characters, ANSI escapes and
// bidirectional marks in values are escaped, so that a line cannot be forged or reordered (LG-01).
// Any thread. `event` is a constant such as "plugin_restarted". Fields never hold a secret.
void write(Level level, std::string_view event, Fields fields = {});

inline void info(std::string_view event, Fields fields = {}) { write(Level::info, event, std::move(fields)); }
inline void warn(std::string_view event, Fields fields = {}) { write(Level::warn, event, std::move(fields)); }
inline void error(std::string_view event, Fields fields = {}) { write(Level::error, event, std::move(fields)); }

// The line that write() prints, without the line feed.
std::string format(Level level, std::string_view event, const Fields& fields);

}  // namespace quell::log
