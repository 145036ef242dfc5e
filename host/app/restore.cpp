// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/restore.hpp"

#include "store/restore.hpp"

namespace quell::app {
namespace {

Error not_restorable(const std::string& why, std::string detail) {
    return Error(Code::data_loss, "store_unavailable", "The backup cannot be restored: " + why)
        .next_step("Try an older backup. The present store was left as it is.")
        .detail(std::move(detail));
}

Result<std::unique_ptr<store::Store>> open_copy(const std::filesystem::path& path) {
    auto opened = store::Store::open({.path = path});
    if (opened) {
        return opened;
    }
    if (opened.error()->code == Code::data_loss) {
        return not_restorable("it is damaged or no store at all.", opened.error()->detail);
    }
    return not_restorable(opened.error()->message, opened.error()->detail);
}

Result<std::int64_t> verify(const audit::Trail& trail) {
    TRY(const auto reports, trail.verify());
    std::int64_t records = 0;
    for (const audit::ChainReport& report : reports) {
        if (report.flaw) {
            return not_restorable("its audit trail does not verify with this host's [store] key.", report.flaw->why);
        }
        records += report.sound;
    }
    return records;
}

// Everything that the copy needs before it is the store. Answers with the number of audit records in it.
Result<std::int64_t> prepare(const std::filesystem::path& copy, const crypto::SealingKey& key,
                             const audit::Record& record) {
    TRY(const auto opened, open_copy(copy));
    audit::Trail trail(*opened, key);
    TRY(const std::int64_t records, verify(trail));
    auto finish = [&](store::Transaction& transaction) -> Result<void> {
        TRY_VOID(store::end_all_access(transaction));
        return trail.append(transaction, record);
    };
    TRY_VOID(opened->write_and_wait<void>(std::move(finish)));
    return records;
}

}  // namespace

Result<json::Value> restore_store(const config::Settings& settings, const std::filesystem::path& backup,
                                  const Actor& actor) {
    TRY(const crypto::SealingKey key, Services::read_key(settings));
    TRY(const auto restore, store::Restore::begin(settings.store.sqlite_path, backup));
    const audit::Record record{.event = "store_restored",
                               .actor = actor.id,
                               .outcome = "ok",
                               .detail = json::Object{{"file", backup.string()}}};
    TRY(const std::int64_t records, prepare(restore->copy(), key, record));
    TRY(const auto aside, restore->put_in_place());
    return json::Object{{"restored", settings.store.sqlite_path.string()},
                        {"from", backup.string()},
                        {"audit_records", records},
                        {"kept_aside", aside ? json::Value(aside->string()) : json::Value(nullptr)}};
}

}  // namespace quell::app
