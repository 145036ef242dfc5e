// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/call.hpp>
#include <quell/result.hpp>
#include <string>
#include <vector>

#include "falcon_api.hpp"

namespace crowdstrike {

// Ids of all hosts that match an FQL filter, page by page. What cannot be listed whole is an Error:
// a list that was cut would pass for the whole, and an ambiguous name for a unique one. More than
// 200 hosts are invalid_argument.
quell::Result<std::vector<std::string>> query_all_hosts(const FalconApi& api, quell::Call& call,
                                                        const std::string& filter);

}  // namespace crowdstrike
