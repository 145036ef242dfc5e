// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string_view>

namespace quell::mcp {

// Whether a URI may come from a template (RFC 6570): the literals are there, in order, with something in the place of each
// expression; one without an operator stands for a single segment. Decides which plugin is asked, not what it answers.
bool fits_template(std::string_view uri, std::string_view uri_template);

}  // namespace quell::mcp
