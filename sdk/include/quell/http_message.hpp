// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <quell/text.hpp>

namespace quell::inline v1 {

struct HttpHeader {
    std::string name{};
    std::string value{};
};

struct HttpRequest {
    std::string method = "GET";
    std::string url{};  // absolute; see make_url
    std::vector<HttpHeader> headers{};
    std::string body{};
    // A credential profile of the manifest; the host adds the header. Empty: no credentials.
    std::string auth = "default";
    // True if it changes nothing at the provider: the host may then repeat it. Never for an acting
    // request: a lost answer is read back, not sent again.
    bool idempotent = false;
    std::chrono::milliseconds timeout{0};  // 0: what is left of the call's deadline
    std::uint64_t max_response_bytes = 0;  // 0: 8 MiB
};

struct HttpResponse {
    int status = 0;
    std::vector<HttpHeader> headers{};  // names in lower case
    std::string body{};

    bool ok() const { return status >= 200 && status < 300; }

    // The first header of that name, in any case; null if there is none.
    const std::string* header(std::string_view name) const {
        for (const HttpHeader& candidate : headers) {
            if (equal_ignoring_case(candidate.name, name))
                return &candidate.value;
        }
        return nullptr;
    }
};

}  // namespace quell::inline v1
