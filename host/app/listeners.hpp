// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <optional>

#include "config/settings.hpp"
#include "http/server.hpp"

namespace quell::app {

// What the settings say of each listener of the host.
http::ListenOptions public_listener(const config::Settings& settings);
std::optional<http::ListenOptions> admin_listener(const config::Settings& settings);
http::ListenOptions socket_listener(const config::Settings& settings);

}  // namespace quell::app
