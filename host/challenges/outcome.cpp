// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "challenges/outcome.hpp"

#include "json/parse.hpp"
#include "json/read.hpp"

namespace quell::challenges {

json::Object to_document(const Outcome& outcome) {
    return {{"reason", to_string(outcome.reason)},
            {"proof", to_string(outcome.proof)},
            {"by", outcome.by},
            {"comment", outcome.comment.empty() ? json::Value(nullptr) : json::Value(outcome.comment)},
            {"evidence", outcome.evidence}};
}

bool is_cancelled(std::string_view document) {
    const auto read = json::parse(document);
    const json::Value* const reason = read && read->is_object() ? json::find(read->get_object(), "reason") : nullptr;
    return reason != nullptr && json::text(*reason) == to_string(Reason::cancelled);
}

}  // namespace quell::challenges
