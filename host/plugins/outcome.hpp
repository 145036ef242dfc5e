// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace quell::plugins {

// quell_error, copied out of the plugin's hands.
struct Failure {
    Code status = Code::internal;
    std::string message{};
    std::string provider_code{};
    std::int64_t retry_after_ms = -1;
    int http_status = 0;
};

// A status as a plugin gives it; what is none of the canonical codes, or OK, is `internal`.
Code read_status(std::int32_t status);

// How a plugin's method ended, before its reply is looked at.
struct Outcome {
    enum class Kind {
        none,        // it returned without a result
        reply,       // `text` is a JSON document, not yet checked
        secret,      // `text` is a secret
        failure,     // `failure`
        bad_result,  // `text` says what is wrong with the reply
        lost,        // the runner ended or could not be started; `text` says so
        not_created  // create refused the connector's settings: `failure`
    };
    Kind kind = Kind::none;
    std::string text{};
    Failure failure{};
    std::int64_t retry_after_ms = -1;  // of `lost`
    bool second = false;  // the plugin tried to give a second result, which is ignored and logged

    static Outcome lost(std::string why, std::int64_t retry_after_ms = -1) {
        return {.kind = Kind::lost, .text = std::move(why), .retry_after_ms = retry_after_ms};
    }
};

// The caller's error for a failure, after the border's table. `capability` decides what was not found.
Error to_error(const Failure& failure, std::string_view capability);

// Errors that are not the plugin's words.
Error bad_result(std::string_view what);
Error deadline_exceeded();
Error call_cancelled();
Error unavailable(std::string message, std::int64_t retry_after_ms = -1);

// What a plugin says, made fit to be shown: valid UTF-8, no control characters, at most 1000 bytes.
std::string presentable(std::string_view text);

}  // namespace quell::plugins
