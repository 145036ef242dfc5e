// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/presented_credential.hpp"

#include <strings.h>

namespace quell::identity {
namespace {

using Kind = PresentedCredential::Kind;

// What follows the scheme and blanks; empty if the scheme is another.
std::string_view after_scheme(std::string_view authorization, std::string_view scheme) {
    if (authorization.size() < scheme.size() ||
        strncasecmp(authorization.data(), scheme.data(), scheme.size()) != 0) {
        return {};
    }
    authorization.remove_prefix(scheme.size());
    authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
    return authorization;
}

PresentedCredential from_authorization(std::string_view authorization) {
    if (const std::string_view token = bearer_token(authorization); !token.empty()) {
        return {Kind::token, token};
    }
    if (const std::string_view key = after_scheme(authorization, "key "); !key.empty()) {
        return {Kind::key, key};
    }
    return {};
}

}  // namespace

std::string_view bearer_token(std::string_view authorization) {
    return after_scheme(authorization, "bearer ");
}

PresentedCredential presented_credential(const http::Request& request, const std::vector<std::string>& aliases) {
    std::size_t count = request.count("Authorization");
    PresentedCredential found = from_authorization(request.find("Authorization"));
    const auto look_at = [&](std::string_view name) {
        if (const std::string_view key = request.find(name); !key.empty()) {
            found = {Kind::key, key};
        }
        count += request.count(name);
    };
    look_at(kKeyHeader);
    for (const std::string& alias : aliases) {
        look_at(alias);
    }
    return count == 1 ? found : PresentedCredential{};
}

}  // namespace quell::identity
