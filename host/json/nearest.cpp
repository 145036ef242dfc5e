// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "json/nearest.hpp"

#include <algorithm>
#include <array>

namespace quell::json {
namespace {

constexpr std::size_t kLongest = 64;
using Row = std::array<std::size_t, kLongest + 1>;

// Optimal string alignment; both names are at most kLongest.
std::size_t distance(std::string_view a, std::string_view b) {
    Row before_last{};
    Row last{};
    Row row{};
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before_last = last;
        last = row;
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
    }
    return row[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view name,
                                        std::span<const std::string_view> candidates) {
    std::optional<std::string_view> best;
    std::size_t best_distance = kLongest;
    if (name.size() > kLongest)
        return best;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > kLongest)
            continue;
        const std::size_t edits = distance(name, candidate);
        if (edits < best_distance && edits * 3 <= std::max(name.size(), candidate.size())) {
            best = candidate;
            best_distance = edits;
        }
    }
    return best;
}

std::string nearest_hint(std::string_view name, std::span<const std::string_view> candidates) {
    const auto found = nearest(name, candidates);
    return found ? "; the nearest one is `" + std::string(*found) + "`" : std::string();
}

}  // namespace quell::json
