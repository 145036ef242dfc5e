// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

#include "base/result.hpp"

namespace quell::challenges {

// Whether a webhook may ever be sent there: https, and no name or address of this machine or of an inner network
// (SS-01, SS-04). What a name resolves to is judged again at each connect, by whoever sends (SS-03). With
// `allow_insecure_loopback`, for tests, plain http to a loopback address as well. invalid_arguments otherwise.
Result<void> check_callback_url(std::string_view url, bool allow_insecure_loopback);

}  // namespace quell::challenges
