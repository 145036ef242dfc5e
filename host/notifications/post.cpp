// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/post.hpp"

#include "egress/retry_after.hpp"

namespace quell::notifications {
namespace {

constexpr std::chrono::seconds kLongest{10};
constexpr std::size_t kLargest = std::size_t{64} << 10;

Posted refused(std::string why) { return {.failure = {Delivery::End::give_up, std::move(why)}}; }

egress::Reach reach_of(const egress::Url& url, bool allow_insecure_loopback) {
    if (!allow_insecure_loopback) {
        return egress::Reach::public_only;
    }
    return url.is_https() ? egress::Reach::public_or_loopback : egress::Reach::loopback_only;
}

}  // namespace

Posted post(egress::HttpClient& http, const Post& what, const std::stop_token& stop) {
    auto url = egress::Url::parse(what.url);
    if (!url) {
        return refused("The address is none that may be called.");
    }
    if (!url->is_https() && !what.allow_insecure_loopback) {
        return refused("The address is not https.");
    }
    const egress::RequestPolicy policy{.deadline = std::chrono::steady_clock::now() + kLongest,
                                       .max_response_bytes = kLargest,
                                       .reach = reach_of(*url, what.allow_insecure_loopback)};
    egress::HttpRequest request{.method = "POST", .url = *std::move(url), .headers = what.headers, .body = what.body};
    request.headers.push_back({"Content-Type", "application/json"});
    const egress::HttpResult result = http.perform(std::move(request), policy, stop);
    if (!result.response) {
        return {.failure = {Delivery::End::retry, result.response.error()->message}};
    }
    return {.status = result.response->status, .wait = egress::retry_after(*result.response, wall_now())};
}

}  // namespace quell::notifications
