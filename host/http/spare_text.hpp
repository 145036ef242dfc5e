// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

namespace quell::http {

// The memory of the last answer's body on this thread, for the next one: bodies are larger than what malloc hands out
// quickly. Whoever makes a body may take it, empty but with room; the connection leaves it again. A thread keeps one,
// and none that is unusually large.
std::string take_spare_text();
void leave_spare_text(std::string text);

}  // namespace quell::http
