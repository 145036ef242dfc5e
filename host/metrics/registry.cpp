// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "metrics/registry.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace quell::metrics {
namespace {

constexpr std::size_t kLongestValue = 64;

using Out = std::back_insert_iterator<std::string>;

bool is_id(std::string_view value) {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-";
    return !value.empty() && value.size() <= kLongestValue &&
           value.find_first_not_of(kAllowed) == std::string_view::npos;
}

// No escaping is needed: is_id() lets nothing through that the format minds.
std::string labels_text(const Labels& labels, bool all_other) {
    std::string text;
    for (const auto& [name, value] : labels) {
        const std::string_view shown = all_other || !is_id(value) ? std::string_view("other") : value;
        fmt::format_to(Out(text), "{}{}=\"{}\"", text.empty() ? "" : ",", name, shown);
    }
    return text;
}

double seconds(Histogram::Duration duration) { return std::chrono::duration<double>(duration).count(); }

std::string braced(std::string_view labels) { return labels.empty() ? "" : fmt::format("{{{}}}", labels); }

void write(std::string& out, std::string_view name, std::string_view labels, const Counter& counter) {
    fmt::format_to(Out(out), "{}{} {}\n", name, braced(labels), counter.value());
}

void write(std::string& out, std::string_view name, std::string_view labels, const Gauge& gauge) {
    fmt::format_to(Out(out), "{}{} {}\n", name, braced(labels), gauge.value());
}

// Buckets are cumulative, and the count is their last one: they never contradict each other.
void write(std::string& out, std::string_view name, std::string_view labels, const Histogram& histogram) {
    const std::string_view comma = labels.empty() ? "" : ",";
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < Histogram::kUpTo.size(); ++i) {
        count += histogram.in_bucket(i);
        fmt::format_to(Out(out), "{}_bucket{{{}{}le=\"{}\"}} {}\n", name, labels, comma, seconds(Histogram::kUpTo[i]),
                       count);
    }
    count += histogram.in_bucket(Histogram::kUpTo.size());
    fmt::format_to(Out(out), "{}_bucket{{{}{}le=\"+Inf\"}} {}\n", name, labels, comma, count);
    fmt::format_to(Out(out), "{}_sum{} {}\n", name, braced(labels), seconds(histogram.sum()));
    fmt::format_to(Out(out), "{}_count{} {}\n", name, braced(labels), count);
}

constexpr std::array<std::string_view, 3> kKinds = {"counter", "gauge", "histogram"};

}  // namespace

template <class Meter>
Meter& Registry::find_or_make(const Family& family, const Labels& labels) {
    const std::lock_guard lock(mutex_);
    auto known = families_.find(family.name);
    if (known == families_.end()) {
        known = families_.emplace(family.name, Known{.help = std::string(family.help), .series = {}}).first;
    }
    auto& all = known->second.series;
    std::string text = labels_text(labels, false);
    if (!all.contains(text) && all.size() + 1 >= kMostSeries) {
        text = labels_text(labels, true);
    }
    auto& series = all[text];
    if (!series) {
        series = std::make_unique<Series>();
        series->labels = std::move(text);
        series->meter.template emplace<Meter>();
    }
    return std::get<Meter>(series->meter);
}

Counter& Registry::counter(const Family& family, const Labels& labels) {
    return find_or_make<Counter>(family, labels);
}

Gauge& Registry::gauge(const Family& family, const Labels& labels) { return find_or_make<Gauge>(family, labels); }

Histogram& Registry::histogram(const Family& family, const Labels& labels) {
    return find_or_make<Histogram>(family, labels);
}

void Registry::forget(const Family& family) {
    const std::lock_guard lock(mutex_);
    if (const auto known = families_.find(family.name); known != families_.end()) {
        families_.erase(known);
    }
}

std::string Registry::text() const {
    std::string out;
    const std::lock_guard lock(mutex_);
    for (const auto& [name, family] : families_) {
        const std::size_t kind = family.series.begin()->second->meter.index();
        fmt::format_to(Out(out), "# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, kKinds[kind]);
        for (const auto& entry : family.series) {
            std::visit([&](const auto& meter) { write(out, name, entry.second->labels, meter); }, entry.second->meter);
        }
    }
    return out;
}

}  // namespace quell::metrics
