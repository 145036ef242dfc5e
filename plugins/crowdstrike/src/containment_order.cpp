// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "containment_order.hpp"

#include <algorithm>
#include <chrono>
#include <quell/rate_limit.hpp>
#include <quell/text.hpp>
#include <utility>

namespace crowdstrike {
namespace {

using quell::ContainmentState;
using quell::Device;
using quell::DeviceOutcome;
using quell::Result;

constexpr int kMostSends = 3;
constexpr std::chrono::milliseconds kPollAfter{1000};
constexpr std::chrono::milliseconds kFirstPause{250};

quell::Error effect_unknown() {
    return quell::unavailable("CrowdStrike's answers do not say what became of the order.");
}

}  // namespace

std::optional<DeviceOutcome> outcome_of(const Device& host, quell::Action action, bool changed) {
    const bool contain = action == quell::Action::network_contain;
    const auto goal = contain ? ContainmentState::contained : ContainmentState::normal;
    const auto under_way = contain ? ContainmentState::containing : ContainmentState::releasing;
    if (host.state == goal)
        return quell::confirmed(host.provider_device_id, changed);
    if (host.state == under_way)
        return quell::accepted(host.provider_device_id, std::string(kHostRecord), kPollAfter);
    return std::nullopt;
}

Result<std::vector<DeviceOutcome>> ContainmentOrder::run(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
        if (is_host_id(id))
            open_.emplace(quell::lower_case(id), id);
        else
            outcomes_.push_back(quell::failed(
                id, quell::invalid_argument("A CrowdStrike host id has 32 hex digits.")));
    }
    if (const auto read = settle_before_sending(); !read)
        return read.error();
    if (const auto sent = send_until_settled(); !sent)
        return answers_ == 0 ? sent.error() : effect_unknown();
    return std::move(outcomes_);
}

Result<void> ContainmentOrder::send_until_settled() {
    std::chrono::milliseconds pause = kFirstPause;
    for (int sends = 1; !open_.empty(); ++sends, pause *= 2) {
        std::vector<std::string> ids;
        for (const auto& [id, asked] : open_)
            ids.push_back(id);
        QUELL_TRY(const quell::HttpResponse response, api_.act(call_, action_, ids));
        ++answers_;
        trace_id_ = trace_id(response);
        call_.log().info("containment order sent", {{"trace_id", trace_id_}});
        if (const auto handled = handle(response); !handled)
            return handled;
        if (open_.empty())
            return {};
        const auto wait = std::max(pause, quell::retry_after(response).value_or(pause));
        if (sends == kMostSends || wait >= call_.time_left())
            fail_open(FalconApi::refusal(response));
        else if (const auto slept = call_.clock().sleep(wait); !slept)
            return slept;
    }
    return {};
}

// Leaves open what may be sent again.
Result<void> ContainmentOrder::handle(const quell::HttpResponse& response) {
    if (response.ok())
        return handle_accepted(response);
    // The meaning of 409 is not documented: an action of the same kind may be under way. Then it
    // was not this order that changed the host.
    if (response.status >= 500 || response.status == 409) {
        if (const auto settled = settle_after_sending(response.status != 409); !settled)
            return settled;
    }
    if (response.status >= 500 || open_.empty())
        return {};
    // What is refused now may have been done by the order before it.
    if (answers_ > 1)
        return effect_unknown();
    fail_open(FalconApi::refusal(response));
    return {};
}

// 202 {resources: [{id}], errors: [{code, id}]}: an answer that is a success as a whole may hold
// failures.
Result<void> ContainmentOrder::handle_accepted(const quell::HttpResponse& response) {
    const auto reply = read_action_reply(response.body);
    if (reply) {
        // A host that is in both lists was taken, as far as anybody can tell: its record will say.
        for (const std::string& id : reply->accepted) {
            if (open_.contains(id))
                settle(id, quell::accepted(id, std::string(kHostRecord), kPollAfter));
        }
        for (const FalconError& error : reply->errors) {
            if (open_.contains(error.id))
                settle(error.id, quell::failed(error.id, FalconApi::refusal(error)));
        }
    }
    if (open_.empty())
        return {};
    if (const auto settled = settle_after_sending(true); !settled)
        return settled;
    // An error that names no host is about the request as a whole.
    if (reply && reply->accepted.empty()) {
        const auto whole = std::find_if(reply->errors.begin(), reply->errors.end(),
                                        [](const FalconError& error) { return error.id.empty(); });
        if (whole != reply->errors.end())
            fail_open(FalconApi::refusal(*whole));
    }
    return open_.empty() ? Result<void>{} : effect_unknown();
}

Result<std::map<std::string, Device>> ContainmentOrder::read_records() const {
    std::vector<std::string> ids;
    for (const auto& [id, asked] : open_)
        ids.push_back(id);
    std::map<std::string, Device> records;
    if (ids.empty())
        return records;
    QUELL_TRY(std::vector<Device> hosts, api_.hosts(call_, ids));
    for (Device& host : hosts) {
        std::string id = host.provider_device_id;
        records.emplace(std::move(id), std::move(host));
    }
    return records;
}

Result<void> ContainmentOrder::settle_before_sending() {
    QUELL_TRY(const auto records, read_records());
    const auto asked = open_;
    for (const auto& [id, original] : asked) {
        const auto found = records.find(id);
        if (found == records.end())
            settle(id, quell::failed(id, quell::not_found("CrowdStrike does not know the host.")));
        else if (auto outcome = outcome_of(found->second, action_, false))
            settle(id, *std::move(outcome));
    }
    return {};
}

Result<void> ContainmentOrder::settle_after_sending(bool changed) {
    QUELL_TRY(const auto records, read_records());
    for (const auto& [id, host] : records) {
        auto outcome = outcome_of(host, action_, changed);
        if (outcome && open_.contains(id))
            settle(id, *std::move(outcome));
    }
    return {};
}

void ContainmentOrder::settle(const std::string& id, DeviceOutcome outcome) {
    const auto found = open_.find(id);
    outcome.provider_device_id = found->second;
    if (!trace_id_.empty())
        outcome.metadata.emplace_back("trace_id", trace_id_);
    outcomes_.push_back(std::move(outcome));
    open_.erase(found);
}

void ContainmentOrder::fail_open(const quell::Error& error) {
    const auto asked = open_;
    for (const auto& [id, original] : asked)
        settle(id, quell::failed(id, error));
}

}  // namespace crowdstrike
