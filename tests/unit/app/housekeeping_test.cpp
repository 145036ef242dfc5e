// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/housekeeping.hpp"

#include <gtest/gtest.h>

#include "store/scratch_store.hpp"

namespace quell::app {
namespace {

// More than one part a round: a token endpoint issues more in ten minutes than one part holds.
TEST(Housekeeping, GoesOnUntilNothingExpiredIsLeft) {
    store::ScratchStore scratch;
    scratch.run("INSERT INTO users (id, email, password_hash, state, created_at) VALUES ('u', 'a@b.example', 'x', 'active', 0)");
    scratch.run("INSERT INTO login_sessions (hash, user_id, csrf_secret, created_at, expires_at)"
                " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
                " SELECT CAST(printf('%032d', i) AS BLOB), 'u', 'c', 0, 1 FROM n");
    boost::asio::io_context context;
    Housekeeping housekeeping(*scratch, context, [] { return std::chrono::hours(24); });
    const auto left = [&] { return scratch.number("SELECT count(*) FROM login_sessions"); };
    ASSERT_EQ(left(), 2500);

    housekeeping.start();
    for (int looks = 0; looks < 100 && left() > 0; ++looks) {
        context.run_one_for(std::chrono::seconds(1));
    }

    EXPECT_EQ(left(), 0);
}

}  // namespace
}  // namespace quell::app
