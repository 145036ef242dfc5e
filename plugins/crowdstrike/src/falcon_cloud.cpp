// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "falcon_cloud.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace crowdstrike {
namespace {

// PROVIDERS.md 4. The manifest has a credential profile of the same name for each.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kRegions = {
    {{"us-1", "https://api.crowdstrike.com"},
     {"us-2", "https://api.us-2.crowdstrike.com"},
     {"us-3", "https://api.us-3.crowdstrike.com"},
     {"eu-1", "https://api.eu-1.crowdstrike.com"},
     {"us-gov-1", "https://api.laggar.gcw.crowdstrike.com"},
     {"us-gov-2", "https://api.us-gov-2.crowdstrike.mil"},
     // The host finds out where the client is at home, and sends the requests there.
     {"discover", "https://api.crowdstrike.com"}}};

}  // namespace

quell::Result<FalconCloud> read_cloud(const quell::Settings& settings) {
    if (!settings.has("region")) {
        QUELL_TRY(std::string base_url, settings.string("base_url"));
        return FalconCloud{std::move(base_url), "default"};
    }
    QUELL_TRY(const std::string name, settings.string("region"));
    const auto* const found =
        std::find_if(kRegions.begin(), kRegions.end(),
                     [&name](const auto& region) { return region.first == name; });
    if (found == kRegions.end())
        return quell::invalid_argument(
            "The region is none of us-1, us-2, us-3, eu-1, us-gov-1, us-gov-2, discover.");
    return FalconCloud{std::string(found->second), name};
}

}  // namespace crowdstrike
