// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/call.hpp>
#include <quell/device.hpp>
#include <quell/result.hpp>
#include <quell/url.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "jamf_documents.hpp"

namespace jamf {

// The requests that the plugin makes. Holds no state but the address: safe on any thread.
class JamfApi {
  public:
    JamfApi(std::string base_url, std::int64_t inventory_version)
        : base_url_(std::move(base_url)), inventory_version_(inventory_version) {}

    // One page of the computers that match an RSQL filter.
    quell::Result<InventoryPage> computers(quell::Call& call, const std::string& filter, int page,
                                           int page_size) const;

    // Commands that match an RSQL filter, newest first, at most 100.
    quell::Result<std::vector<MdmCommand>> commands(quell::Call& call,
                                                    const std::string& filter) const;

    // Queues a lock. Sent once and never repeated: a second lock sets another PIN. Any HTTP status
    // is a value.
    quell::Result<quell::HttpResponse> lock(quell::Call& call, const std::string& management_id,
                                            const quell::Lock& lock) const;

    quell::Result<Privileges> privileges(quell::Call& call) const;

    // What an answer other than success means. `privilege` is what the request needs.
    static quell::Error refusal(const quell::HttpResponse& response, std::string_view privilege);

  private:
    quell::Result<quell::HttpResponse> get(quell::Call& call, std::string_view path,
                                           const quell::QueryParameters& query) const;

    std::string base_url_;
    std::int64_t inventory_version_;
};

inline constexpr std::string_view kReadComputers = "Read Computers";
inline constexpr std::string_view kSendLock = "Send Computer Remote Lock Command";
inline constexpr std::string_view kViewCommands = "View MDM command information in Jamf Pro API";

}  // namespace jamf
