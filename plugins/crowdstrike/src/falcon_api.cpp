// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "falcon_api.hpp"

#include <algorithm>
#include <charconv>
#include <quell/json.hpp>
#include <quell/rate_limit.hpp>
#include <quell/url.hpp>
#include <utility>

namespace crowdstrike {
namespace {

using quell::HttpRequest;
using quell::HttpResponse;
using quell::Result;

quell::Error unreadable() {
    return quell::unavailable("CrowdStrike gave an answer that cannot be read.");
}

std::string explanation(int status) {
    switch (status) {
        case 401:
            return "CrowdStrike refuses the API client: check client_id and client_secret.";
        case 403:
            return "CrowdStrike refuses: the API client lacks a scope (Hosts: Read, Hosts: Write).";
        case 404:
            return "CrowdStrike does not know the host.";
        case 409:
            return "CrowdStrike reports a conflict with another action on the host.";
        case 429:
            return "CrowdStrike's rate limit is reached.";
        default:
            return "CrowdStrike answered with HTTP status " + std::to_string(status) + ".";
    }
}

constexpr std::string_view kAddressRefused =
    "CrowdStrike refuses this server's address: it is not on the IP allow list of the API client. "
    "Add it there (Support and resources > API clients and keys); if it is on the list, the client "
    "lacks a scope (Hosts: Read, Hosts: Write).";

// The host fetches the token. Its refusal reaches the plugin as an Error without a status: what the
// provider said stays with the host, and these are its reasons.
Result<HttpResponse> send(const quell::Call& call, const HttpRequest& request) {
    constexpr int kForbidden = 403;
    Result<HttpResponse> response = call.http().send(request);
    if (response || response.error().status != quell::Status::permission_denied)
        return response;
    return quell::http_error(
        kForbidden,
        "CrowdStrike gives the API client no token: its IP allow list lacks "
        "this server's address, or client_id, client_secret or member_cid is wrong.");
}

std::string_view action_name(quell::Action action) {
    return action == quell::Action::network_contain ? "contain" : "lift_containment";
}

}  // namespace

quell::Error FalconApi::refusal(const HttpResponse& response) {
    quell::Error error = quell::http_error(response.status, explanation(response.status));
    if (response.status == 403 && says_address_refused(response.body))
        error.message = kAddressRefused;
    error.retry_after = quell::retry_after(response);
    return error;
}

quell::Error FalconApi::refusal(const FalconError& error) {
    constexpr std::int64_t kFirst = 400;
    constexpr std::int64_t kLast = 599;
    if (error.code < kFirst || error.code > kLast)
        return quell::Error{quell::Status::unknown, "CrowdStrike did not take the order.",
                            std::to_string(error.code)};
    const int status = static_cast<int>(error.code);
    return quell::http_error(status, explanation(status));
}

Result<HttpResponse> FalconApi::get_hosts(quell::Call& call,
                                          const quell::QueryParameters& query) const {
    HttpRequest request;
    request.url = quell::make_url(cloud_.base_url, "/devices/queries/devices/v1", query);
    request.auth = cloud_.auth;
    request.idempotent = true;
    return send(call, request);
}

Result<HttpResponse> FalconApi::post(quell::Call& call, const std::string& url,
                                     const std::vector<std::string>& ids, bool read_only) const {
    HttpRequest request;
    request.method = "POST";
    request.url = url;
    request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    request.body = quell::to_text({{"ids", ids}});
    request.auth = cloud_.auth;
    request.idempotent = read_only;
    return send(call, request);
}

Result<HostIds> FalconApi::query_hosts(quell::Call& call, const std::string& filter,
                                       std::size_t offset, std::size_t limit) const {
    QUELL_TRY(const HttpResponse response, get_hosts(call, {{"filter", filter},
                                                            {"offset", std::to_string(offset)},
                                                            {"limit", std::to_string(limit)}}));
    if (response.status != 200)
        return refusal(response);
    auto found = read_host_ids(response.body);
    if (!found)
        return unreadable();
    return *std::move(found);
}

Result<std::vector<quell::Device>> FalconApi::hosts(quell::Call& call,
                                                    const std::vector<std::string>& ids) const {
    QUELL_TRY(
        const HttpResponse response,
        post(call, quell::make_url(cloud_.base_url, "/devices/entities/devices/v2"), ids, true));
    // The contract has 200 with an error 404 inside; a bare 404 says the same.
    if (response.status == 404)
        return std::vector<quell::Device>{};
    if (response.status != 200)
        return refusal(response);
    auto found = read_hosts(response.body);
    if (!found)
        return unreadable();
    return *std::move(found);
}

Result<std::set<std::string>> FalconApi::offline_hosts(quell::Call& call,
                                                       const std::vector<std::string>& ids) const {
    constexpr std::size_t kMostIds = 100;  // of one request
    std::set<std::string> offline;
    for (std::size_t begin = 0; begin < ids.size(); begin += kMostIds) {
        quell::QueryParameters query;
        for (std::size_t i = begin; i < std::min(ids.size(), begin + kMostIds); ++i)
            query.emplace_back("ids", ids[i]);
        HttpRequest request;
        request.url = quell::make_url(cloud_.base_url, "/devices/entities/online-state/v1", query);
        request.headers = {{"Accept", "application/json"}};
        request.auth = cloud_.auth;
        request.idempotent = true;
        QUELL_TRY(const HttpResponse response, send(call, request));
        if (response.status != 200)
            return refusal(response);
        auto found = read_offline_hosts(response.body);
        if (!found)
            return unreadable();
        offline.merge(*found);
    }
    return offline;
}

Result<HttpResponse> FalconApi::act(quell::Call& call, quell::Action action,
                                    const std::vector<std::string>& ids) const {
    const std::string url = quell::make_url(cloud_.base_url, "/devices/entities/devices-actions/v2",
                                            {{"action_name", std::string(action_name(action))}});
    return post(call, url, ids, false);
}

Result<HttpResponse> FalconApi::probe(quell::Call& call) const {
    return get_hosts(call, {{"limit", "1"}});
}

}  // namespace crowdstrike
