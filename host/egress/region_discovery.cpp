// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "egress/region_discovery.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"

namespace quell::egress {
namespace {

Error unknown_region(const Regions& regions, std::string_view connector) {
    std::vector<std::string> names;
    for (const auto& [name, cloud] : regions.clouds) {
        names.push_back(name);
    }
    return Error(Code::failed_precondition, "connector_misconfigured",
                 fmt::format("The provider did not say in which of its regions the client of connector \"{}\" is.",
                             connector))
        .allowed(std::move(names))
        .next_step("Name the region in the connector's settings.");
}

}  // namespace

Result<const Url*> home_of(const HttpResponse& answer, const Regions& regions, std::string_view connector) {
    const auto header = std::ranges::find(answer.headers, regions.header, &Header::name);
    const auto cloud =
        header == answer.headers.end() ? regions.clouds.end() : regions.clouds.find(header->value);
    if (cloud == regions.clouds.end()) {
        return unknown_region(regions, connector);
    }
    return &cloud->second;
}

Result<HttpRequest> revocation_request(const TokenGrant& grant, const Url& home, const SecretString& token) {
    const auto& secret = std::get<SecretString>(grant.proof);
    const SecretString pair(fmt::format("{}:{}", grant.client_id, secret.reveal()));
    TRY(Url url, Url::parse(fmt::format("https://revoke{}", grant.regions->revoke_path)));
    TRY(url, url.at(home));
    return HttpRequest{.method = "POST",
                       .url = std::move(url),
                       .headers = {{"Authorization", "Basic " + to_base64(pair.reveal())},
                                   {"Content-Type", "application/x-www-form-urlencoded"},
                                   {"Accept", "application/json"}},
                       .body = "token=" + percent_encode(token.reveal()),
                       .may_repeat = true};
}

}  // namespace quell::egress
