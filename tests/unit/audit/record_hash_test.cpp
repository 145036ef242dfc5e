// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "audit/record_hash.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/encoding.hpp"

namespace quell::audit {
namespace {

crypto::Digest counting() {
    crypto::Digest digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) {
        digest[i] = static_cast<std::uint8_t>(i);
    }
    return digest;
}

const crypto::Digest kPrevious = counting();

HashedFields fields() {
    return {.chain = "acme",
            .seq = 2,
            .at = 1'700'000'000'123,
            .event = "containment_ordered",
            .actor = "client:c1",
            .request_id = "r-1",
            .outcome = "ok",
            .detail = R"({"a":1})",
            .prev_hash = kPrevious};
}

// Computed by another program from the description at the top of record_hash.cpp.
TEST(RecordHash, IsTheDocumentedOne) {
    std::string scratch;
    EXPECT_EQ(to_hex(hash_of(fields(), scratch)), "cf43f63d7131b65f845bfab3f10c5f7a5f69defbe166869bbd983f728cccc020");
}

TEST(RecordHash, TellsEveryFieldAndBorderApart) {
    std::string scratch;
    std::set<crypto::Digest> hashes{hash_of(fields(), scratch)};
    const auto add = [&](auto change) {
        HashedFields changed = fields();
        change(changed);
        hashes.insert(hash_of(changed, scratch));
    };
    add([](HashedFields& f) { f.chain = "acm"; });
    add([](HashedFields& f) { f.seq = 3; });
    add([](HashedFields& f) { f.at += 1; });
    add([](HashedFields& f) { f.event = "containment_ordere"; f.actor = "dclient:c1"; });
    add([](HashedFields& f) { f.actor = ""; f.request_id = "client:c1r-1"; });
    add([](HashedFields& f) { f.outcome = "o"; f.detail = R"(k{"a":1})"; });
    add([](HashedFields& f) { f.detail = R"({"a":2})"; });

    EXPECT_EQ(hashes.size(), 8U);
}

}  // namespace
}  // namespace quell::audit
