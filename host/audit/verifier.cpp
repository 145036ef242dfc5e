// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "audit/verifier.hpp"

#include "audit/heads.hpp"
#include "audit/record_hash.hpp"
#include "json/parse.hpp"

namespace quell::audit {
namespace {

constexpr std::int64_t kPart = 1'000;

struct StoredHead {
    std::int64_t seq = 0;
    crypto::Digest hash{};
    crypto::Digest anchor{};
};

bool is_same(const crypto::Digest& a, const crypto::Digest& b) {
    return crypto::equal_constant_time(crypto::as_text(a), crypto::as_text(b));
}

std::string flaw_of_end(const std::optional<StoredHead>& head, const crypto::SealingKey& key, const ChainReport& report,
                        const crypto::Digest& last) {
    const std::string& chain = report.tenant.str();
    if (!head) {
        return "the chain's head is missing";
    }
    if (!is_same(head->anchor, anchor_of(key, chain, head->seq, head->hash))) {
        return "the chain's head was forged, or anchored with another key";
    }
    if (head->seq > report.sound) {
        return "records up to " + std::to_string(head->seq) + " are missing at the end";
    }
    if (head->seq < report.sound) {
        return "there are records after the head, which is at " + std::to_string(head->seq);
    }
    return is_same(head->hash, last) ? "" : "the head has another digest than the last record";
}

}  // namespace

Entry read_entry(const store::Row& row) {
    return {.tenant = row.id<TenantId>(0),
            .seq = row.integer(1),
            .at = row.time(2),
            .event = row.text(3),
            .actor = row.text(4),
            .request_id = row.text(5),
            .outcome = row.text(6),
            .detail = row.text(7),
            .prev_hash = row.digest(8),
            .hash = row.digest(9)};
}

// The chains are listed before the host's is read, so that it tells of every one in the list.
Result<std::vector<ChainReport>> Verifier::run() {
    TRY(auto names, chains());
    TRY(auto host, verify_chain(""));
    TRY(const bool is_gone, store_.read(trail_is_gone));
    if (is_gone) {
        host.flaw = {.seq = 1, .why = "the whole trail is missing"};
    }
    host_is_sound_ = !host.flaw;
    names.insert(announced_.begin(), announced_.end());
    std::vector<ChainReport> reports{std::move(host)};
    for (const std::string& name : names) {
        TRY(auto report, verify_chain(name));
        reports.push_back(std::move(report));
    }
    return reports;
}

// One step of the index for each chain, not a scan of all records.
Result<std::set<std::string, std::less<>>> Verifier::chains() const {
    return store_.read([](store::Reader& reader) -> Result<std::set<std::string, std::less<>>> {
        std::set<std::string, std::less<>> names;
        std::optional<std::string> name = "";
        while (name) {
            TRY(auto next, reader.row<std::optional<std::string>>(
                               "SELECT min(chain) FROM (SELECT min(chain) AS chain FROM audit WHERE chain > ?1"
                               " UNION ALL SELECT min(chain) FROM audit_heads WHERE chain > ?1)",
                               [](const store::Row& row) { return row.optional_text(0); }, *name));
            name = std::move(next).value_or(std::nullopt);
            if (name) {
                names.insert(*name);
            }
        }
        return names;
    });
}

Result<ChainReport> Verifier::verify_chain(const std::string& chain) {
    Walk walk{.report = {.tenant = TenantId(chain)}};
    while (!walk.ended && !walk.report.flaw) {
        TRY_VOID(store_.read_snapshot([&](store::Reader& reader) { return next_part(reader, walk); }));
    }
    return std::move(walk.report);
}

// The part that comes to the chain's end is compared with the head inside the same snapshot.
Result<void> Verifier::next_part(store::Reader& reader, Walk& walk) {
    std::int64_t seen = 0;
    TRY_VOID(reader.each(
        "SELECT chain, seq, at, event, actor, request_id, outcome, detail, prev_hash, hash FROM audit"
        " WHERE chain = ? AND seq > ? ORDER BY seq LIMIT ?",
        [&](const store::Row& row) -> Result<void> {
            ++seen;
            if (!walk.report.flaw) {
                check_record(read_entry(row), walk);
            }
            return {};
        },
        walk.report.tenant, walk.report.sound, kPart));
    if (seen < kPart && !walk.report.flaw) {
        walk.ended = true;
        TRY_VOID(check_end(reader, walk));
    }
    return {};
}

void Verifier::check_record(const Entry& entry, Walk& walk) {
    const std::int64_t expected = walk.report.sound + 1;
    const auto flaw = [&](std::string why) { walk.report.flaw = {.seq = expected, .why = std::move(why)}; };
    if (entry.seq != expected) {
        return flaw("the record is missing");
    }
    if (!is_same(entry.prev_hash, walk.last)) {
        return flaw("the record does not follow the one before");
    }
    const HashedFields fields{.chain = entry.tenant.str(),
                              .seq = entry.seq,
                              .at = unix_millis(entry.at),
                              .event = entry.event,
                              .actor = entry.actor,
                              .request_id = entry.request_id,
                              .outcome = entry.outcome,
                              .detail = entry.detail,
                              .prev_hash = entry.prev_hash};
    if (!is_same(entry.hash, hash_of(fields, scratch_))) {
        return flaw("the record was changed");
    }
    note_announcement(entry);
    walk.last = entry.hash;
    walk.report.sound = entry.seq;
}

Result<void> Verifier::check_end(store::Reader& reader, Walk& walk) const {
    const std::string& chain = walk.report.tenant.str();
    TRY(const auto head, reader.row<StoredHead>(
                             "SELECT seq, hash, anchor FROM audit_heads WHERE chain = ?",
                             [](const store::Row& row) {
                                 return StoredHead{
                                     .seq = row.integer(0), .hash = row.digest(1), .anchor = row.digest(2)};
                             },
                             chain));
    const bool empty = !head && walk.report.sound == 0;
    std::string why = empty ? "" : flaw_of_end(head, key_, walk.report, walk.last);
    if (why.empty() && !chain.empty()) {
        why = flaw_of_announcement(chain, empty);
    }
    if (!why.empty()) {
        walk.report.flaw = {.seq = walk.report.sound + 1, .why = std::move(why)};
    }
    return {};
}

// A flaw in the host's chain hides announcements and is reported itself.
std::string Verifier::flaw_of_announcement(const std::string& chain, bool empty) const {
    if (empty) {
        return "the whole chain is missing";
    }
    return host_is_sound_ && !announced_.contains(chain) ? "the host's chain does not tell of this chain" : "";
}

void Verifier::note_announcement(const Entry& entry) {
    if (!entry.tenant.empty() || entry.event != kChainStarted) {
        return;
    }
    const auto detail = json::parse(entry.detail);
    const json::Object* object = detail ? detail->if_object() : nullptr;
    if (object != nullptr && object->contains(kChainStartedTenant)) {
        announced_.emplace(json::text(object->at(kChainStartedTenant)));
    }
}

}  // namespace quell::audit
