// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/commands.hpp"
#include "store/backup.hpp"

namespace quell::app {
namespace {

// No audit, no action: a copy of everything is on record before it exists, and so it is in the copy, too.
Result<void> record_backup(Services& services, const std::string& file, const Actor& actor) {
    audit::Record record{
        .event = "store_backed_up", .actor = actor.id, .outcome = "ok", .detail = json::Object{{"file", file}}};
    auto append = [&](store::Transaction& transaction) { return services.trail.append(transaction, record); };
    return services.store->write_and_wait<void>(std::move(append));
}

}  // namespace

Result<json::Value> back_up_store(Services& services, const json::Object& arguments, const Actor& actor) {
    TRY(const std::string file, text_argument(arguments, "file"));
    if (!file.starts_with('/')) {
        return invalid_arguments("`file` must be an absolute path.");
    }
    TRY_VOID(record_backup(services, file, actor));
    TRY(const std::uint64_t bytes, store::back_up(services.deployment()->settings.store.sqlite_path, file));
    return json::Object{{"file", file}, {"bytes", bytes}};
}

}  // namespace quell::app
