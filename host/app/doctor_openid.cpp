// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// The tenants' OpenID providers (V89+): what a sign-in will need of them.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "app/doctor.hpp"
#include "identity/openid_exchange.hpp"
#include "identity/openid_providers.hpp"
#include "identity/openid_sign_in.hpp"

namespace quell::app {
namespace {

constexpr std::chrono::seconds kAskFor{10};

// On this thread, for as long as it takes.
base::Task<egress::HttpResponse> ask(egress::HttpClient& client, egress::HttpRequest request, bool loopback) {
    const egress::Reach reach = request.url.is_https() ? egress::Reach::public_or_loopback : egress::Reach::loopback_only;
    const egress::RequestPolicy policy{.deadline = std::chrono::steady_clock::now() + kAskFor,
                                       .max_response_bytes = 64 * 1024,
                                       .reach = loopback ? reach : egress::Reach::public_only};
    if (!request.url.is_https() && !loopback) {
        co_return invalid_arguments("The address must be https.");
    }
    co_return client.perform(std::move(request), policy, {}).response;
}

base::Task<void> look(identity::OpenIdProviders& providers, identity::OpenIdClient client) {
    CO_TRY(identity::OpenIdMetadata metadata, co_await providers.describe(client));
    const std::string any_key;
    CO_TRY_VOID(co_await providers.keys(client, std::move(metadata), any_key));
    co_return Result<void>();
}

Result<void> examine_provider(Services& services, identity::OpenIdClient client) {
    TRY_VOID(identity::check_openid_credential(*client));
    identity::OpenIdProviders providers([&services](egress::HttpRequest request, bool loopback) {
        return ask(services.http, std::move(request), loopback);
    });
    boost::asio::io_context context;
    Result<void> outcome = internal_error("the examination did not end");
    boost::asio::co_spawn(context, look(providers, std::move(client)), [&](std::exception_ptr failure, Result<void> found) {
        if (!failure) {
            outcome = std::move(found);
        }
    });
    context.run();
    return outcome;
}

json::Object row_of(const TenantId& tenant, const std::string& issuer, const std::string& redirect_uri,
                    const Result<void>& found) {
    json::Object row = {{"tenant", tenant.str()},
                        {"issuer", issuer},
                        {"redirect_uri", redirect_uri},
                        {"ok", found.has_value()},
                        {"message", nullptr},
                        {"next_step", nullptr}};
    if (!found) {
        const Error& error = found.error();
        row["message"] = error->message + (error->detail.empty() ? "" : " (" + error->detail + ")");
        row["next_step"] = error->next_step.empty()
                               ? "Compare [openid] of tenants/" + tenant.str() + ".toml with the provider's console."
                               : error->next_step;
    }
    return row;
}

}  // namespace

json::Array examine_providers(Services& services, const TenantId& tenant) {
    const auto deployment = services.deployment();
    json::Array rows;
    for (const auto& [id, settings] : deployment->settings.tenants) {
        if (!settings.openid || !(tenant.empty() || id == tenant)) {
            continue;
        }
        const identity::OpenIdClient client(deployment, &*settings.openid);
        rows.push_back(row_of(id, client->issuer, identity::openid_redirect_uri(deployment->settings.server.public_url, id),
                              examine_provider(services, client)));
    }
    return rows;
}

}  // namespace quell::app
