// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "store/deferred_rows.hpp"

#include <gmock/gmock.h>

#include "store/participant.hpp"
#include "store/scratch_store.hpp"

namespace quell::store {
namespace {

// Rows of the table t, in step with the store.
class Rows final : public Participant {
  public:
    void add(int id) { rows_.add(id, "row " + std::to_string(id), Blob{"bytes"}, std::nullopt); }

    void job_kept() override { rows_.job_kept(); }
    void job_undone() override { rows_.job_undone(); }
    Result<void> before_commit(Transaction& transaction) override { return rows_.write(transaction); }
    void committed() override {}
    void spoilt() override { rows_.forget(); }
    void rolled_back() override { rows_.forget(); }

  private:
    DeferredRows rows_{"t", {"id", "text", "bytes", "absent"}};
};

class DeferredRowsTest : public testing::Test {
  protected:
    DeferredRowsTest() {
        scratch_.run("CREATE TABLE t (id INTEGER PRIMARY KEY CHECK (id < 1000), text TEXT, bytes BLOB, absent TEXT) STRICT");
        scratch_->add_participant(rows_);
    }

    Result<void> add(int first, int last, bool fails = false) {
        return scratch_->write_and_wait<void>([=, this](Transaction&) -> Result<void> {
            for (int id = first; id <= last; ++id) {
                rows_->add(id);
            }
            return fails ? Result<void>(invalid_arguments("no")) : Result<void>();
        });
    }
    std::int64_t count() { return scratch_.number("SELECT count(*) FROM t"); }

    ScratchStore scratch_;
    std::shared_ptr<Rows> rows_ = std::make_shared<Rows>();
};

class DeferredRowCount : public DeferredRowsTest, public testing::WithParamInterface<int> {};

TEST_P(DeferredRowCount, IsWrittenWithItsGroup) {
    must(add(1, GetParam()));

    EXPECT_EQ(count(), GetParam());
    EXPECT_EQ(scratch_.number("SELECT count(*) FROM t WHERE text = 'row ' || id AND bytes = x'6279746573' AND "
                              "absent IS NULL"),
              GetParam());
}

INSTANTIATE_TEST_SUITE_P(EveryStatement, DeferredRowCount, testing::Values(1, 3, 4, 16, 37, 100));

TEST_F(DeferredRowsTest, GoWithTheJobThatFails) {
    EXPECT_FALSE(add(1, 5, true));
    must(add(6, 7));

    EXPECT_EQ(scratch_.number("SELECT min(id) FROM t"), 6);
    EXPECT_EQ(count(), 2);
}

TEST_F(DeferredRowsTest, LoseTheGroupThatHasARefusedOne) {
    const auto refused = add(999, 1'001);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error()->code, Code::failed_precondition);
    EXPECT_EQ(count(), 0);
    must(add(1, 1));
    EXPECT_EQ(count(), 1);
}

}  // namespace
}  // namespace quell::store
