// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "notifications/courier.hpp"

namespace quell::app {

class Services;

// One sender for each kind of channel; the services outlive them.
notifications::Courier::Senders notification_senders(Services& services);

}  // namespace quell::app
