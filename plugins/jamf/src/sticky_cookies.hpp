// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <mutex>
#include <quell/http_message.hpp>
#include <string>
#include <string_view>

namespace jamf {

// The cookies by which a Jamf cloud cluster sends a client to the same node again, so that a command
// can be read back right after it was sent. Only the three that Jamf names are kept, whatever the
// server sets. Safe on any thread.
class StickyCookies {
  public:
    // What an answer sets or ends.
    void take(const quell::HttpResponse& response);

    // The value of a Cookie header; empty if there is nothing to send.
    std::string header() const;

  private:
    void take_line(std::string_view line);

    mutable std::mutex mutex_;
    std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace jamf
