// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "jamf.hpp"

#include <algorithm>
#include <quell/plugin.hpp>
#include <utility>

#include "device_lookup.hpp"
#include "device_search.hpp"
#include "lock_commands.hpp"

namespace jamf {
namespace {

using quell::Action;
using quell::Call;
using quell::Device;
using quell::DeviceOutcome;
using quell::Result;

constexpr std::size_t kPinDigits = 6;  // macOS takes exactly six

bool is_pin(const std::string& text) {
    return text.size() == kPinDigits && std::all_of(text.begin(), text.end(), [](char digit) {
               return digit >= '0' && digit <= '9';
           });
}

quell::Error cannot_tell(const quell::HttpResponse& response) {
    quell::Error error =
        quell::unavailable("Jamf Pro's answer does not say whether it took the lock.");
    error.http_status = response.status;
    return error;
}

// The server may have taken the order although it answers so; 408 (RFC 9110 15.5.9) can come from
// something in front of it.
bool surely_refused(const quell::HttpResponse& response) {
    return response.status >= 400 && response.status < 500 && response.status != 408;
}

quell::HealthCheck privilege_check(std::string name, std::string_view privilege,
                                   const Privileges& granted) {
    const bool has = granted.administrator || granted.names.contains(std::string(privilege));
    const std::string quoted = "\"" + std::string(privilege) + "\"";
    return {std::move(name), has,
            has ? quoted + " is granted."
                : "The API role lacks the privilege " + quoted +
                      ": add it in Settings > System > API roles and clients."};
}

}  // namespace

Result<std::unique_ptr<Jamf>> Jamf::create(const quell::Settings& settings) {
    QUELL_TRY(JamfServer server, JamfServer::read(settings));
    QUELL_TRY(std::string message, settings.string_or("lock_message", ""));
    return std::make_unique<Jamf>(std::move(server), std::move(message));
}

Result<std::vector<Device>> Jamf::resolve(Call& call, const quell::ResolveRequest& request) {
    // For an EDR that is asked next: it acts on computers.
    const bool to_lock = request.action.value_or(Action::lock_device) == Action::lock_device;
    QUELL_TRY(auto found, DeviceSearch(api_, call).find(request.lookup, !to_lock));
    std::vector<Device> devices;
    std::optional<quell::Error> refusal;
    for (ManagedDevice& candidate : found) {
        // Without a management id there is nothing that apply could be asked for.
        if (candidate.device.provider_device_id.empty())
            refusal = why_not_lockable(candidate);
        else
            devices.push_back(std::move(candidate.device));
    }
    if (devices.empty() && to_lock && refusal)
        return *std::move(refusal);
    return devices;
}

Result<std::vector<DeviceOutcome>> Jamf::apply(Call& call, const quell::ApplyRequest& request) {
    if (request.action != Action::lock_device)
        return quell::Error{quell::Status::unimplemented, "Jamf Pro can only lock a device."};
    // One PIN locks one computer: the manifest says max_batch 1.
    if (request.device_ids.size() != 1 || !is_uuid(request.device_ids.front()))
        return quell::invalid_argument("A lock is ordered for one management id.");
    if (!request.lock || !is_pin(request.lock->pin))
        return quell::invalid_argument("A lock needs a PIN of six digits.");
    QUELL_TRY(DeviceOutcome outcome, order(call, request.device_ids.front(), *request.lock));
    return std::vector<DeviceOutcome>{std::move(outcome)};
}

// What the device is decides what a lock looks like and whether it can have one, so it is read
// first. Whatever fails up to here has surely not been sent.
Result<DeviceOutcome> Jamf::order(Call& call, const std::string& management_id, quell::Lock lock) {
    const auto device = DeviceSearch(api_, call).by_management_id(management_id);
    if (!device)
        return quell::failed(management_id, device.error());
    if (!*device)
        return quell::failed(management_id,
                             quell::not_found("Jamf Pro does not know the device any more."));
    if (auto refusal = why_not_lockable(**device))
        return quell::failed(management_id, *std::move(refusal));
    if (!lock.message && !lock_message_.empty())
        lock.message = lock_message_;
    return this->lock(call, **device, lock);
}

Result<DeviceOutcome> Jamf::lock(Call& call, const ManagedDevice& device, const quell::Lock& lock) {
    const std::string& management_id = device.device.provider_device_id;
    const quell::Time since = call.clock().now();
    QUELL_TRY(const quell::HttpResponse response, api_.lock(call, device, lock));
    if (surely_refused(response))
        return quell::failed(management_id,
                             JamfApi::refusal(response, lock_privilege(device.kind)));
    if (const auto id = read_queued_command(response.body); response.status == 201 && id) {
        DeviceOutcome outcome = quell::accepted(management_id, *id);
        outcome.metadata = {{"command_uuid", *id}};
        if (device.kind == DeviceKind::mobile_device)
            outcome.metadata.push_back(LockCommands::kNoPin);
        return outcome;
    }
    // The lock may have been queued all the same. If it was, it stands in the list of commands; if
    // it is not there yet, or the list is refused, nobody can tell, and the host asks again. A refusal of
    // the list says nothing about the lock.
    const auto found = LockCommands(api_, call).newest(management_id, since);
    if (!found || !*found)
        return cannot_tell(response);
    DeviceOutcome outcome = LockCommands::outcome(**found);
    outcome.provider_device_id = management_id;
    return outcome;
}

Result<std::vector<DeviceOutcome>> Jamf::poll(Call& call, const quell::PollRequest& request) {
    std::vector<DeviceOutcome> outcomes;
    for (const quell::PollTarget& target : request.devices) {
        if (!is_uuid(target.provider_device_id))
            return quell::invalid_argument("A Jamf management id is a UUID.");
        QUELL_TRY(DeviceOutcome outcome, read_back(call, target));
        outcome.provider_device_id = target.provider_device_id;
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

Result<DeviceOutcome> Jamf::read_back(Call& call, const quell::PollTarget& target) {
    const LockCommands commands(api_, call);
    std::optional<MdmCommand> found;
    if (target.continuation) {
        QUELL_TRY(found, commands.by_id(*target.continuation, target.provider_device_id));
    }
    if (!found) {
        QUELL_TRY(found, commands.newest(target.provider_device_id, target.since));
    }
    if (found)
        return LockCommands::outcome(*found);
    // The list may lag behind a lock that was taken; one whose answer was lost left no trace.
    if (target.continuation)
        return quell::accepted(target.provider_device_id, *target.continuation);
    return quell::failed(target.provider_device_id,
                         quell::not_found("Jamf Pro has no lock command since the order."));
}

Result<quell::HealthReport> Jamf::check(Call& call) {
    const auto granted = api_.privileges(call);
    if (!granted)
        return quell::HealthReport{{{"credentials", false, granted.error().message}}};
    quell::HealthReport report{{{"credentials", true, "Jamf Pro accepts the API client."},
                                privilege_check("read_computers", kReadComputers, *granted),
                                privilege_check("send_lock", kLockComputer, *granted),
                                privilege_check("view_commands", kViewCommands, *granted)}};
    if (api_.has_mobile_devices()) {
        report.checks.push_back(
            privilege_check("read_mobile_devices", kReadMobileDevices, *granted));
        report.checks.push_back(privilege_check("send_mobile_lock", kLockMobileDevice, *granted));
    }
    report.checks.push_back(inventory_check(call));
    return report;
}

quell::HealthCheck Jamf::inventory_check(Call& call) {
    const auto page = api_.devices(call, DeviceKind::computer, "id==0", 0, 1);
    if (!page)
        return {"inventory", false, page.error().message};
    return {"inventory", true,
            "The computer inventory can be read, version " +
                std::to_string(api_.inventory_version()) + " of its API."};
}

}  // namespace jamf

QUELL_EXPORT_PLUGIN(jamf::Jamf)
