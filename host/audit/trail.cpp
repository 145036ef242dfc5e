// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "audit/trail.hpp"

#include <algorithm>

#include "audit/heads.hpp"
#include "audit/verifier.hpp"

namespace quell::audit {

// A store that cannot be read now is no reason to go on.
Trail::Trail(store::Store& store, const crypto::SealingKey& key)
    : store_(store), key_(key), heads_(std::make_shared<Heads>(key, store.read(trail_is_gone).value_or(true))) {
    store_.add_participant(heads_);
}

Result<void> Trail::append(store::Transaction& transaction, const Record& record) {
    return heads_->append(transaction, record);
}

Result<void> Trail::append(store::Transaction& transaction, const RecordText& record) {
    return heads_->append(transaction, record);
}

Result<void> Trail::append_later(Record record) {
    Result<void> queued = store_.write_later(
        [heads = heads_, record = std::move(record)](store::Transaction& transaction) {
            return heads->append(transaction, record);
        });
    if (!queued) {
        heads_->count_refused();
    }
    return queued;
}

Trail::Counters Trail::counters() const { return {.written = heads_->written(), .refused = heads_->refused()}; }

Result<std::vector<Entry>> Trail::tail(const TenantId& tenant, std::size_t count, const Filter& filter) const {
    return store_.read([&](store::Reader& reader) -> Result<std::vector<Entry>> {
        TRY(auto entries,
            reader.rows<Entry>(
                "SELECT chain, seq, at, event, actor, request_id, outcome, detail, prev_hash, hash FROM audit"
                " WHERE chain = ?1 AND (?2 = '' OR event = ?2) AND (?3 = '' OR actor = ?3)"
                " AND (?4 = '' OR request_id = ?4) AND (?5 IS NULL OR at >= ?5) ORDER BY seq DESC LIMIT ?6",
                read_entry, tenant, filter.event, filter.actor, filter.request_id, filter.since, count));
        std::reverse(entries.begin(), entries.end());
        return entries;
    });
}

Result<std::vector<ChainReport>> Trail::verify() const { return Verifier(store_, key_).run(); }

}  // namespace quell::audit
