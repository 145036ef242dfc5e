// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// The official JSON-Schema-Test-Suite (draft 2020-12) as oracle. Found by $QUELL_CONTRACTS, else
// beside the checkout.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "json/parse.hpp"
#include "json/schema.hpp"

namespace quell::json {
namespace {

namespace fs = std::filesystem;

fs::path suite_directory() {
    const char* contracts = std::getenv("QUELL_CONTRACTS");
    const fs::path root = fs::path(__FILE__).parent_path() / "../../..";
    return (contracts != nullptr ? fs::path(contracts) : root / "../shared/contracts") /
           "json-schema";
}

std::string read(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

std::vector<fs::path> suite_files() {
    std::vector<fs::path> files;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(suite_directory(), none)) {
        if (entry.path().extension() == ".json")
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

struct Tally {
    std::size_t groups = 0;
    std::size_t skipped = 0;
    std::size_t cases = 0;
};

void run_group(const Object& group, const std::string& name, Tally& tally) {
    const auto schema = Schema::compile(group.at("schema"));
    if (!schema) {
        ++tally.skipped;
        std::cout << "skipped: " << name << ": " << schema.error()->message << "\n";
        return;
    }
    ++tally.groups;
    for (const Value& one : group.at("tests").as_array()) {
        ++tally.cases;
        const Object& test = one.as_object();
        const auto place = name + ": " + std::string(text(test.at("description")));
        EXPECT_EQ(schema->accepts(test.at("data")), test.at("valid").as_bool()) << place;
        EXPECT_EQ(schema->violations(test.at("data")).empty(), test.at("valid").as_bool()) << place;
    }
}

// INTERFACES.md 6: a group whose schema uses a refused keyword is skipped; every other must agree
// in every case.
TEST(SchemaSuite, AgreesWithTheOfficialCases) {
    Tally tally;
    for (const fs::path& file : suite_files()) {
        const auto document = parse(read(file));
        ASSERT_TRUE(document) << file << ": " << document.error()->message;
        for (const Value& group : document->as_array()) {
            const auto description = std::string(text(group.at("description")));
            run_group(group.as_object(), file.stem().string() + ": " + description, tally);
        }
    }

    std::cout << tally.groups << " groups with " << tally.cases << " cases checked, "
              << tally.skipped << " groups skipped for refused keywords\n";
    EXPECT_GE(tally.groups, 240U);
    EXPECT_GE(tally.cases, 950U);
}

}  // namespace
}  // namespace quell::json
