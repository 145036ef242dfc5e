// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "falcon.hpp"

#include <algorithm>
#include <quell/plugin.hpp>
#include <utility>

#include "containment_order.hpp"
#include "host_lookup.hpp"
#include "host_pages.hpp"

namespace crowdstrike {
namespace {

using quell::Call;
using quell::Device;
using quell::DeviceOutcome;
using quell::Result;

DeviceOutcome polled(const quell::PollTarget& target, const std::vector<Device>& hosts,
                     quell::Action action) {
    const auto host = std::find_if(hosts.begin(), hosts.end(), [&target](const Device& candidate) {
        return quell::equal_ignoring_case(candidate.provider_device_id, target.provider_device_id);
    });
    if (host == hosts.end())
        return quell::failed(target.provider_device_id,
                             quell::not_found("CrowdStrike does not know the host any more."));
    if (auto outcome = outcome_of(*host, action, true)) {
        outcome->provider_device_id = target.provider_device_id;
        return *std::move(outcome);
    }
    // The record may lag behind an order that was taken; one whose answer was lost left no trace.
    if (target.continuation)
        return quell::accepted(target.provider_device_id, std::string(kHostRecord));
    return quell::failed(target.provider_device_id,
                         quell::not_found("The host record shows no effect of the order."));
}

// An order for a host that is offline waits for it: the caller is told, and again when it is back.
// Without `offline` nothing is known, and what was told before stands.
void tell_online_state(DeviceOutcome& outcome, const quell::PollTarget& target,
                       const std::optional<std::set<std::string>>& offline) {
    const bool open = outcome.state == quell::OutcomeState::accepted;
    if (open && !offline) {
        outcome.continuation = target.continuation.value_or(std::string(kHostRecord));
        return;
    }
    const bool waits = open && offline->contains(quell::lower_case(outcome.provider_device_id));
    const bool waited = target.continuation == kHostOffline;
    if (!waits && !waited)
        return;
    outcome.metadata.emplace_back("online_state", std::string(waits ? "offline" : "online"));
    outcome.metadata.emplace_back("waits_for_host", waits);
    if (waits) {
        outcome.continuation = std::string(kHostOffline);
        outcome.poll_after.reset();  // it may take days
    }
}

quell::HealthCheck hosts_read(const Result<quell::HttpResponse>& response) {
    quell::HealthCheck check{"hosts_read"};
    if (!response) {
        check.message = "CrowdStrike cannot be reached: " + response.error().message;
        return check;
    }
    check.ok = response->status == 200;
    check.message = check.ok ? "Hosts: Read is granted. Hosts: Write shows only when a host is "
                               "contained."
                             : FalconApi::refusal(*response).message;
    return check;
}

}  // namespace

Result<std::unique_ptr<Falcon>> Falcon::create(const quell::Settings& settings) {
    QUELL_TRY(FalconCloud cloud, read_cloud(settings));
    return std::make_unique<Falcon>(FalconApi(std::move(cloud)));
}

Result<std::vector<std::string>> Falcon::find_ids(Call& call, const quell::Lookup& lookup) const {
    if (lookup.type == quell::LookupType::user_email)
        return quell::Error{quell::Status::unimplemented,
                            "CrowdStrike cannot find hosts by e-mail address."};
    if (lookup.type == quell::LookupType::provider_device_id) {
        if (!is_host_id(lookup.value))
            return quell::invalid_argument("A CrowdStrike host id has 32 hex digits.");
        return std::vector<std::string>{quell::lower_case(lookup.value)};
    }
    QUELL_TRY(const std::string filter, host_filter(lookup));
    return query_all_hosts(api_, call, filter);
}

Result<std::vector<Device>> Falcon::resolve(Call& call, const quell::ResolveRequest& request) {
    QUELL_TRY(const std::vector<std::string> ids, find_ids(call, request.lookup));
    if (ids.empty())
        return std::vector<Device>{};
    QUELL_TRY(std::vector<Device> hosts, api_.hosts(call, ids));
    std::erase_if(hosts, [&request](const Device& host) { return !matches(host, request.lookup); });
    return hosts;
}

Result<std::vector<DeviceOutcome>> Falcon::apply(Call& call, const quell::ApplyRequest& request) {
    if (request.action == quell::Action::lock_device)
        return quell::Error{quell::Status::unimplemented, "CrowdStrike cannot lock a device."};
    return ContainmentOrder(api_, call, request.action).run(request.device_ids);
}

Result<std::vector<DeviceOutcome>> Falcon::poll(Call& call, const quell::PollRequest& request) {
    std::vector<std::string> ids;
    for (const quell::PollTarget& target : request.devices) {
        if (!is_host_id(target.provider_device_id))
            return quell::invalid_argument("A CrowdStrike host id has 32 hex digits.");
        ids.push_back(target.provider_device_id);
    }
    QUELL_TRY(const std::vector<Device> hosts, api_.hosts(call, ids));
    std::vector<DeviceOutcome> outcomes;
    for (const quell::PollTarget& target : request.devices)
        outcomes.push_back(polled(target, hosts, request.action));
    const auto offline = offline_among(call, outcomes);
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        tell_online_state(outcomes[i], request.devices[i], offline);
    return outcomes;
}

// Asked only for hosts whose order is under way. Not knowing is no failure of the poll.
std::optional<std::set<std::string>> Falcon::offline_among(
    Call& call, const std::vector<DeviceOutcome>& outcomes) const {
    std::vector<std::string> ids;
    for (const DeviceOutcome& outcome : outcomes) {
        if (outcome.state == quell::OutcomeState::accepted)
            ids.push_back(outcome.provider_device_id);
    }
    if (ids.empty())
        return std::set<std::string>{};
    auto offline = api_.offline_hosts(call, ids);
    return offline ? std::optional(*std::move(offline)) : std::nullopt;
}

Result<quell::HealthReport> Falcon::check(Call& call) {
    const auto response = api_.probe(call);
    return quell::HealthReport{{hosts_read(response)}};
}

}  // namespace crowdstrike

QUELL_EXPORT_PLUGIN(crowdstrike::Falcon)
