// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <gmock/gmock.h>

#include <atomic>
#include <ostream>
#include <thread>

#include "audit/scratch_trail.hpp"

namespace quell::audit {
namespace {

using store::must;

struct Tampering {
    const char* name;
    const char* sql;
    const char* found;  // chain@seq: why
};

std::ostream& operator<<(std::ostream& out, const Tampering& tampering) { return out << tampering.name; }

class VerifierTest : public testing::TestWithParam<Tampering> {};

// DU-08
TEST_P(VerifierTest, NamesThePlace) {
    ScratchTrail trail;
    for (int i = 0; i < 5; ++i) {
        Record record = record_of("acme", i % 2 == 0 ? "even" : "odd");
        record.detail["reason"] = "lost laptop";
        must(trail.append(record));
        must(trail.append(record_of("beta")));
    }
    ASSERT_EQ(trail.flaw(), "");

    trail.tamper(GetParam().sql);

    EXPECT_EQ(trail.flaw(), GetParam().found);
}

constexpr const char* kChanged = "acme@3: the record was changed";
INSTANTIATE_TEST_SUITE_P(
    Du08, VerifierTest,
    testing::Values(
        Tampering{"DetailByte", "UPDATE audit SET detail = replace(detail, 'lost', 'lose') WHERE chain = 'acme' AND seq = 3",
                  kChanged},
        Tampering{"Event", "UPDATE audit SET event = 'odd' WHERE chain = 'acme' AND seq = 3", kChanged},
        Tampering{"Actor", "UPDATE audit SET actor = 'uid:1' WHERE chain = 'acme' AND seq = 3", kChanged},
        Tampering{"Time", "UPDATE audit SET at = at - 1 WHERE chain = 'acme' AND seq = 3", kChanged},
        Tampering{"RequestId", "UPDATE audit SET request_id = '' WHERE chain = 'acme' AND seq = 3", kChanged},
        Tampering{"Outcome", "UPDATE audit SET outcome = 'failed' WHERE chain = 'acme' AND seq = 3", kChanged},
        Tampering{"FieldBorder",
                  "UPDATE audit SET actor = 'uid', request_id = ':0' || request_id WHERE chain = 'acme' AND seq = 3",
                  kChanged},
        Tampering{"Hash", "UPDATE audit SET hash = zeroblob(32) WHERE chain = 'acme' AND seq = 3", kChanged},
        Tampering{"PreviousHash", "UPDATE audit SET prev_hash = zeroblob(32) WHERE chain = 'acme' AND seq = 3",
                  "acme@3: the record does not follow the one before"},
        Tampering{"RowDeleted", "DELETE FROM audit WHERE chain = 'acme' AND seq = 3", "acme@3: the record is missing"},
        Tampering{"FirstDeleted", "DELETE FROM audit WHERE chain = 'acme' AND seq = 1", "acme@1: the record is missing"},
        Tampering{"DeletedAndRenumbered",
                  "DELETE FROM audit WHERE chain = 'acme' AND seq = 3;"
                  "UPDATE audit SET seq = 3 WHERE chain = 'acme' AND seq = 4;"
                  "UPDATE audit SET seq = 4 WHERE chain = 'acme' AND seq = 5",
                  "acme@3: the record does not follow the one before"},
        Tampering{"Swapped",
                  "UPDATE audit SET seq = 99 WHERE chain = 'acme' AND seq = 3;"
                  "UPDATE audit SET seq = 3 WHERE chain = 'acme' AND seq = 4;"
                  "UPDATE audit SET seq = 4 WHERE chain = 'acme' AND seq = 99",
                  "acme@3: the record does not follow the one before"},
        Tampering{"MovedToAnotherChain",
                  "DELETE FROM audit WHERE chain = 'acme' AND seq = 1;"
                  "UPDATE audit SET chain = 'acme' WHERE chain = 'beta' AND seq = 1",
                  "acme@1: the record was changed"},
        Tampering{"TailDeleted", "DELETE FROM audit WHERE chain = 'acme' AND seq >= 4",
                  "acme@4: records up to 5 are missing at the end"},
        Tampering{"AllRowsDeleted", "DELETE FROM audit WHERE chain = 'acme'",
                  "acme@1: records up to 5 are missing at the end"},
        Tampering{"TailAndHeadCut",
                  "DELETE FROM audit WHERE chain = 'acme' AND seq = 5;"
                  "UPDATE audit_heads SET seq = 4, hash = (SELECT hash FROM audit WHERE chain = 'acme' AND seq = 4)"
                  " WHERE chain = 'acme'",
                  "acme@5: the chain's head was forged, or anchored with another key"},
        Tampering{"HeadTakenFromAnotherChain",
                  "UPDATE audit_heads SET anchor = (SELECT anchor FROM audit_heads WHERE chain = 'beta')"
                  " WHERE chain = 'acme'",
                  "acme@6: the chain's head was forged, or anchored with another key"},
        Tampering{"HeadDeleted", "DELETE FROM audit_heads WHERE chain = 'acme'", "acme@6: the chain's head is missing"},
        Tampering{"ChainDeleted",
                  "DELETE FROM audit WHERE chain = 'acme'; DELETE FROM audit_heads WHERE chain = 'acme'",
                  "acme@1: the whole chain is missing"},
        Tampering{"HostsChainDeleted", "DELETE FROM audit WHERE chain = ''; DELETE FROM audit_heads WHERE chain = ''",
                  "acme@6: the host's chain does not tell of this chain"}),
    [](const auto& given) { return std::string(given.param.name); });

TEST(Verifier, FindsRecordsAfterTheHead) {
    ScratchTrail trail;
    must(trail.append(record_of("acme")));
    trail.tamper("CREATE TABLE old AS SELECT * FROM audit_heads WHERE chain = 'acme'");
    must(trail.append(record_of("acme")));
    trail.tamper("DELETE FROM audit_heads WHERE chain = 'acme'; INSERT INTO audit_heads SELECT * FROM old");

    EXPECT_EQ(trail.flaw(), "acme@3: there are records after the head, which is at 1");
}

TEST(Verifier, NeedsTheKeyOfTheAnchors) {
    ScratchTrail trail;
    must(trail.append(record_of("acme")));
    trail.start_with_another_key();

    EXPECT_EQ(trail.flaw(), "@2: the chain's head was forged, or anchored with another key");
}

TEST(Verifier, CountsWhatHolds) {
    ScratchTrail trail;
    must((*trail.store()).write_and_wait<void>([&](store::Transaction& tx) -> Result<void> {
        for (int i = 0; i < 2'500; ++i) {  // more than two parts
            TRY_VOID(trail->append(tx, record_of("acme")));
        }
        return {};
    }));

    const auto reports = must(trail->verify());

    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(reports[0].tenant, TenantId());
    EXPECT_EQ(reports[0].sound, 1);
    EXPECT_EQ(reports[1].tenant, TenantId("acme"));
    EXPECT_EQ(reports[1].sound, 2'500);
    EXPECT_FALSE(reports[1].flaw);
}

TEST(Verifier, FindsAnEmptyTrailSound) {
    ScratchTrail trail;
    EXPECT_EQ(trail.flaw(), "");
}

TEST(Verifier, IsNotDisturbedByNewRecords) {
    ScratchTrail trail;
    std::atomic<bool> stop = false;
    std::thread writer([&] {
        for (int i = 0; !stop; ++i) {
            must(trail.append(record_of(i % 3 == 0 ? "acme" : ("t" + std::to_string(i % 50)).c_str())));
        }
    });
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(trail.flaw(), "");
    }
    stop = true;
    writer.join();
}

}  // namespace
}  // namespace quell::audit
