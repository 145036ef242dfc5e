// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace quell::http {

// When the first certificate of a PEM file ends; failed_precondition if there is none that can be read.
Result<WallTime> certificate_end(const std::string& file);

}  // namespace quell::http
