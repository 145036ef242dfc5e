// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quell {

// The 17 canonical codes, with the numbers of sdk/include/quell/abi.h.
enum class Code : std::int32_t {
    ok = 0,
    cancelled = 1,
    unknown = 2,
    invalid_argument = 3,
    deadline_exceeded = 4,
    not_found = 5,
    already_exists = 6,
    permission_denied = 7,
    resource_exhausted = 8,
    failed_precondition = 9,
    aborted = 10,
    out_of_range = 11,
    unimplemented = 12,
    internal = 13,
    unavailable = 14,
    data_loss = 15,
    unauthenticated = 16,
};

std::string_view to_string(Code code);

// One thing that a refused caller might have meant: ordered name-value pairs, shown as a JSON object.
using Candidate = std::vector<std::pair<std::string, std::string>>;

// Why something was refused or failed, with the members of INTERFACES.md 2.
// `message` and everything but `detail` may be shown to the caller; `detail` is for logs only.
// A value type that is one pointer wide, so that Result<T> stays small. Never empty except after being moved from.
class Error {
  public:
    struct Members {
        Code code = Code::internal;
        std::string key;      // one of INTERFACES.md 2, for example "device_not_found"
        std::string message;  // a sentence for the caller
        std::vector<std::string> allowed{};
        std::vector<Candidate> candidates{};
        std::string next_step{};
        bool retryable = false;
        std::int64_t retry_after_seconds = -1;  // negative: not known
        std::string detail{};
    };

    explicit Error(Members members) : members_(std::make_unique<Members>(std::move(members))) {}
    Error(Code code, std::string key, std::string message)
        : Error(Members{.code = code, .key = std::move(key), .message = std::move(message)}) {}
    Error(const Error& other) : members_(std::make_unique<Members>(*other.members_)) {}
    Error(Error&&) noexcept = default;
    Error& operator=(const Error& other) { return *this = Error(other); }
    Error& operator=(Error&&) noexcept = default;
    ~Error() = default;

    Error&& allowed(std::vector<std::string> values) &&;
    Error&& candidates(std::vector<Candidate> values) &&;
    Error&& next_step(std::string text) &&;
    Error&& detail(std::string text) &&;
    Error&& retryable(std::int64_t after_seconds = -1) &&;

    const Members* operator->() const { return members_.get(); }
    const Members& operator*() const { return *members_; }

  private:
    std::unique_ptr<Members> members_;
};

// The errors that many folders raise.
Error invalid_arguments(std::string message);
Error internal_error(std::string detail);

}  // namespace quell
