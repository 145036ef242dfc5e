// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::http {

// Whether an Accept header lets us answer with application/json (RFC 9110 12.5.1); an empty one does, a range with q=0
// does not.
bool accepts_json(std::string_view accept);
// The same for text/event-stream, which has to be asked for: an empty header does not.
bool accepts_event_stream(std::string_view accept);

}  // namespace quell::http
