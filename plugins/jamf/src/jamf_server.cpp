// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "jamf_server.hpp"

namespace jamf {
namespace {

constexpr std::string_view kVersion = "{version}";
constexpr std::int64_t kOldestInventory = 1;
constexpr std::int64_t kNewestInventory = 4;

}  // namespace

quell::Result<JamfServer> JamfServer::read(const quell::Settings& settings) {
    JamfServer server;
    QUELL_TRY(server.base_url, settings.string("base_url"));
    QUELL_TRY(server.path_prefix, settings.string_or("path_prefix", server.path_prefix));
    QUELL_TRY(server.mobile_devices, settings.boolean_or("mobile_devices", true));
    QUELL_TRY(server.keep_cookies, settings.boolean_or("keep_cookies", false));
    if (!server.path_prefix.empty() && !server.path_prefix.starts_with('/'))
        return quell::invalid_argument("path_prefix starts with a slash.");
    if (!settings.has("inventory_version"))
        return server;
    QUELL_TRY(const std::int64_t version, settings.integer("inventory_version"));
    if (version < kOldestInventory || version > kNewestInventory)
        return quell::invalid_argument("inventory_version is 1, 2, 3 or 4.");
    server.inventory_version = static_cast<int>(version);
    return server;
}

std::string JamfServer::path(int version, std::string_view endpoint) const {
    const std::string number = "v" + std::to_string(version);
    std::string path = path_prefix;
    if (const auto place = path.find(kVersion); place != std::string::npos)
        path.replace(place, kVersion.size(), number);
    else
        path += "/" + number;
    return path.append(endpoint);
}

}  // namespace jamf
