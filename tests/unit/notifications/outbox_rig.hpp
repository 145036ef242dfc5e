// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <gmock/gmock.h>

#include "json/parse.hpp"
#include "notifications/outbox.hpp"
#include "store/scratch_store.hpp"

namespace quell::notifications {

using store::must;

// An outbox over the real store, for the tenant acme, whose settings a test changes; the time stands still.
class OutboxRig : public ::testing::Test {
  protected:
    OutboxRig() { settings_->tenants[TenantId("acme")].id = TenantId("acme"); }

    config::NotificationSettings& channels() { return settings_->tenants.at(TenantId("acme")).notifications; }
    void turn_on(config::ChannelSettings& channel, std::vector<std::string> events = {"*"}) {
        channel.enabled = true;
        channel.events = std::move(events);
    }
    static Message message(std::string event = "approval_requested") {
        return {.tenant = TenantId("acme"),
                .event = std::move(event),
                .subject = "appr_1",
                .title = "Approval asked for",
                .text = "By <ada>",
                .fields = {{"Reason", "case 7"}},
                .link = "https://quell.example/mcp/approvals",
                .data = {{"resource", "vsecure://secrets/production/X"}}};
    }
    static Callback callback() {
        return {.tenant = TenantId("acme"), .event = "challenge.verified", .subject = "c-1", .url = "https://soar.example/hook", .body = R"({"a":1})"};
    }
    template <class What>
    void add(const What& what) {
        must(store_->write_and_wait<void>([&](store::Transaction& transaction) { return outbox_.add(transaction, what); }));
    }
    std::vector<store::NotificationRow> rows(std::string_view state = {}) {
        return store_.read([&](store::Reader& reader) { return store::list_notifications(reader, TenantId("acme"), state, "", 100); });
    }
    std::vector<std::string> audited(std::string event) {
        std::vector<std::string> found;
        for (const audit::Entry& entry : must(trail_.tail(TenantId("acme"), 100, {.event = std::move(event)}))) {
            found.push_back(entry.outcome);
        }
        return found;
    }

    std::shared_ptr<config::Settings> settings_ = std::make_shared<config::Settings>();
    WallTime now_ = from_unix_millis(1'800'000'000'000);
    store::ScratchStore store_;
    crypto::SealingKey key_ = must(crypto::SealingKey::make(SecretString(std::string(32, 'k'))));
    audit::Trail trail_{*store_, key_};
    Outbox outbox_{*store_, trail_, [this] { return settings_; }, [this] { return now_; }};
};

}  // namespace quell::notifications
