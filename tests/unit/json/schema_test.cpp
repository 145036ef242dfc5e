// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/schema.hpp"

#include <gmock/gmock.h>

#include <string>

#include "json/parse.hpp"
#include "json/serialize.hpp"

namespace quell::json {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Value parsed(std::string_view text) {
    return parse(text).value();
}
Schema schema(std::string_view text) {
    return Schema::compile(parsed(text)).value();
}
std::string compile_error(std::string_view text) {
    const auto compiled = Schema::compile(parsed(text));
    return compiled ? "compiled" : compiled.error()->message;
}

const char* const kLookup = R"({
  "type": "object", "required": ["action", "lookup"], "additionalProperties": false,
  "properties": {
    "action": {"type": "string", "enum": ["network_contain", "release_containment"]},
    "lookup": {"type": "object", "required": ["lookup_type", "value"], "additionalProperties": false,
      "properties": {"lookup_type": {"enum": ["hostname", "serial_number"]},
                     "value": {"type": "string", "minLength": 1, "maxLength": 5}}},
    "dry_run": {"type": "boolean", "default": true}}})";

TEST(Schema, AcceptsWhatFits) {
    const auto lookup = schema(kLookup);
    EXPECT_TRUE(lookup.check(
        parsed(R"({"action":"network_contain","lookup":{"lookup_type":"hostname","value":"x"}})")));
}

TEST(Schema, NamesThePlaceTheRuleAndTheAllowedValues) {
    const auto found = schema(kLookup).violations(parsed(
        R"({"action":"network_contian","lookup":{"lookup_type":"host","value":"toolong","vaule":1},"x":2})"));

    ASSERT_EQ(found.size(), 5U);
    EXPECT_EQ(found[0].pointer, "/action");
    EXPECT_EQ(found[0].keyword, "enum");
    EXPECT_EQ(found[0].message,
              "`/action` must be one of `network_contain`, `release_containment`; the nearest one "
              "is `network_contain`.");
    EXPECT_THAT(found[0].allowed, ElementsAre("network_contain", "release_containment"));
    EXPECT_EQ(found[1].message,
              "`/lookup/lookup_type` must be one of `hostname`, `serial_number`.");
    EXPECT_EQ(found[2].message, "`/lookup/value` must have at most 5 characters.");
    EXPECT_EQ(found[3].pointer, "/lookup/vaule");
    EXPECT_EQ(found[3].message,
              "`/lookup/vaule` is not a known member; the nearest one is `value`.");
    EXPECT_THAT(found[3].allowed, ElementsAre("lookup_type", "value"));
    EXPECT_EQ(found[4].message, "`/x` is not a known member.");
}

TEST(Schema, SaysWhatIsMissing) {
    const auto error =
        schema(kLookup).check(parsed(R"({"action":"network_contain","lookup":{}})")).error();

    EXPECT_EQ(error->key, "invalid_arguments");
    EXPECT_EQ(error->message, "`/lookup/lookup_type` is missing.");
    EXPECT_THAT(error->allowed, ElementsAre("lookup_type"));
}

TEST(Schema, NeverRepeatsValues) {
    const auto typed =
        schema(R"({"properties":{"a":{"type":"integer"},"b":{"pattern":"^x"},"c":{"const":1}}})");
    for (const auto& violation :
         typed.violations(parsed(R"({"a":"hunter2","b":"hunter2","c":"hunter2"})")))
        EXPECT_THAT(violation.message, ::testing::Not(HasSubstr("hunter2")));
}

TEST(Schema, NamesTheNearestOfSeveralForms) {
    const auto either = schema(R"({"oneOf":[{"type":"string"},
        {"type":"object","required":["env"],"properties":{"env":{"type":"string"}}}]})");

    EXPECT_EQ(
        either.check(parsed(R"({"env":5})")).error()->message,
        "The value fits none of the 2 allowed forms; the nearest says: `/env` must be a string.");
}

TEST(Schema, StopsAtTheAskedNumberOfViolations) {
    const auto numbers = schema(R"({"items":{"type":"integer"}})");
    EXPECT_EQ(numbers.violations(parsed(R"(["a","b","c","d"])"), 3).size(), 3U);
    EXPECT_EQ(numbers.violations(parsed(R"(["a","b","c","d"])")).size(), 4U);
}

TEST(Schema, AddsDefaultsToMissingMembers) {
    const auto settings = schema(R"({"properties":{
        "a":{"default":5},
        "b":{"type":"object","properties":{"c":{"default":[1]}}},
        "d":{"items":{"$ref":"#/$defs/d"}}},
        "required":["a"],"$defs":{"d":{"properties":{"e":{"default":"x"}}}}})");

    EXPECT_EQ(
        json::serialize(settings.with_defaults(parsed(R"({"b":{},"d":[{},{"e":"y"}]})")).value()),
        R"({"b":{"c":[1]},"d":[{"e":"x"},{"e":"y"}],"a":5})");
    EXPECT_EQ(json::serialize(settings.with_defaults(parsed(R"({"a":0})")).value()), R"({"a":0})");
    EXPECT_FALSE(settings.with_defaults(parsed(R"({"b":7})")));
}

TEST(Schema, EndsWhenDefaultsContainThemselves) {
    const auto circular = schema(R"({"properties":{"a":{"$ref":"#","default":{}}}})");
    EXPECT_EQ(json::serialize(circular.with_defaults(parsed(R"({"a":{}})")).value()),
              R"({"a":{"a":{}}})");
}

TEST(Schema, RefusesKeywordsItDoesNotKnow) {
    EXPECT_EQ(compile_error(R"({"properties":{"a":{"patern":"x"}}})"),
              "The JSON schema is refused: `/properties/a/patern` is not a keyword that this host "
              "knows; the nearest "
              "one is `pattern`.");
    for (const char* keyword :
         {"unevaluatedProperties", "$dynamicRef", "definitions", "dependencies", ""})
        EXPECT_THAT(compile_error("{\"" + std::string(keyword) + "\":{}}"),
                    HasSubstr("not a keyword"))
            << keyword;
    EXPECT_EQ(
        compile_error(
            R"({"x-secret":true,"x-anything":[1],"format":"date","examples":[1],"$comment":"","$anchor":"a"})"),
        "compiled");
}

struct Broken {
    const char* schema;
    const char* message;
};

class SchemaRefuses : public ::testing::TestWithParam<Broken> {};

TEST_P(SchemaRefuses, Document) {
    EXPECT_THAT(compile_error(GetParam().schema), HasSubstr(GetParam().message))
        << GetParam().schema;
}

INSTANTIATE_TEST_SUITE_P(
    Broken, SchemaRefuses,
    ::testing::Values(Broken{"5", "must be an object, true or false"},
                      Broken{R"({"type":"strnig"})", "`/type` must be"},
                      Broken{R"({"type":[]})", "must name a type"},
                      Broken{R"({"allOf":[]})", "must not be empty"},
                      Broken{R"({"enum":"x"})", "must be an array"},
                      Broken{R"({"required":[1]})", "strings only"},
                      Broken{R"({"minLength":-1})", "whole number"},
                      Broken{R"({"minLength":1.5})", "whole number"},
                      Broken{R"({"multipleOf":0})", "more than 0"},
                      Broken{R"({"pattern":"("})", "regular expression"},
                      Broken{R"({"patternProperties":{"(":{}}})", "regular expression"},
                      Broken{R"({"allOf":{}})", "must be an array"},
                      Broken{R"({"not":1})", "must be an object"},
                      Broken{R"({"$schema":"http://json-schema.org/draft-07/schema#"})", "2020-12"},
                      Broken{R"({"$defs":{"a":{"$id":"x"}}})", "at the root only"},
                      Broken{R"({"$ref":"https://example.com/x"})", "local JSON pointer"},
                      Broken{R"({"$ref":"#name"})", "local JSON pointer"},
                      Broken{R"({"$ref":"#/$defs/x"})", "leads nowhere"},
                      Broken{R"({"$ref":"#"})", "go round without end"},
                      Broken{
                          R"({"anyOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"not":{"$ref":"#"}}}})",
                          "go round"},
                      Broken{R"({"$defs":{"unused":{"type":"x"}}})", "`/$defs/unused/type`"}));

TEST(Schema, FollowsReferencesThatReachIntoTheValue) {
    const auto tree =
        schema(R"({"properties":{"child":{"$ref":"#"}},"additionalProperties":false})");
    EXPECT_TRUE(tree.accepts(parsed(R"({"child":{"child":{}}})")));
    EXPECT_EQ(tree.check(parsed(R"({"child":{"child":{"x":1}}})")).error()->message,
              "`/child/child/x` is not a known member.");
}

// Thirty doublings: 2^30 evaluations if nobody counted.
TEST(Schema, RefusesChecksThatMultiply) {
    std::string text = R"({"$ref":"#/$defs/d0","$defs":{)";
    for (int level = 0; level < 30; ++level) {
        const std::string next = "{\"$ref\":\"#/$defs/d" + std::to_string(level + 1) + "\"}";
        text += "\"d" + std::to_string(level) + "\":{\"allOf\":[" + next + "," + next + "]},";
    }
    const auto laughs = schema(text + R"("d30":{}}})");

    EXPECT_FALSE(laughs.accepts(parsed("1")));
    EXPECT_THAT(laughs.check(parsed("1")).error()->message, HasSubstr("too large or too involved"));
    EXPECT_FALSE(laughs.with_defaults(parsed("1")));
}

TEST(Schema, TakesNoLimitForAMismatch) {
    const auto negated = schema(R"({"not":{"pattern":"^(a+)+$"}})");
    EXPECT_FALSE(negated.accepts(Value(std::string(40, 'a') + "b")));
}

TEST(Schema, FindsEqualItemsAmongMany) {
    const auto unique = schema(R"({"uniqueItems":true})");
    Array items;
    for (int item = 0; item < 5'000; ++item)
        items.emplace_back(Object{{"b", item}, {"a", 1}});
    EXPECT_TRUE(unique.accepts(Value(items)));
    items.emplace_back(Object{{"a", 1.0}, {"b", 17}});
    EXPECT_FALSE(unique.accepts(Value(items)));
}

TEST(Schema, RefusesTooManySubschemas) {
    std::string text = "{\"anyOf\":[true";
    for (int branch = 0; branch < 10'000; ++branch)
        text += ",{}";
    EXPECT_THAT(compile_error(text + "]}"), HasSubstr("more than 10000 subschemas"));
}

}  // namespace
}  // namespace quell::json
