// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/device.hpp>
#include <quell/result.hpp>
#include <string>

namespace crowdstrike {

// The Falcon Query Language (FQL) filter for one host name or serial number. A value that could
// mean more than itself is refused with invalid_argument: `*` is a wildcard, and a backslash starts
// an escape.
quell::Result<std::string> host_filter(const quell::Lookup& lookup);

// True if the host is what was asked for. The provider's answer alone does not say so: its matching
// is wider than equality.
bool matches(const quell::Device& host, const quell::Lookup& lookup);

}  // namespace crowdstrike
