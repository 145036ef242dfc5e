// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/result.hpp>
#include <quell/settings.hpp>
#include <string>

namespace crowdstrike {

// Where a connector's requests go, and the credential profile of the manifest that has a token for
// there: each region's token comes from the region itself.
struct FalconCloud {
    std::string base_url;
    std::string auth;
};

// From `region` or, without it, `base_url`. A region that is not in the list is refused by name.
quell::Result<FalconCloud> read_cloud(const quell::Settings& settings);

}  // namespace crowdstrike
