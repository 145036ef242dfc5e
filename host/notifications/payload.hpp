// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <string>

#include "base/clock.hpp"
#include "notifications/message.hpp"

// A message as the store keeps it.
namespace quell::notifications {

// JSON text with all of the message but the tenant.
std::string to_payload(const Message& message, WallTime at);
Result<Message> from_payload(const TenantId& tenant, std::string_view payload);

// The body of a webhook, after standard-webhooks: {"type", "timestamp", "data"}; `data` also has title and subject.
Result<std::string> webhook_body(std::string_view payload);

}  // namespace quell::notifications
