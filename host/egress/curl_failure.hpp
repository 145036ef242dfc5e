// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <curl/curl.h>

#include <string_view>

#include "base/error.hpp"

namespace quell::egress {

// What went wrong in a transfer, in the host's own words. `host` is named, the provider's bytes
// never are.
Error failure_of(CURLcode code, std::string_view host, std::string_view detail);

Error deadline_passed(std::string_view host);
Error caller_gone(std::string_view host);
Error client_stopped();
Error answer_too_large(std::string_view host);
Error address_refused(std::string_view host);
Error answer_lost(std::string_view host);

}  // namespace quell::egress
