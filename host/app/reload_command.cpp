// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/commands.hpp"

namespace quell::app {

Result<json::Value> reload_settings(Services& services, const json::Object&, const Actor& actor) {
    if (!services.reload) {
        return Error(Code::failed_precondition, "not_running", "No host runs with this configuration.")
            .next_step("Start it with `quell serve`; it reads the files then.");
    }
    TRY_VOID(services.reload(actor.id));
    return json::Object{{"reloaded", true}};
}

}  // namespace quell::app
