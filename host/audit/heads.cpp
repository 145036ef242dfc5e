// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "audit/heads.hpp"

#include "audit/record_hash.hpp"
#include "json/serialize.hpp"

namespace quell::audit {
namespace {

struct Newest {
    std::int64_t seq = 0;
    crypto::Digest hash{};
    crypto::Digest anchor{};
};

Result<std::optional<Newest>> newest_head(store::Reader& reader, std::string_view chain) {
    return reader.row<Newest>(
        "SELECT seq, hash, anchor FROM audit_heads WHERE chain = ?",
        [](const store::Row& row) {
            return Newest{.seq = row.integer(0), .hash = row.digest(1), .anchor = row.digest(2)};
        },
        chain);
}

Result<std::optional<Newest>> newest_record(store::Reader& reader, std::string_view chain) {
    return reader.row<Newest>(
        "SELECT seq, hash FROM audit WHERE chain = ? ORDER BY seq DESC LIMIT 1",
        [](const store::Row& row) { return Newest{.seq = row.integer(0), .hash = row.digest(1)}; }, chain);
}

bool is_same(const crypto::Digest& a, const crypto::Digest& b) {
    return crypto::equal_constant_time(crypto::as_text(a), crypto::as_text(b));
}

// The detail of the record that announces a tenant's chain.
std::string announcement_of(const std::string& tenant) {
    json::Object detail;
    detail[kChainStartedTenant] = tenant;
    return json::serialize(detail);
}

Result<bool> is_announced(store::Reader& reader, const std::string& tenant) {
    TRY(const auto found, reader.row<bool>(
                              "SELECT 1 FROM audit WHERE chain = '' AND event = ? AND detail = ? LIMIT 1",
                              [](const store::Row&) { return true; }, kChainStarted, announcement_of(tenant)));
    return found.has_value();
}

}  // namespace

Error audit_unavailable(std::string detail) {
    return Error(Code::unavailable, "audit_unavailable", "The action cannot be recorded, so it is not done.")
        .next_step("An administrator can look with: quell audit verify")
        .detail(std::move(detail));
}

Result<bool> trail_is_gone(store::Reader& reader) {
    TRY(const auto gone, reader.row<bool>(
                             "SELECT NOT EXISTS (SELECT 1 FROM audit) AND NOT EXISTS (SELECT 1 FROM audit_heads) AND"
                             " (EXISTS (SELECT 1 FROM users) OR EXISTS (SELECT 1 FROM clients) OR"
                             " EXISTS (SELECT 1 FROM requests) OR EXISTS (SELECT 1 FROM dry_runs))",
                             [](const store::Row& row) { return row.integer(0) != 0; }));
    return gone.value_or(false);
}

Heads::Heads(const crypto::SealingKey& key, bool is_gone)
    : key_(key),
      is_gone_(is_gone),
      rows_("audit", {"chain", "seq", "at", "event", "actor", "request_id", "outcome", "detail", "prev_hash", "hash"}) {}

Result<void> Heads::append(store::Transaction& transaction, const Record& record) {
    detail_.clear();
    json::append(detail_, record.detail);
    return append(transaction, RecordText{.tenant = record.tenant.str(),
                                          .event = record.event,
                                          .actor = record.actor,
                                          .request_id = record.request_id,
                                          .outcome = record.outcome,
                                          .detail = detail_});
}

Result<void> Heads::append(store::Transaction& transaction, const RecordText& record) {
    Result<void> appended = try_append(transaction, record);
    failed_ += appended ? 0 : 1;
    return appended;
}

Result<void> Heads::try_append(store::Transaction& transaction, const RecordText& record) {
    if (is_gone_) {
        return audit_unavailable("the whole trail is missing");
    }
    TRY(Chain* const chain, chain_of(transaction, record.tenant));
    if (chain->second.seq == 0 && !chain->first.empty()) {
        TRY_VOID(announce(transaction, chain->first));
    }
    append_to(*chain, record);
    return {};
}

Result<Heads::Chain*> Heads::chain_of(store::Transaction& transaction, std::string_view name) {
    auto found = chains_.find(name);
    if (found == chains_.end()) {
        TRY(const Head head, load(transaction, name));
        found = chains_.emplace(name, head).first;
    }
    return &*found;
}

// Goes on only from a head that is sound: a new anchor over a forged one would make the forgery good.
Result<Heads::Head> Heads::load(store::Transaction& transaction, std::string_view name) const {
    TRY(const auto head, newest_head(transaction, name));
    TRY(const auto record, newest_record(transaction, name));
    if (!head && !record) {
        return Head{};
    }
    const bool sound = head && record && head->seq == record->seq && is_same(head->hash, record->hash) &&
                       is_same(head->anchor, anchor_of(key_, name, head->seq, head->hash));
    if (!sound) {
        return audit_unavailable("the head of chain \"" + std::string(name) + "\" does not match its records");
    }
    return Head{.seq = head->seq, .hash = head->hash, .anchored_seq = head->seq};
}

// A chain begins once: if the host's chain tells of it already, its records were removed.
Result<void> Heads::announce(store::Transaction& transaction, const std::string& tenant) {
    TRY(const bool began_before, is_announced(transaction, tenant));
    if (began_before) {
        return audit_unavailable("the chain \"" + tenant + "\" is missing");
    }
    TRY(Chain* const host, chain_of(transaction, ""));
    append_to(*host, {.tenant = "",
                      .event = kChainStarted,
                      .actor = "quell",
                      .request_id = "",
                      .outcome = "ok",
                      .detail = announcement_of(tenant)});
    return {};
}

void Heads::append_to(Chain& chain, const RecordText& record) {
    const HashedFields fields{.chain = chain.first,
                              .seq = chain.second.seq + 1,
                              .at = unix_millis(wall_now()),
                              .event = record.event,
                              .actor = record.actor,
                              .request_id = record.request_id,
                              .outcome = record.outcome,
                              .detail = record.detail,
                              .prev_hash = chain.second.hash};
    const crypto::Digest hash = hash_of(fields, scratch_);
    rows_.add(fields.chain, fields.seq, fields.at, fields.event, fields.actor, fields.request_id, fields.outcome,
              fields.detail, fields.prev_hash, hash);
    move(chain, hash);
}

void Heads::move(Chain& chain, const crypto::Digest& hash) {
    Head& head = chain.second;
    moved_.emplace_back(&head, head);
    ++head.seq;
    head.hash = hash;
    if (!head.listed) {
        head.listed = true;
        unanchored_.push_back(&chain);
    }
}

void Heads::job_kept() {
    rows_.job_kept();
    kept_ += moved_.size();
    moved_.clear();
}

void Heads::job_undone() {
    rows_.job_undone();
    for (auto undo = moved_.rbegin(); undo != moved_.rend(); ++undo) {
        undo->first->seq = undo->second.seq;
        undo->first->hash = undo->second.hash;
    }
    moved_.clear();
}

// A full or broken disk is told as such; what else keeps a record out is the trail's own trouble.
Result<void> Heads::before_commit(store::Transaction& transaction) {
    Result<void> written = rows_.write(transaction);
    if (written) {
        written = write_anchors(transaction);
    }
    if (!written && written.error()->key != "store_unavailable") {
        return audit_unavailable(written.error()->message + " " + written.error()->detail);
    }
    return written;
}

Result<void> Heads::write_anchors(store::Transaction& transaction) {
    for (Chain* const chain : unanchored_) {
        Head& head = chain->second;
        head.listed = false;
        if (head.seq == head.anchored_seq) {  // all that moved it was undone
            continue;
        }
        TRY_VOID(transaction.run(
            "INSERT INTO audit_heads (chain, seq, hash, anchor) VALUES (?, ?, ?, ?) ON CONFLICT (chain)"
            " DO UPDATE SET seq = excluded.seq, hash = excluded.hash, anchor = excluded.anchor",
            chain->first, head.seq, head.hash, anchor_of(key_, chain->first, head.seq, head.hash)));
        head.anchored_seq = head.seq;
    }
    unanchored_.clear();
    return {};
}

void Heads::committed() {
    written_ += std::exchange(kept_, 0);
    refused_ += std::exchange(failed_, 0);
}

void Heads::spoilt() {
    kept_ = 0;
    failed_ = 0;
    forget();
}

void Heads::rolled_back() {
    refused_ += std::exchange(kept_, 0) + std::exchange(failed_, 0);
    forget();
}

void Heads::forget() {
    rows_.forget();
    moved_.clear();
    unanchored_.clear();
    chains_.clear();
}

}  // namespace quell::audit
