// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

namespace quell::identity {

// Keeps what is remembered about credentials exact while they are taken back (V27). One per process, any thread.
// Whoever revokes holds a Guard from before the write until after its commit (capture it in the write's function).
// While any guard lives nothing remembered is used, and what was remembered before the last one ended never is again.
class RevocationClock {
  public:
    using Guard = std::shared_ptr<void>;

    Guard begin();

    // What may be remembered now carries this mark; nothing if a revocation is under way. Take it before reading.
    std::uint64_t mark() const;
    // Whether something that carries the mark still holds.
    bool is_current(std::uint64_t mark) const { return mark != kNone && mark == this->mark(); }

    static constexpr std::uint64_t kNone = 0;

  private:
    std::atomic<std::uint64_t> ended_ = 1;
    std::atomic<std::uint32_t> under_way_ = 0;
};

}  // namespace quell::identity
