// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/openid_providers.hpp"

#include <algorithm>

#include "egress/freshness.hpp"

namespace quell::identity {
namespace {

constexpr std::size_t kMostRemembered = 1024;
constexpr std::chrono::hours kLongest{24};
constexpr std::chrono::minutes kUnsaid{5};
constexpr Throttle::Limit kRefetchLimit{5, std::chrono::minutes(1)};

// Two tenants may have one issuer, and not the same right to reach it.
std::string name_of(const config::OpenIdSettings& settings) {
    return (settings.allow_insecure_loopback ? "loopback " : "") + settings.issuer;
}

Error unavailable(std::string_view what, std::string detail) {
    return Error(Code::unavailable, "openid_provider_unavailable",
                 "The identity provider's " + std::string(what) + " cannot be had now.")
        .next_step("Try again; `quell doctor` looks at the provider.")
        .detail(std::move(detail));
}

Result<egress::HttpRequest> look_at(std::string_view address) {
    TRY(egress::Url url, egress::Url::parse(address));
    return egress::HttpRequest{
        .method = "GET", .url = std::move(url), .headers = {{"Accept", "application/json"}}, .may_repeat = true};
}

}  // namespace

Result<std::string> body_of_provider(Result<egress::HttpResponse> response, std::string_view what) {
    if (!response) {
        return unavailable(what, response.error()->message + " " + response.error()->detail);
    }
    if (response->status != 200) {
        return unavailable(what, "status " + std::to_string(response->status));
    }
    return std::move(response->body);
}

OpenIdProviders::OpenIdProviders(SendToProvider send, Now now)
    : send_(std::move(send)), now_(std::move(now)), refetches_(kRefetchLimit) {}

base::Task<egress::HttpResponse> OpenIdProviders::send(OpenIdClient client, egress::HttpRequest request) {
    co_return co_await send_(std::move(request), client->allow_insecure_loopback);
}

base::Task<OpenIdMetadata> OpenIdProviders::describe(OpenIdClient client) {
    const std::string name = name_of(*client);
    if (auto known = recall(descriptions_, name)) {
        co_return *std::move(known);
    }
    CO_TRY(egress::HttpRequest request, look_at(openid_metadata_address(client->issuer)));
    auto response = co_await send(client, std::move(request));
    CO_TRY(const std::string body, body_of_provider(response, "description"));
    CO_TRY(OpenIdMetadata metadata, read_openid_metadata(*client, body));
    remember(descriptions_, name, metadata, *response);
    co_return metadata;
}

base::Task<OpenIdProviders::Keys> OpenIdProviders::keys(OpenIdClient client, OpenIdMetadata metadata,
                                                        std::string key_id) {
    const std::string name = name_of(*client);
    auto known = recall(keys_, name);
    if (known && ((*known)->may_hold(key_id) || refetches_.attempt(name))) {
        co_return *std::move(known);
    }
    co_return co_await fetch_keys(std::move(client), std::move(metadata));
}

base::Task<OpenIdProviders::Keys> OpenIdProviders::fetch_keys(OpenIdClient client, OpenIdMetadata metadata) {
    egress::HttpRequest request{.method = "GET",
                                .url = metadata.keys_address,
                                .headers = {{"Accept", "application/json"}},
                                .may_repeat = true};
    auto response = co_await send(client, std::move(request));
    CO_TRY(const std::string body, body_of_provider(response, "keys"));
    auto keys = crypto::KeySet::parse_usable(body);
    if (!keys) {
        co_return Error(Code::failed_precondition, "openid_provider_misconfigured",
                        "The identity provider publishes no key that can check a signature.")
            .detail(keys.error()->message);
    }
    auto shared = std::make_shared<const crypto::KeySet>(*std::move(keys));
    remember(keys_, name_of(*client), Keys(shared), *response);
    co_return shared;
}

template <class T>
std::optional<T> OpenIdProviders::recall(const Memory<T>& memory, const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = memory.find(name);
    const bool fresh = found != memory.end() && found->second.fresh_until > now_();
    return fresh ? std::optional<T>(found->second.value) : std::nullopt;
}

template <class T>
void OpenIdProviders::remember(Memory<T>& memory, const std::string& name, T value,
                               const egress::HttpResponse& response) {
    const std::chrono::seconds life =
        std::min<std::chrono::seconds>(egress::freshness(response, now_()).value_or(kUnsaid), kLongest);
    const std::lock_guard lock(mutex_);
    if (memory.size() >= kMostRemembered) {
        memory.clear();
    }
    memory.insert_or_assign(name, Remembered<T>{std::move(value), now_() + life});
}

}  // namespace quell::identity
