// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <optional>
#include <quell/result.hpp>
#include <quell/settings.hpp>
#include <string>
#include <string_view>

namespace jamf {

// Where a Jamf Pro server is and how it is asked: a connector's settings.
struct JamfServer {
    std::string base_url;
    std::string path_prefix = "/api/{version}";
    std::optional<int> inventory_version;  // absent: the newest that the server offers
    bool mobile_devices = true;
    bool keep_cookies = false;

    // Refuses values that the settings' schema would refuse.
    static quell::Result<JamfServer> read(const quell::Settings& settings);

    // The path of an endpoint: path(2, "/mdm/commands"). The Jamf Platform gateway has the version
    // in the middle of its prefix, a reverse proxy something before it.
    std::string path(int version, std::string_view endpoint) const;
};

}  // namespace jamf
