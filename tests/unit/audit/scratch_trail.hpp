// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <memory>
#include <string>

#include "audit/trail.hpp"
#include "store/scratch_store.hpp"

namespace quell::audit {

inline Record record_of(const char* tenant, const char* event = "tried", const char* actor = "uid:0") {
    return {.tenant = TenantId(tenant), .event = event, .actor = actor, .request_id = "r-1", .outcome = "ok"};
}

// A store with a trail.
class ScratchTrail {
  public:
    ScratchTrail() : key_(key_of('k')) { start(); }

    Trail& operator*() { return *trail_; }
    Trail* operator->() { return trail_.get(); }
    store::ScratchStore& store() { return store_; }

    Result<void> append(const Record& record) {
        return (*store_).write_and_wait<void>(
            [&](store::Transaction& transaction) { return trail_->append(transaction, record); });
    }
    void restart() {
        trail_.reset();
        store_.close();
        store_.open();
        start();
    }
    void tamper(const std::string& sql) {
        trail_.reset();
        store_.tamper(sql);
        start();
    }
    void start_with_another_key() {
        restart();
        other_key_ = std::make_unique<crypto::SealingKey>(key_of('x'));
        trail_ = std::make_unique<Trail>(*store_, *other_key_);
    }
    // "tenant@seq: why" of the first flaw there is, or "".
    std::string flaw() {
        for (const ChainReport& report : store::must(trail_->verify())) {
            if (report.flaw) {
                return report.tenant.str() + "@" + std::to_string(report.flaw->seq) + ": " + report.flaw->why;
            }
        }
        return "";
    }

  private:
    static crypto::SealingKey key_of(char letter) {
        return store::must(crypto::SealingKey::make(SecretString(std::string(32, letter))));
    }
    void start() { trail_ = std::make_unique<Trail>(*store_, key_); }

    crypto::SealingKey key_;
    std::unique_ptr<crypto::SealingKey> other_key_;
    store::ScratchStore store_;  // goes before the keys
    std::unique_ptr<Trail> trail_;
};

}  // namespace quell::audit
