// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <quell/notification_channel.hpp>

#include "challenge_card.hpp"

namespace slack {

inline constexpr std::string_view kApprove = "quell.approval.approve";
inline constexpr std::string_view kDeny = "quell.approval.deny";
inline constexpr std::string_view kReason = "reason";

// A notice, with buttons if it is about an approval.
Card notice_card(const quell::Notification& notification);

}  // namespace slack
