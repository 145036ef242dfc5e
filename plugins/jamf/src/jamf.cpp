// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "jamf.hpp"

#include <algorithm>
#include <iterator>
#include <quell/plugin.hpp>
#include <utility>

#include "computer_lookup.hpp"
#include "lock_commands.hpp"

namespace jamf {
namespace {

using quell::Call;
using quell::Device;
using quell::DeviceOutcome;
using quell::Result;

constexpr int kMostComputers = 200;
constexpr int kPageSize = 100;
constexpr std::size_t kPinDigits = 6;  // macOS takes exactly six

bool is_pin(const std::string& text) {
    return text.size() == kPinDigits && std::all_of(text.begin(), text.end(), [](char digit) {
               return digit >= '0' && digit <= '9';
           });
}

quell::Error too_many() {
    return quell::invalid_argument("More than " + std::to_string(kMostComputers) +
                                   " computers match. Use the serial number.");
}

quell::Error cannot_tell(const quell::HttpResponse& response) {
    quell::Error error =
        quell::unavailable("Jamf Pro's answer does not say whether it took the lock.");
    error.http_status = response.status;
    return error;
}

Result<std::vector<Device>> all_pages(const JamfApi& api, Call& call, const std::string& filter) {
    std::vector<Device> computers;
    std::int64_t read = 0;
    for (int page = 0;; ++page) {
        QUELL_TRY(InventoryPage found, api.computers(call, filter, page, kPageSize));
        if (found.total > kMostComputers)
            return too_many();
        read += static_cast<std::int64_t>(found.records);
        std::move(found.computers.begin(), found.computers.end(), std::back_inserter(computers));
        if (read >= found.total)
            return computers;
        // A page that ends early must not pass for the whole: the target set would shrink unseen.
        if (found.records == 0)
            return quell::unavailable("Jamf Pro listed fewer computers than it counted.");
    }
}

quell::HealthCheck privilege_check(std::string name, std::string_view privilege,
                                   const Privileges& granted) {
    const bool has = granted.administrator || granted.names.contains(std::string(privilege));
    const std::string quoted = "\"" + std::string(privilege) + "\"";
    return {std::move(name), has,
            has ? quoted + " is granted." : "The API role lacks the privilege " + quoted + "."};
}

}  // namespace

Result<std::unique_ptr<Jamf>> Jamf::create(const quell::Settings& settings) {
    QUELL_TRY(std::string base_url, settings.string("base_url"));
    QUELL_TRY(const std::int64_t version, settings.integer_or("inventory_version", 4));
    QUELL_TRY(std::string message, settings.string_or("lock_message", ""));
    if (version < 1 || version > 4)
        return quell::invalid_argument("inventory_version is 1, 2, 3 or 4.");
    return std::make_unique<Jamf>(JamfApi(std::move(base_url), version), std::move(message));
}

Result<std::vector<Device>> Jamf::resolve(Call& call, const quell::ResolveRequest& request) {
    QUELL_TRY(const std::string filter, computer_filter(request.lookup));
    QUELL_TRY(std::vector<Device> computers, all_pages(api_, call, filter));
    std::erase_if(computers, [&request](const Device& computer) {
        return !matches(computer, request.lookup);
    });
    return computers;
}

Result<std::vector<DeviceOutcome>> Jamf::apply(Call& call, const quell::ApplyRequest& request) {
    if (request.action != quell::Action::lock_device)
        return quell::Error{quell::Status::unimplemented, "Jamf Pro can only lock a computer."};
    // One PIN locks one computer: the manifest says max_batch 1.
    if (request.device_ids.size() != 1 || !is_uuid(request.device_ids.front()))
        return quell::invalid_argument("A lock is ordered for one management id.");
    if (!request.lock || !is_pin(request.lock->pin))
        return quell::invalid_argument("A lock needs a PIN of six digits.");
    QUELL_TRY(DeviceOutcome outcome, lock(call, request.device_ids.front(), *request.lock));
    return std::vector<DeviceOutcome>{std::move(outcome)};
}

Result<DeviceOutcome> Jamf::lock(Call& call, const std::string& management_id,
                                 quell::Lock lock) const {
    const quell::Time since = call.clock().now();
    if (!lock.message && !lock_message_.empty())
        lock.message = lock_message_;
    QUELL_TRY(const quell::HttpResponse response, api_.lock(call, management_id, lock));
    if (response.status >= 400 && response.status < 500)
        return quell::failed(management_id, JamfApi::refusal(response, kSendLock));
    if (const auto id = read_queued_command(response.body); response.status == 201 && id) {
        DeviceOutcome outcome = quell::accepted(management_id, *id);
        outcome.metadata = {{"command_uuid", *id}};
        return outcome;
    }
    // The lock may have been queued all the same. If it was, it stands in the list of commands; if
    // it is not there yet, nobody can tell, and the host asks again.
    QUELL_TRY(const auto found, LockCommands(api_, call).newest(management_id, since));
    if (!found)
        return cannot_tell(response);
    DeviceOutcome outcome = LockCommands::outcome(*found);
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

Result<DeviceOutcome> Jamf::read_back(Call& call, const quell::PollTarget& target) const {
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
                                privilege_check("send_lock", kSendLock, *granted),
                                privilege_check("view_commands", kViewCommands, *granted)}};
    const auto page = api_.computers(call, "id==0", 0, 1);
    report.checks.push_back({"inventory", static_cast<bool>(page),
                             page ? "The computer inventory can be read." : page.error().message});
    return report;
}

}  // namespace jamf

QUELL_EXPORT_PLUGIN(jamf::Jamf)
