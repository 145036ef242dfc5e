// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/outbox.hpp"

#include "notifications/outbox_rig.hpp"
#include "notifications/payload.hpp"

namespace quell::notifications {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::vector<std::string> places(const std::vector<store::NotificationRow>& rows) {
    std::vector<std::string> found;
    for (const store::NotificationRow& row : rows) {
        found.push_back(row.channel + " " + row.destination);
    }
    return found;
}

TEST_F(OutboxRig, KeepsAMessageForEachDestination) {
    turn_on(channels().email);
    channels().email.recipients = {"a@acme.example", "b@acme.example"};
    turn_on(channels().slack);
    channels().slack.channel = "#security";
    turn_on(channels().webhook);
    channels().webhook.url = "https://soar.example/hook";
    turn_on(channels().plugin);
    channels().plugin.connector = ConnectorKey("slack");
    channels().plugin.channel = "#room";

    add(message());

    EXPECT_THAT(places(rows("pending")), UnorderedElementsAre("email a@acme.example", "email b@acme.example", "slack #security",
                                                              "webhook https://soar.example/hook", "plugin slack #room"));
}

TEST_F(OutboxRig, CostsNothingWithoutAChannel) {
    add(message());
    channels().email.recipients = {"a@acme.example"};  // written, but not enabled
    channels().email.events = {"*"};
    add(message());

    EXPECT_THAT(rows(), IsEmpty());
}

// L21, L23
TEST_F(OutboxRig, ObeysTheFilterOfEvents) {
    turn_on(channels().email, {"approval_requested", "access_granted"});
    channels().email.recipients = {"a@acme.example"};
    turn_on(channels().webhook, {"*"});
    channels().webhook.url = "https://soar.example/hook";

    add(message("approval_denied"));
    EXPECT_THAT(places(rows()), ElementsAre("webhook https://soar.example/hook"));
    add(message("access_granted"));
    EXPECT_THAT(rows(), SizeIs(3));
}

TEST_F(OutboxRig, RefusesAnEventThatNobodyCouldAskFor) {
    const auto refused = store_->write_and_wait<void>([&](store::Transaction& transaction) { return outbox_.add(transaction, message("aproval")); });

    EXPECT_EQ(refused.error()->key, "internal_error");
}

TEST_F(OutboxRig, GoesWithTheTransactionThatItTellsOf) {
    const auto undone = store_->write_and_wait<void>([&](store::Transaction& transaction) -> Result<void> {
        TRY_VOID(outbox_.add(transaction, callback()));
        return internal_error("the event did not happen");
    });

    EXPECT_FALSE(undone);
    EXPECT_THAT(rows(), IsEmpty());
}

TEST_F(OutboxRig, KeepsACallbackByteForByte) {
    add(callback());

    EXPECT_EQ(rows().front().payload, R"({"a":1})");
    EXPECT_THAT(places(rows("pending")), ElementsAre("callback https://soar.example/hook"));
}

TEST_F(OutboxRig, ReadsAMessageBackAsItWas) {
    const Message before = message();
    const Message after = must(from_payload(before.tenant, to_payload(before, now_)));

    EXPECT_EQ(after.title, before.title);
    EXPECT_EQ(after.text, before.text);
    EXPECT_EQ(after.fields, before.fields);
    EXPECT_EQ(after.data, before.data);
    EXPECT_EQ(must(webhook_body(to_payload(before, now_))),
              R"({"type":"approval_requested","timestamp":"2027-01-15T08:00:00.000Z","data":{"id":"appr_1","title":"Approval asked for",)"
              R"("resource":"vsecure://secrets/production/X"}})");
}

// SS-05
TEST_F(OutboxRig, SendsNothingToADestinationThatIsGoneUntilSomebodyRetries) {
    add(callback());
    add(callback());
    store_.write([&](store::Transaction& transaction) -> Result<bool> {
        TRY_VOID(store::stop_destination(transaction, TenantId("acme"), "https://soar.example/hook", now_, "410"));
        return true;
    });
    add(callback());
    EXPECT_THAT(rows("failed"), SizeIs(3));

    const std::string id = rows().front().id;
    const json::Object retried = must(outbox_.retry(TenantId("acme"), id, "uid:0"));
    EXPECT_EQ(retried.at("state").as_string(), "pending");
    add(callback());
    EXPECT_THAT(rows("pending"), SizeIs(2));
    EXPECT_THAT(audited("notification_retried"), ElementsAre("ok"));
}

// TN-01
TEST_F(OutboxRig, RetriesNothingOfAnotherTenant) {
    add(callback());
    store_.write([&](store::Transaction& transaction) -> Result<bool> {
        TRY_VOID(store::finish_notification(transaction, rows().front().id, "failed", now_, "refused"));
        return true;
    });

    EXPECT_EQ(outbox_.retry(TenantId("other"), rows().front().id, "uid:0").error()->key, "notification_not_found");
    EXPECT_EQ(outbox_.retry(TenantId("acme"), "msg_none", "uid:0").error()->key, "notification_not_found");
    EXPECT_THAT(rows("failed"), SizeIs(1));
}

TEST_F(OutboxRig, SaysWhatWaitsWhere) {
    turn_on(channels().slack);
    add(message());
    add(callback());

    const json::Object state = must(outbox_.state(TenantId("acme")));
    const json::Array& list = state.at("channels").as_array();
    EXPECT_EQ(list.at(1).at("channel").as_string(), "slack");
    EXPECT_EQ(list.at(1).at("pending"), 1);
    EXPECT_EQ(list.at(0).at("enabled"), false);
    EXPECT_EQ(list.at(4).at("pending"), 1);
    EXPECT_THAT(must(outbox_.list(TenantId("acme"), "pending", "", 1)).at("notifications").as_array(), SizeIs(1));
    EXPECT_THAT(must(outbox_.list(TenantId("other"), "", "", 10)).at("notifications").as_array(), IsEmpty());
}

}  // namespace
}  // namespace quell::notifications
