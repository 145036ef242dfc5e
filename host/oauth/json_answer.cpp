// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "oauth/json_answer.hpp"

#include "base/log.hpp"
#include "json/serialize.hpp"

namespace quell::oauth {

http::Response json_answer(unsigned status, const json::Object& document) {
    http::Response response = http::json(status, json::serialize(document));
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("Pragma", "no-cache");
    return response;
}

http::Response refused(const http::Request& request, const OAuthError& error) {
    const ErrorProperties& known = properties(error.code);
    log::info("oauth_refused", {{"path", request.path},
                                {"error", known.wire},
                                {"reason", error.description},
                                {"peer", request.peer}});
    http::Response response =
        json_answer(known.status, {{"error", known.wire}, {"error_description", error.description}});
    if (known.status == 401) {
        response.headers.emplace_back("WWW-Authenticate", R"(Basic realm="oauth")");
    }
    if (error.retry_after) {
        response.headers.emplace_back("Retry-After", std::to_string(error.retry_after->count()));
    }
    return response;
}

}  // namespace quell::oauth
