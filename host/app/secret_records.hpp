// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "audit/trail.hpp"
#include "plugins/setting_secrets.hpp"

namespace quell::app {

// What became of a secret of a connector's settings, in the tenant's audit chain (PL-10), queued: where it lies, its
// version, or why it cannot be had; never its value. Any thread.
void record_setting_secret(audit::Trail& trail, const plugins::SettingSecretUse& use);

}  // namespace quell::app
