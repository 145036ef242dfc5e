// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#pragma once

#include "base/result.hpp"
#include "store/statement.hpp"

namespace quell::store {

// Keeps something in memory in step with the group commit, such as the heads of the audit chains.
// All calls come on the writer thread: after each job one of job_kept and job_undone, then before_commit,
// then one of committed, spoilt and rolled_back. The last two can come at any point and undo the whole group.
class Participant {
  public:
    virtual ~Participant() = default;
    virtual void job_kept() = 0;
    virtual void job_undone() = 0;
    // A failure rolls the whole group back and is what its callers get.
    virtual Result<void> before_commit(Transaction& transaction) = 0;
    virtual void committed() = 0;
    // The same jobs are run again.
    virtual void spoilt() = 0;
    // They failed.
    virtual void rolled_back() = 0;
};

}  // namespace quell::store
