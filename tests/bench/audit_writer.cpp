// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// The audit trail with 64 callers who wait for their record to be durable, beside a bare fdatasync of the same bytes,
// 64 records at a time. audit-writer FOLDER SECONDS prints one JSON object.

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>

#include "audit/trail.hpp"
#include "json/serialize.hpp"

namespace {

using namespace quell;
using Clock = std::chrono::steady_clock;

constexpr int kCallers = 64;
constexpr std::size_t kRecordBytes = 400;

double cpu_micros() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto micros = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    return micros(usage.ru_utime) + micros(usage.ru_stime);
}

// What was measured between construction and report(), with one latency for each commit waited for.
class Measurement {
  public:
    explicit Measurement(std::chrono::seconds length) : ends_(began_ + length) {}

    bool goes_on() const { return Clock::now() < ends_; }
    void add(Clock::time_point since) {
        micros_.push_back(std::chrono::duration<double, std::micro>(Clock::now() - since).count());
    }
    json::Object report(double records_each) {
        const double records = static_cast<double>(micros_.size()) * records_each;
        const double seconds = std::chrono::duration<double>(Clock::now() - began_).count();
        const double cpu = (cpu_micros() - cpu_began_) / records;
        std::sort(micros_.begin(), micros_.end());
        return {{"records_per_s", records / seconds}, {"cpu_us", cpu}, {"p50_us", at(0.50)}, {"p99_us", at(0.99)}};
    }

  private:
    double at(double part) const {
        return micros_[static_cast<std::size_t>(part * static_cast<double>(micros_.size() - 1))];
    }

    const Clock::time_point began_ = Clock::now();
    const Clock::time_point ends_;
    const double cpu_began_ = cpu_micros();
    std::vector<double> micros_;
};

[[noreturn]] void fail(const std::string& why) {
    std::cerr << "audit-writer: " << why << "\n";
    std::exit(1);
}

// As a dry run makes it; about 400 bytes with the digests.
constexpr audit::RecordText kRecord{.tenant = "acme",
                                    .event = "containment_dry_run",
                                    .actor = "client:01a1fd0d-16ef-790d-bf3d-dfef06bff390",
                                    .request_id = "01a1fd0d-16ef-790d-bf3d-dfef06bff391",
                                    .outcome = "resolved",
                                    .detail = R"({"entry":"mcp","by":"bench","action":"network_contain",)"
                                              R"("lookup_type":"hostname","value":"alice-mac.corp.example",)"
                                              R"("reason":"benchmark of the host's own path",)"
                                              R"("targets":[{"connector":"memory","id":"mem-1"}]})"};

base::Task<void> keep_appending(store::Store& store, audit::Trail& trail, Measurement& measured) {
    while (measured.goes_on()) {
        const auto began = Clock::now();
        auto work = [&trail](store::Transaction& transaction) { return trail.append(transaction, kRecord); };
        CO_TRY_VOID(co_await store.write<void>(std::move(work)));
        measured.add(began);
    }
    co_return Result<void>();
}

json::Object measure_trail(const std::filesystem::path& folder, std::chrono::seconds length) {
    auto key = crypto::SealingKey::make(SecretString(std::string(32, 'k')));
    auto store = store::Store::open({.path = folder / "audit.db"});
    if (!key || !store) {
        fail("the store cannot be opened in that folder");
    }
    audit::Trail trail(**store, *key);
    boost::asio::io_context context(1);
    Measurement measured(length);
    for (int caller = 0; caller < kCallers; ++caller) {
        boost::asio::co_spawn(context, keep_appending(**store, trail, measured),
                              [](std::exception_ptr thrown, const Result<void>& outcome) {
                                  if (thrown || !outcome) {
                                      fail("a record was not written");
                                  }
                              });
    }
    context.run();
    return measured.report(1);
}

json::Object measure_bare(const std::filesystem::path& folder, std::chrono::seconds length) {
    const int file = ::open((folder / "bare").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    const std::string block(kRecordBytes * kCallers, 'b');
    Measurement measured(length);
    while (measured.goes_on()) {
        const auto began = Clock::now();
        if (::write(file, block.data(), block.size()) != static_cast<ssize_t>(block.size()) || ::fdatasync(file) != 0) {
            fail("the reference file cannot be written");
        }
        measured.add(began);
    }
    ::close(file);
    return measured.report(kCallers);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        fail("usage: audit-writer FOLDER SECONDS");
    }
    const std::filesystem::path folder = arguments[1];
    const std::chrono::seconds length(std::max(1, std::atoi(arguments[2])));
    json::Object out;
    out["bare"] = measure_bare(folder, length);
    out["trail"] = measure_trail(folder, length);
    std::cout << json::serialize(out) << "\n";
    return 0;
}
