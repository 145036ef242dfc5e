// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "notifications/signing.hpp"

#include <gmock/gmock.h>

#include "base/encoding.hpp"
#include "store/scratch_store.hpp"

namespace quell::notifications {
namespace {

using store::must;

std::string header(const std::vector<egress::Header>& headers, std::string_view name) {
    for (const egress::Header& one : headers) {
        if (one.name == name) {
            return one.value;
        }
    }
    return {};
}

// SS-05: the example of the standard-webhooks reference libraries
TEST(Signing, SignsAsTheStandardSays) {
    const SecretString key = must(signing_key(SecretString("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));

    const auto headers = signed_headers(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", from_unix_millis(1'614'265'330'000), R"({"test": 2432232314})");

    EXPECT_EQ(header(headers, "webhook-id"), "msg_p5jXN8AQM9LWM0D4loKWxJek");
    EXPECT_EQ(header(headers, "webhook-timestamp"), "1614265330");
    EXPECT_EQ(header(headers, "webhook-signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Signing, TakesNoWeakOrForeignSecret) {
    for (const std::string& text : {std::string("secret"), "whsec_" + to_base64(std::string(23, 'a')), "whsec_" + to_base64(std::string(65, 'a')),
                                    std::string("whsec_not base64"), to_base64(std::string(32, 'a')), std::string("whsec_")}) {
        EXPECT_FALSE(signing_key(SecretString(std::string(text)))) << text;
    }
    EXPECT_TRUE(signing_key(SecretString("whsec_" + to_base64(std::string(64, 'a')))));
}

TEST(Signing, GivesEachTenantASecretOfItsOwn) {
    const auto key = must(crypto::SealingKey::make(SecretString(std::string(32, 'k'))));
    const auto other = must(crypto::SealingKey::make(SecretString(std::string(32, 'o'))));
    const SecretString acme = own_secret(key, TenantId("acme"));

    EXPECT_TRUE(signing_key(acme));
    EXPECT_EQ(acme.reveal(), own_secret(key, TenantId("acme")).reveal());
    EXPECT_NE(acme.reveal(), own_secret(key, TenantId("other")).reveal());
    EXPECT_NE(acme.reveal(), own_secret(other, TenantId("acme")).reveal());
}

}  // namespace
}  // namespace quell::notifications
