// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "metrics/meters.hpp"

namespace quell::metrics {

// A metric: a name, and what it means for an administrator. Constants; a family has one kind of meter.
struct Family {
    std::string_view name;  // "quell_..."
    std::string_view help;
};

// Names are constants; the same ones in the same order for all series of a family.
using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

// All meters of the host. Asking takes a lock and a look-up, so owners ask at their start and keep the reference,
// which stays valid as long as the registry; the same labels give the same meter, also to the next owner after a
// reload. Any thread. However hostile the values, a family keeps to kMostSeries: a value that is not an id
// ([A-Za-z0-9._:-], at most 64) is counted as `other`, and a series beyond the limit as one with `other` throughout.
class Registry {
  public:
    static constexpr std::size_t kMostSeries = 5'000;

    Counter& counter(const Family& family, const Labels& labels = {});
    Gauge& gauge(const Family& family, const Labels& labels = {});
    Histogram& histogram(const Family& family, const Labels& labels = {});

    // Removes a family whose meters nobody keeps.
    void forget(const Family& family);

    // Prometheus' text format 0.0.4.
    std::string text() const;

  private:
    struct Series {
        std::string labels;  // a="x",b="y"
        std::variant<Counter, Gauge, Histogram> meter;
    };
    struct Known {
        std::string help;
        std::map<std::string, std::unique_ptr<Series>, std::less<>> series;  // by labels
    };

    template <class Meter>
    Meter& find_or_make(const Family& family, const Labels& labels);

    mutable std::mutex mutex_;
    std::map<std::string, Known, std::less<>> families_;
};

}  // namespace quell::metrics
