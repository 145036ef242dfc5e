// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

// Where the compiler has no libFuzzer: runs every file of a corpus, then seeded mutations of them for some seconds.
// driver CORPUS_FOLDER SECONDS

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "target.hpp"

namespace {

using Input = std::string;

std::vector<Input> read_corpus(const std::filesystem::path& folder) {
    std::vector<Input> inputs;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return inputs;
}

void run(const Input& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

// A few small changes: a byte, a cut, a repeat, a splice with another input.
Input mutate(Input input, const std::vector<Input>& corpus, std::mt19937& random) {
    for (unsigned i = 0; i <= random() % 4; ++i) {
        const std::size_t at = input.empty() ? 0 : random() % input.size();
        switch (random() % 4) {
            case 0:
                input.insert(at, 1, static_cast<char>(random()));
                break;
            case 1:
                input.erase(at, random() % 8);
                break;
            case 2:
                input.insert(at, input.substr(at, random() % 64));
                break;
            default:
                input = input.substr(0, at) + corpus[random() % corpus.size()];
        }
    }
    input.resize(std::min<std::size_t>(input.size(), 65'536));
    return input;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        return 1;
    }
    const std::vector<Input> corpus = read_corpus(arguments[1]);
    if (corpus.empty()) {
        std::cerr << "the corpus is empty\n";
        return 1;
    }
    for (const Input& input : corpus) {
        run(input);
    }
    std::mt19937 random(1);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(arguments[2]));
    std::size_t runs = corpus.size();
    for (; std::chrono::steady_clock::now() < end; ++runs) {
        run(mutate(corpus[random() % corpus.size()], corpus, random));
    }
    std::cout << runs << " inputs\n";
}
