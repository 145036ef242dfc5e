// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "json/value.hpp"

namespace quell::app {

// The provider simulators of `quell dev`, one child process. It ends with its standard input, so it never outlives
// this process, however that ends.
class Simulators {
  public:
    // Starts `directory`/simulators.py and waits at most 15 s for its ready file in `scratch`. What people do in Slack is told
    // to `slack_request_url`.
    static Result<Simulators> start(const std::filesystem::path& directory, const std::filesystem::path& scratch,
                                    const json::Object& okta_public_jwk, const std::string& slack_request_url);
    Simulators(Simulators&& other) noexcept;
    Simulators& operator=(Simulators&&) = delete;
    ~Simulators();

    // {"jamf": {"base_url", "control_url", "client_id", "client_secret"}, ...}
    const json::Object& ready() const { return ready_; }

  private:
    Simulators(pid_t child, int lifeline) : child_(child), lifeline_(lifeline) {}
    bool has_ended() const;

    pid_t child_;
    int lifeline_;  // write end of the child's standard input
    json::Object ready_;
};

}  // namespace quell::app
