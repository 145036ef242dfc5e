// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/secret_records.hpp"

#include "base/log.hpp"

namespace quell::app {

void record_setting_secret(audit::Trail& trail, const plugins::SettingSecretUse& use) {
    audit::Record record{.tenant = use.tenant,
                         .event = use.error ? "setting_secret_refused" : "setting_secret_fetched",
                         .actor = "quell",
                         .outcome = use.error ? (*use.error)->key : "ok",
                         .detail = {{"connector", use.connector.str()}, {"setting", use.setting}, {"reference", use.reference}}};
    if (use.version) {
        record.detail["version"] = *use.version;
    }
    if (use.error) {
        record.detail["reason"] = (*use.error)->message;
    }
    if (const auto queued = trail.append_later(std::move(record)); !queued) {
        log::error("setting_secret_not_recorded", {{"connector", use.connector.str()}, {"reason", queued.error()->message}});
    }
}

}  // namespace quell::app
