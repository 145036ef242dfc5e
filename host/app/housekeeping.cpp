// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include "app/housekeeping.hpp"

#include "base/clock.hpp"
#include "store/expiry.hpp"

namespace quell::app {
namespace {

constexpr std::chrono::minutes kEvery{10};

Result<void> remove_expired(store::Transaction& transaction) {
    TRY([[maybe_unused]] const std::int64_t removed, store::delete_expired(transaction, wall_now()));
    return {};
}

}  // namespace

void Housekeeping::start() {
    timer_.expires_after(kEvery);
    timer_.async_wait([this](boost::system::error_code failure) {
        if (failure) {
            return;
        }
        // A full queue or a failed store is logged there; the next round tries again.
        static_cast<void>(store_.write_later(remove_expired));
        start();
    });
}

}  // namespace quell::app
