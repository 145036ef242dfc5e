// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "jamf_api.hpp"

#include <charconv>
#include <quell/json.hpp>
#include <utility>

namespace jamf {
namespace {

using quell::HttpRequest;
using quell::HttpResponse;
using quell::Result;

constexpr std::string_view kCommandsPath = "/api/v2/mdm/commands";

quell::Error unreadable() {
    return quell::unavailable("Jamf Pro gave an answer that cannot be read.");
}

// RFC 9110 10.2.3, the form in seconds. Only the Jamf Platform gateway sends it.
std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response) {
    const std::string* header = response.header("retry-after");
    int seconds = 0;
    if (header == nullptr)
        return std::nullopt;
    const char* end = header->data() + header->size();
    if (std::from_chars(header->data(), end, seconds).ptr != end || seconds < 0)
        return std::nullopt;
    return std::chrono::seconds{seconds};
}

std::string explanation(int status, std::string_view privilege) {
    switch (status) {
        case 400:
            if (privilege == kSendLock)
                return "Jamf Pro refuses the lock: a computer that is not managed cannot be "
                       "locked.";
            break;
        case 401:
            return "Jamf Pro refuses the API client: check client_id and client_secret.";
        case 403:
            return "Jamf Pro refuses: the API role lacks the privilege \"" +
                   std::string(privilege) + "\".";
        case 404:
            return "Jamf Pro does not know the computer.";
        case 429:
            return "Jamf Pro's rate limit is reached.";
        default:
            break;
    }
    return "Jamf Pro answered with HTTP status " + std::to_string(status) + ".";
}

quell::Error no_such_version(std::int64_t version) {
    quell::Error error{quell::Status::failed_precondition,
                       "This Jamf Pro server does not offer version " + std::to_string(version) +
                           " of the computer inventory: set inventory_version to a lower one."};
    error.http_status = 404;
    return error;
}

}  // namespace

quell::Error JamfApi::refusal(const HttpResponse& response, std::string_view privilege) {
    quell::Error error =
        quell::http_error(response.status, explanation(response.status, privilege));
    error.retry_after = retry_after(response);
    return error;
}

Result<HttpResponse> JamfApi::get(quell::Call& call, std::string_view path,
                                  const quell::QueryParameters& query) const {
    HttpRequest request;
    request.url = quell::make_url(base_url_, path, query);
    request.headers = {{"Accept", "application/json"}};
    request.idempotent = true;
    return call.http().send(request);
}

Result<InventoryPage> JamfApi::computers(quell::Call& call, const std::string& filter, int page,
                                         int page_size) const {
    const std::string path = "/api/v" + std::to_string(inventory_version_) + "/computers-inventory";
    QUELL_TRY(const HttpResponse response, get(call, path,
                                               {{"section", "GENERAL"},
                                                {"section", "HARDWARE"},
                                                {"section", "USER_AND_LOCATION"},
                                                {"page", std::to_string(page)},
                                                {"page-size", std::to_string(page_size)},
                                                {"sort", "id:asc"},
                                                {"filter", filter}}));
    // A list is never missing: it is the version that is.
    if (response.status == 404)
        return no_such_version(inventory_version_);
    if (response.status != 200)
        return refusal(response, kReadComputers);
    auto found = read_inventory(response.body);
    if (!found)
        return unreadable();
    return *std::move(found);
}

Result<std::vector<MdmCommand>> JamfApi::commands(quell::Call& call,
                                                  const std::string& filter) const {
    QUELL_TRY(
        const HttpResponse response,
        get(call, kCommandsPath,
            {{"page", "0"}, {"page-size", "100"}, {"sort", "dateSent:desc"}, {"filter", filter}}));
    if (response.status != 200)
        return refusal(response, kViewCommands);
    auto found = read_commands(response.body);
    if (!found)
        return unreadable();
    return *std::move(found);
}

Result<HttpResponse> JamfApi::lock(quell::Call& call, const std::string& management_id,
                                   const quell::Lock& lock) const {
    nlohmann::json command = {{"commandType", "DEVICE_LOCK"}, {"pin", lock.pin}};
    if (lock.message)
        command["message"] = *lock.message;
    const nlohmann::json client = {{"managementId", management_id}};
    HttpRequest request;
    request.method = "POST";
    request.url = quell::make_url(base_url_, kCommandsPath);
    request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    request.body =
        quell::to_text({{"clientData", nlohmann::json::array({client})}, {"commandData", command}});
    return call.http().send(request);
}

Result<Privileges> JamfApi::privileges(quell::Call& call) const {
    QUELL_TRY(const HttpResponse response, get(call, "/api/v1/auth", {}));
    if (response.status != 200)
        return refusal(response, "API access");
    auto found = read_privileges(response.body);
    if (!found)
        return unreadable();
    return *std::move(found);
}

}  // namespace jamf
