// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "usage/meter.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "json/serialize.hpp"
#include "store/orders.hpp"
#include "store/scratch_store.hpp"

namespace quell::usage {
namespace {

RequestId add_request(store::Store& store, std::string_view tenant, bool dry_run) {
    store::RequestRow row;
    row.tenant = TenantId(std::string(tenant));
    row.id = RequestId(uuid_v7());
    row.kind = "containment";
    row.entry = "mcp";
    row.dry_run = dry_run;
    row.status = "resolved";
    row.integrations = "[]";
    store::must(store.write_and_wait<void>(
        [&](store::Transaction& transaction) { return store::insert_request(transaction, row); }));
    return row.id;
}

void bill(store::Store& store, std::string_view tenant, const RequestId& id, std::string_view month) {
    store::must(store.write_and_wait<void>([&](store::Transaction& transaction) {
        return store::bill_once(transaction, {TenantId(std::string(tenant)), id}, "containment", month);
    }));
}

// V64
TEST(Usage, IsReadPerTenantAndMonth) {
    store::ScratchStore store;
    bill(*store, "acme", add_request(*store, "acme", false), "2026-10");
    bill(*store, "acme", add_request(*store, "acme", false), "2026-11");
    bill(*store, "globex", add_request(*store, "globex", false), "2026-11");

    const auto document = usage_document(*store, TenantId("acme"));

    ASSERT_TRUE(document);
    EXPECT_EQ(json::serialize(*document),
              R"({"tenant":"acme","units":2,"months":[{"month":"2026-10","containment":1,"revocation":0},)"
              R"({"month":"2026-11","containment":1,"revocation":0}]})");
}

TEST(Usage, CountsARequestOnceAndADryRunNever) {
    store::ScratchStore store;
    const RequestId real = add_request(*store, "acme", false);
    bill(*store, "acme", real, "2026-11");
    bill(*store, "acme", real, "2026-11");
    bill(*store, "acme", add_request(*store, "acme", true), "2026-11");

    const auto document = usage_document(*store, TenantId("acme"));

    ASSERT_TRUE(document);
    EXPECT_EQ(document->at("units"), json::Value(1));
}

}  // namespace
}  // namespace quell::usage
