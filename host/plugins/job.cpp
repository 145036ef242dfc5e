// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/job.hpp"

#include "plugins/instance.hpp"

namespace quell::plugins {

void Job::answer(Result<json::Value> result) {
    if (!answered_.exchange(true, std::memory_order_acq_rel)) {
        if (ConnectorMeters* meters = call.instance.meters.get()) {
            meters->called(result ? Code::ok : result.error()->code, std::chrono::steady_clock::now() - made_at);
        }
        deliver(std::move(result));
    }
}

void Job::follow(const std::stop_token& caller) {
    if (caller.stop_possible()) {
        on_stop_.emplace(caller, OnStop{weak_from_this()});
    }
}

void Job::OnStop::operator()() const {
    if (const auto job_held = job.lock()) {
        job_held->call.cancel();
        job_held->answer(call_cancelled());
    }
}

}  // namespace quell::plugins
