// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "plugins/job.hpp"

namespace quell::plugins {

void Job::answer(Result<json::Value> result) {
    if (!answered_.exchange(true, std::memory_order_acq_rel)) {
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
