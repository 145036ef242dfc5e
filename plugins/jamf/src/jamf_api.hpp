// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <quell/call.hpp>
#include <quell/device.hpp>
#include <quell/result.hpp>
#include <quell/url.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jamf_documents.hpp"
#include "jamf_server.hpp"
#include "sticky_cookies.hpp"

namespace jamf {

// The requests that the plugin makes. Remembers two things of the server, and nothing of any order:
// the inventory version that it offers and, where asked, its cookies. Safe on any thread.
class JamfApi {
  public:
    explicit JamfApi(JamfServer server);

    bool has_mobile_devices() const { return server_.mobile_devices; }
    int inventory_version() const { return inventory_version_; }

    // One page of the devices that match an RSQL filter.
    quell::Result<InventoryPage> devices(quell::Call& call, DeviceKind kind,
                                         const std::string& filter, int page, int page_size);

    // Commands that match an RSQL filter, newest first, at most 100.
    quell::Result<CommandList> commands(quell::Call& call, const std::string& filter);

    // Queues a lock. Sent once and never repeated: a second lock sets another PIN. A mobile device
    // takes no PIN. Any HTTP status is a value.
    quell::Result<quell::HttpResponse> lock(quell::Call& call, const ManagedDevice& device,
                                            const quell::Lock& lock);

    quell::Result<Privileges> privileges(quell::Call& call);

    // What an answer other than success means. `privilege` is what the request needs.
    static quell::Error refusal(const quell::HttpResponse& response, std::string_view privilege);

  private:
    quell::Result<quell::HttpResponse> computers(quell::Call& call,
                                                 const quell::QueryParameters& query);
    quell::Result<quell::HttpResponse> mobile_devices(quell::Call& call,
                                                      const quell::QueryParameters& query);
    std::vector<int> inventory_versions() const;
    quell::Result<quell::HttpResponse> get(quell::Call& call, std::string_view path,
                                           const quell::QueryParameters& query);
    quell::Result<quell::HttpResponse> send(quell::Call& call, quell::HttpRequest request);

    const JamfServer server_;
    std::atomic<int> inventory_version_;
    StickyCookies cookies_;
};

inline constexpr std::string_view kReadComputers = "Read Computers";
inline constexpr std::string_view kReadMobileDevices = "Read Mobile Devices";
inline constexpr std::string_view kLockComputer = "Send Computer Remote Lock Command";
inline constexpr std::string_view kLockMobileDevice = "Send Mobile Device Remote Lock Command";
inline constexpr std::string_view kViewCommands = "View MDM command information in Jamf Pro API";

constexpr std::string_view lock_privilege(DeviceKind kind) {
    return kind == DeviceKind::computer ? kLockComputer : kLockMobileDevice;
}

}  // namespace jamf
