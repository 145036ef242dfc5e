// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <nlohmann/json.hpp>
#include <quell/call.hpp>
#include <quell/result.hpp>
#include <quell/url.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace slack {

// An answer with `"ok": true`, and the scopes that the token has.
struct Answer {
    nlohmann::json document{};
    std::vector<std::string> scopes{};
};

// The requests that the plugin makes. Holds no state but the address: safe on any thread.
class SlackApi {
  public:
    explicit SlackApi(std::string base_url) : base_url_(std::move(base_url)) {}

    // A method that reads: `auth` is a credential profile of the manifest.
    quell::Result<Answer> read(quell::Call& call, std::string_view method,
                               const quell::QueryParameters& query) const;
    // auth.test, which Slack takes by POST alone.
    quell::Result<Answer> test_token(quell::Call& call, std::string_view auth) const;
    // A method that acts, sent once: an Error without provider_code and HTTP status means that its
    // effect is not known.
    quell::Result<Answer> act(quell::Call& call, std::string_view method, const nlohmann::json& body,
                              std::string_view auth = "default") const;

  private:
    std::string base_url_;
};

}  // namespace slack
