// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/migrations.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "store/audit_schema.hpp"
#include "store/oauth_schema.hpp"
#include "store/orders_schema.hpp"
#include "store/scratch_store.hpp"

namespace quell::store {
namespace {

std::string writers_pragma(ScratchStore& scratch, const std::string& name) {
    return scratch.write([&](Transaction& transaction) -> Result<std::string> {
        TRY(auto value, transaction.row<std::string>("PRAGMA " + name, [](const Row& row) { return row.text(0); }));
        return value.value_or("");
    });
}

TEST(Migrations, MakeStrictTablesOnly) {
    ScratchStore scratch;

    EXPECT_EQ(scratch.number("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
                             " AND name NOT LIKE 'sqlite_%' AND strict = 0"),
              0);
    EXPECT_GT(scratch.number("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 1"), 10);
}

TEST(Migrations, MarkTheFile) {
    ScratchStore scratch;
    EXPECT_EQ(scratch.number("PRAGMA user_version"), schema_version());
    EXPECT_EQ(scratch.number("PRAGMA application_id"), 0x5175656C);
}

TEST(Migrations, RefuseANewerSchemaWithoutTouchingIt) {
    ScratchStore scratch;
    scratch.close();
    const std::string newer = "PRAGMA user_version = " + std::to_string(schema_version() + 1);
    must(must(Connection::open(scratch.path(), Connection::Mode::read_write))->execute(newer));

    const auto opened = Store::open({.path = scratch.path()});

    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error()->code, Code::failed_precondition);
    EXPECT_THAT(opened.error()->message, testing::HasSubstr("newer version"));
}

TEST(Migrations, BringAFileOfTheFirstVersionToTheTablesOfAFreshOne) {
    const ScratchDirectory directory;
    const auto path = directory / "quell.db";
    { std::ofstream(path).flush(); }
    const auto connection = must(Connection::open(path, Connection::Mode::read_write));
    for (const std::string_view schema : {kOAuthSchema, kOrdersSchema, kAuditSchema}) {
        must(connection->execute(std::string(schema)));
    }
    must(connection->execute("PRAGMA application_id = 0x5175656C; PRAGMA user_version = 1"));

    must(migrate(*connection));

    const std::string all = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)";
    ScratchStore fresh;
    fresh.close();
    EXPECT_EQ(must(connection->value_of(all)),
              must(must(Connection::open(fresh.path(), Connection::Mode::read_write))->value_of(all)));
    EXPECT_EQ(must(connection->value_of("PRAGMA user_version")), std::to_string(schema_version()));
}

TEST(Migrations, LeaveNothingOfAFailedStep) {
    const ScratchDirectory directory;
    const auto path = directory / "quell.db";
    { std::ofstream(path).flush(); }
    const auto connection = must(Connection::open(path, Connection::Mode::read_write));
    // The last table of the first version is taken, by a file that says it is a store.
    must(connection->execute("PRAGMA application_id = 0x5175656C; CREATE TABLE audit_heads (x INTEGER)"));

    EXPECT_FALSE(migrate(*connection).has_value());

    EXPECT_EQ(must(connection->value_of("PRAGMA user_version")), "0");
    EXPECT_EQ(must(connection->value_of("SELECT count(*) FROM sqlite_schema")), "1");
    EXPECT_FALSE(connection->in_transaction());
}

TEST(Connection, KeepsTheRulesOfTheStore) {
    ScratchStore scratch;
    EXPECT_EQ(writers_pragma(scratch, "journal_mode"), "wal");
    EXPECT_EQ(writers_pragma(scratch, "synchronous"), "2");
    EXPECT_EQ(writers_pragma(scratch, "foreign_keys"), "1");
    EXPECT_EQ(writers_pragma(scratch, "trusted_schema"), "0");
    EXPECT_EQ(scratch.number("PRAGMA trusted_schema"), 0);
    EXPECT_EQ(scratch.number("PRAGMA query_only"), 1);
}

}  // namespace
}  // namespace quell::store
