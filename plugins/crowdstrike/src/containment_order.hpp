// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <optional>
#include <quell/call.hpp>
#include <quell/device.hpp>
#include <quell/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "falcon_api.hpp"

namespace crowdstrike {

// What apply leaves with poll. There is no action id, the host record is what a poll asks for; the
// two differ so that the host's store takes notice when a host goes offline or comes back.
inline constexpr std::string_view kHostRecord = "host_record";
inline constexpr std::string_view kHostOffline = "host_offline";

// What the host record says about an order: done, under way, or nothing yet (no outcome).
std::optional<quell::DeviceOutcome> outcome_of(const quell::Device& host, quell::Action action,
                                               bool changed);

// One apply: contains hosts or lifts their containment. Lives for one call, on its thread.
// Reads the host records first, sends for those that need it, and reads again whenever the answer
// leaves a host open. Sends again only after an answer 5xx and a record that shows no effect.
class ContainmentOrder {
  public:
    ContainmentOrder(const FalconApi& api, quell::Call& call, quell::Action action)
        : api_(api), call_(call), action_(action) {}

    // An Error once something was sent means that the effect is not known, whatever ended the call: the refusal of a
    // later request says nothing about the first.
    quell::Result<std::vector<quell::DeviceOutcome>> run(const std::vector<std::string>& ids);

  private:
    quell::Result<void> send_until_settled();
    quell::Result<void> handle(const quell::HttpResponse& response);
    quell::Result<void> handle_accepted(const quell::HttpResponse& response);

    quell::Result<std::map<std::string, quell::Device>> read_records() const;
    quell::Result<void> settle_before_sending();
    quell::Result<void> settle_after_sending(bool changed);
    void settle(const std::string& id, quell::DeviceOutcome outcome);
    void fail_open(const quell::Error& error);

    const FalconApi& api_;
    quell::Call& call_;
    quell::Action action_;
    std::map<std::string, std::string> open_;  // id in lower case -> as it was asked for
    std::vector<quell::DeviceOutcome> outcomes_;
    std::string trace_id_;
    int answers_ = 0;  // to acting requests
};

}  // namespace crowdstrike
