// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "challenges/terms.hpp"
#include "json/value.hpp"

namespace quell::challenges {

// How a challenge ended, kept in its row and shown in its record: what happened, and how sure anybody can be of it.
struct Outcome {
    Reason reason{};
    Proof proof = Proof::none;
    std::string by;          // who: an e-mail, the channel's id of a user, a principal's id, "host"
    std::string comment{};   // what the person wrote besides
    json::Object evidence{};  // what the proof rests on: issuer, time of the login, connector, error of a delivery
};

json::Object to_document(const Outcome& outcome);
// The reason of a document that to_document() made.
bool is_cancelled(std::string_view document);

}  // namespace quell::challenges
