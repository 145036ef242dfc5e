// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "jamf_api.hpp"

#include <quell/json.hpp>
#include <quell/rate_limit.hpp>
#include <utility>

namespace jamf {
namespace {

using quell::HttpRequest;
using quell::HttpResponse;
using quell::Result;

constexpr int kNewestInventory = 4;
constexpr int kCommandsVersion = 2;
constexpr std::string_view kCommands = "/mdm/commands";

quell::Error unreadable() {
    return quell::unavailable("Jamf Pro gave an answer that cannot be read.");
}

std::string explanation(int status, std::string_view privilege) {
    switch (status) {
        case 400:
            if (privilege == kLockComputer || privilege == kLockMobileDevice)
                return "Jamf Pro refuses the lock: a device that is not managed, or a Mac under "
                       "user enrolment, cannot be locked.";
            break;
        case 401:
            return "Jamf Pro refuses the API client: check client_id and client_secret.";
        case 403:
            return "Jamf Pro refuses: the API role lacks the privilege \"" +
                   std::string(privilege) + "\"." +
                   (privilege == kReadMobileDevices
                        ? " Grant it, or set mobile_devices = false to look for computers only."
                        : "");
        case 404:
            return "Jamf Pro does not know the device.";
        case 429:
            return "Jamf Pro's rate limit is reached.";
        default:
            break;
    }
    return "Jamf Pro answered with HTTP status " + std::to_string(status) + ".";
}

quell::Error no_inventory(std::optional<int> version) {
    quell::Error error{
        quell::Status::failed_precondition,
        version ? "This Jamf Pro server does not offer version " + std::to_string(*version) +
                      " of the computer inventory: leave inventory_version out, so that the "
                      "connector takes the newest that there is."
                : "This server offers no computer inventory of Jamf Pro: check base_url and "
                  "path_prefix."};
    error.http_status = 404;
    return error;
}

}  // namespace

quell::Error JamfApi::refusal(const HttpResponse& response, std::string_view privilege) {
    quell::Error error =
        quell::http_error(response.status, explanation(response.status, privilege));
    error.retry_after = quell::retry_after(response);
    return error;
}

JamfApi::JamfApi(JamfServer server)
    : server_(std::move(server)),
      inventory_version_(server_.inventory_version.value_or(kNewestInventory)) {}

Result<HttpResponse> JamfApi::send(quell::Call& call, HttpRequest request) {
    if (!server_.keep_cookies)
        return call.http().send(request);
    if (std::string cookies = cookies_.header(); !cookies.empty())
        request.headers.push_back({"Cookie", std::move(cookies)});
    Result<HttpResponse> response = call.http().send(request);
    if (response)
        cookies_.take(*response);
    return response;
}

Result<HttpResponse> JamfApi::get(quell::Call& call, std::string_view path,
                                  const quell::QueryParameters& query) {
    HttpRequest request;
    request.url = quell::make_url(server_.base_url, path, query);
    request.headers = {{"Accept", "application/json"}};
    request.idempotent = true;
    return send(call, std::move(request));
}

// The remembered one first. After an upgrade it may be gone, so the others follow, newest first.
std::vector<int> JamfApi::inventory_versions() const {
    std::vector<int> versions{inventory_version_};
    for (int version = kNewestInventory; version > 0 && !server_.inventory_version; --version) {
        if (version != versions.front())
            versions.push_back(version);
    }
    return versions;
}

Result<HttpResponse> JamfApi::computers(quell::Call& call, const quell::QueryParameters& query) {
    for (const int version : inventory_versions()) {
        QUELL_TRY(HttpResponse response,
                  get(call, server_.path(version, "/computers-inventory"), query));
        // A list is never missing: it is the version that is.
        if (response.status == 404)
            continue;
        if (response.status == 200)
            inventory_version_ = version;
        return response;
    }
    return no_inventory(server_.inventory_version);
}

Result<HttpResponse> JamfApi::mobile_devices(quell::Call& call,
                                             const quell::QueryParameters& query) {
    QUELL_TRY(HttpResponse response,
              get(call, server_.path(2, "/mobile-devices/detail"), query));
    // A server without this search can lock no mobile device through us, and has none to offer.
    if (response.status == 404)
        return HttpResponse{200, {}, R"({"totalCount":0,"results":[]})"};
    return response;
}

Result<InventoryPage> JamfApi::devices(quell::Call& call, DeviceKind kind,
                                       const std::string& filter, int page, int page_size) {
    const bool computer = kind == DeviceKind::computer;
    const quell::QueryParameters query = {{"section", "GENERAL"},
                                          {"section", "HARDWARE"},
                                          {"section", "USER_AND_LOCATION"},
                                          {"page", std::to_string(page)},
                                          {"page-size", std::to_string(page_size)},
                                          {"sort", computer ? "id:asc" : "mobileDeviceId:asc"},
                                          {"filter", filter}};
    QUELL_TRY(const HttpResponse response,
              computer ? computers(call, query) : mobile_devices(call, query));
    if (response.status != 200)
        return refusal(response, computer ? kReadComputers : kReadMobileDevices);
    auto found = read_inventory(response.body, kind);
    if (!found)
        return unreadable();
    return *std::move(found);
}

Result<CommandList> JamfApi::commands(quell::Call& call, const std::string& filter) {
    QUELL_TRY(
        const HttpResponse response,
        get(call, server_.path(kCommandsVersion, kCommands),
            {{"page", "0"}, {"page-size", "100"}, {"sort", "dateSent:desc"}, {"filter", filter}}));
    if (response.status != 200)
        return refusal(response, kViewCommands);
    auto found = read_commands(response.body);
    if (!found)
        return unreadable();
    const std::string* date = response.header("date");
    return CommandList{*std::move(found), date ? quell::parse_http_date(*date) : std::nullopt};
}

Result<HttpResponse> JamfApi::lock(quell::Call& call, const ManagedDevice& device,
                                   const quell::Lock& lock) {
    nlohmann::json command = {{"commandType", "DEVICE_LOCK"}};
    if (device.kind == DeviceKind::computer)
        command["pin"] = lock.pin;
    if (lock.message)
        command["message"] = *lock.message;
    const nlohmann::json client = {{"managementId", device.device.provider_device_id}};
    HttpRequest request;
    request.method = "POST";
    request.url =
        quell::make_url(server_.base_url, server_.path(kCommandsVersion, kCommands));
    request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    request.body =
        quell::to_text({{"clientData", nlohmann::json::array({client})}, {"commandData", command}});
    return send(call, std::move(request));
}

Result<Privileges> JamfApi::privileges(quell::Call& call) {
    QUELL_TRY(const HttpResponse response, get(call, server_.path(1, "/auth"), {}));
    if (response.status != 200)
        return refusal(response, "API access");
    auto found = read_privileges(response.body);
    if (!found)
        return unreadable();
    return *std::move(found);
}

}  // namespace jamf
