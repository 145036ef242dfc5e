// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>
#include <string_view>

namespace quell::notifications {

// A destination as logs, audit and administrators see it: a URL without its query, which may hold a receiver's secret.
inline std::string shown_address(std::string_view destination) { return std::string(destination.substr(0, destination.find('?'))); }

}  // namespace quell::notifications
