// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "containment/arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "containment/lookup_value.hpp"
#include "json/parse.hpp"

namespace quell::containment {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Result<ContainArguments> read(std::string_view text) { return read_arguments(json::parse(text).value().as_object()); }

std::string key_of(std::string_view text) {
    const auto result = read(text);
    return result ? "accepted" : result.error()->key;
}

// V46, V48
TEST(Arguments, NeedActionAndLookup) {
    EXPECT_EQ(key_of(R"({"lookup": {"lookup_type": "hostname", "value": "a"}})"), "invalid_arguments");
    EXPECT_EQ(key_of(R"({"action": "network_contain"})"), "invalid_arguments");
    EXPECT_EQ(key_of(R"({"action": "network_contain", "lookup": {"value": "a"}})"), "invalid_arguments");
    EXPECT_EQ(key_of(R"({"action": "network_contain", "lookup": {"lookup_type": "hostname"}})"), "invalid_arguments");
}

// V47
TEST(Arguments, TakeThreeActions) {
    for (const char* action : {"lock_device", "network_contain", "release_containment"}) {
        EXPECT_EQ(key_of(std::string(R"({"lookup": {"lookup_type": "hostname", "value": "a"}, "action": ")") + action +
                         "\"}"),
                  "accepted");
    }
    const auto other = read(R"({"action": "wipe", "lookup": {"lookup_type": "hostname", "value": "a"}})");
    ASSERT_FALSE(other);
    EXPECT_THAT(other.error()->allowed, ElementsAre("lock_device", "network_contain", "release_containment"));
}

// V49
TEST(Arguments, TakeFourLookupTypes) {
    const std::string start = R"({"action": "network_contain", "lookup": {"lookup_type": ")";
    EXPECT_EQ(key_of(start + R"(user_email", "value": "a@b.example"}})"), "accepted");
    EXPECT_EQ(key_of(start + R"(hostname", "value": "a"}})"), "accepted");
    EXPECT_EQ(key_of(start + R"(serial_number", "value": "A1"}})"), "accepted");
    EXPECT_EQ(key_of(start + R"(provider_device_id", "value": "a-1"}})"), "accepted");
    EXPECT_EQ(key_of(start + R"(ip_address", "value": "10.0.0.1"}})"), "invalid_arguments");
}

TEST(Arguments, RefuseWhatTheyDoNotKnow) {
    EXPECT_EQ(key_of(R"({"action": "network_contain", "lookup": {"lookup_type": "hostname", "value": "a"}, "force": 1})"),
              "invalid_arguments");
    EXPECT_EQ(key_of(R"({"action": "network_contain", "lookup": {"lookup_type": "hostname", "value": "a", "x": 1}})"),
              "invalid_arguments");
}

TEST(Arguments, RefuseAKeyOfMoreThan128Characters) {
    const std::string start =
        R"({"action": "network_contain", "lookup": {"lookup_type": "hostname", "value": "a"}, "idempotency_key": ")";
    EXPECT_EQ(key_of(start + std::string(128, 'k') + "\"}"), "accepted");
    EXPECT_EQ(key_of(start + std::string(129, 'k') + "\"}"), "invalid_arguments");
    std::string accents;
    for (int i = 0; i < 128; ++i) {
        accents += "\u00e9";
    }
    EXPECT_EQ(key_of(start + accents + "\"}"), "accepted");
    EXPECT_EQ(key_of(start + "\"}"), "invalid_arguments");
}

struct Value {
    LookupType type;
    std::string value;
};

class GoodValue : public testing::TestWithParam<Value> {};
class BadValue : public testing::TestWithParam<Value> {};

TEST_P(GoodValue, IsAccepted) {
    EXPECT_TRUE(check_lookup_value({GetParam().type, GetParam().value})) << GetParam().value;
}

// PF-14
TEST_P(BadValue, IsRefusedAndNotRepeated) {
    const auto refused = check_lookup_value({GetParam().type, GetParam().value});

    ASSERT_FALSE(refused) << GetParam().value;
    EXPECT_EQ(refused.error()->key, "invalid_lookup_value");
    EXPECT_THAT(refused.error()->next_step, HasSubstr("exact value"));
    if (GetParam().value.size() > 12) {
        EXPECT_THAT(refused.error()->message, Not(HasSubstr(GetParam().value)));
    }
}

INSTANTIATE_TEST_SUITE_P(LookupValue, GoodValue,
                         testing::Values(Value{LookupType::hostname, "alice-mac.corp.example"},
                                         Value{LookupType::hostname, "LAB iMac 7"},
                                         Value{LookupType::serial_number, "C02ALICE0001"},
                                         Value{LookupType::serial_number, "VMware-56 4d 8c"},
                                         Value{LookupType::provider_device_id, "5f0c2d1e8b7a4c3d9e6f1a2b3c4d5e6f"},
                                         Value{LookupType::user_email, "o'brien+it@corp.example"}));

INSTANTIATE_TEST_SUITE_P(
    LookupValue, BadValue,
    testing::Values(Value{LookupType::hostname, "*"}, Value{LookupType::hostname, "alice*"},
                    Value{LookupType::hostname, "a'+hostname:'*"}, Value{LookupType::hostname, "x\" or \"1"},
                    Value{LookupType::hostname, ""}, Value{LookupType::hostname, " alice"},
                    Value{LookupType::hostname, "alice?"}, Value{LookupType::hostname, "alice\r\nX: y"},
                    Value{LookupType::hostname, "alice%"}, Value{LookupType::hostname, std::string("a\0b", 3)},
                    Value{LookupType::hostname, "\xE2\x80\xAE" "alice"}, Value{LookupType::hostname, std::string(256, 'a')},
                    Value{LookupType::serial_number, "C02*"}, Value{LookupType::serial_number, "a,b"},
                    Value{LookupType::serial_number, "a;b==c"}, Value{LookupType::provider_device_id, "../1"},
                    Value{LookupType::provider_device_id, "1/2"}, Value{LookupType::provider_device_id, "a b"},
                    Value{LookupType::user_email, "alice"}, Value{LookupType::user_email, "*@corp.example"},
                    Value{LookupType::user_email, "alice@corp.example,bob@corp.example"},
                    Value{LookupType::user_email, "alice@*"}, Value{LookupType::user_email, "\"a\"@corp.example"},
                    Value{LookupType::user_email, "a@b@corp.example"}, Value{LookupType::user_email, "alice@corp"}));

}  // namespace
}  // namespace quell::containment
