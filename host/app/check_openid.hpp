// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <vector>

#include "config/diagnostic.hpp"
#include "config/settings.hpp"

namespace quell::app {

// What [openid] of the tenants refers to: the credential can be read and used, the issuer can be asked. Asks nobody.
std::vector<config::Diagnostic> check_openid(const config::Settings& settings);

}  // namespace quell::app
