// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "identity/password.hpp"

#include <gtest/gtest.h>

#include "identity/temporary_host.hpp"

namespace quell::identity {
namespace {

SecretString secret(std::string_view text) {
    return SecretString(std::string(text));
}

TEST(Password, IsKeptAsArgon2idOfTheAgreedCost) {
    const std::string encoded = hash_password(secret(kPassword)).value();

    EXPECT_TRUE(encoded.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << encoded;
    EXPECT_TRUE(matches_password(encoded, secret(kPassword)));
    EXPECT_FALSE(matches_password(encoded, secret("correct horse batterz")));
    EXPECT_FALSE(matches_password(encoded, secret("")));
    EXPECT_NE(encoded, hash_password(secret(kPassword)).value());
}

TEST(Password, OfAnUnknownUserCostsTheSame) {
    EXPECT_TRUE(unmatchable_hash().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    EXPECT_EQ(unmatchable_hash().size(), hash_password(secret(kPassword)).value().size());
    EXPECT_FALSE(matches_password(unmatchable_hash(), secret("")));
}

TEST(Password, NeedsTwelveCharacters) {
    EXPECT_FALSE(check_new_password(secret("eleven char")).has_value());
    EXPECT_TRUE(check_new_password(secret("twelve chars")).has_value());
    EXPECT_FALSE(check_new_password(SecretString(std::string(1025, 'x'))).has_value());
}

TEST(PasswordPool, RefusesBeyondItsQueue) {
    PasswordPool pool(1, 0);
    boost::asio::io_context context;
    std::string key;
    boost::asio::co_spawn(context, pool.matches(unmatchable_hash(), SecretString("x")),
                          [&](std::exception_ptr, Result<bool> result) { key = result ? "ok" : result.error()->key; });
    context.run();

    EXPECT_EQ(key, "rate_limited");
}

// OA-31
TEST(Users, AnswerAWrongPasswordAndAnUnknownUserAlike) {
    TemporaryHost host;
    const User alice = host.add_user("alice@corp.example");

    const auto good = host.run(host.users.authenticate("Alice@corp.example", secret(kPassword)));
    const auto wrong = host.run(host.users.authenticate("alice@corp.example", secret("wrong horse battery")));
    const auto unknown = host.run(host.users.authenticate("nobody@corp.example", secret(kPassword)));

    ASSERT_TRUE(good && *good);
    EXPECT_EQ((*good)->id, alice.id);
    EXPECT_TRUE(wrong && !*wrong);
    EXPECT_TRUE(unknown && !*unknown);
}

}  // namespace
}  // namespace quell::identity
