// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "http/message.hpp"

namespace quell::http {

// An answer that is there already, for handlers that await nothing themselves.
inline Answer ready(Response response) {
    co_return response;
}

}  // namespace quell::http
