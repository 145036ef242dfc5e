// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/scratch_store.hpp"

namespace quell::store {
namespace {

// Writes rows 1, 2, 3, ... and reports each through the pipe once the store has acknowledged it. Never returns.
[[noreturn]] void write_for_ever(const std::filesystem::path& path, int report) {
    auto store = Store::open({.path = path});
    for (int id = 1; store; ++id) {
        const auto written = (*store)->write_and_wait<std::int64_t>([id](Transaction& transaction) {
            return transaction.run("INSERT INTO crash (round, id) SELECT coalesce(max(round), 0) + (? = 1), ?"
                                   " FROM crash",
                                   id, id);
        });
        if (!written || ::write(report, &id, sizeof id) != sizeof id) {
            break;
        }
    }
    ::_exit(1);
}

// Starts a writer, kills it after `wanted` acknowledged rows and returns how many it had acknowledged.
int kill_after(const std::filesystem::path& path, int wanted) {
    int pipe_ends[2];
    if (::pipe(pipe_ends) != 0) {
        throw std::runtime_error("pipe");
    }
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(pipe_ends[0]);
        write_for_ever(path, pipe_ends[1]);
    }
    ::close(pipe_ends[1]);
    int last = 0;
    for (int id = 0; last < wanted && ::read(pipe_ends[0], &id, sizeof id) == sizeof id;) {
        last = id;
    }
    ::kill(child, SIGKILL);
    for (int id = 0; ::read(pipe_ends[0], &id, sizeof id) == sizeof id;) {
        last = id;  // acknowledged before the kill arrived
    }
    ::close(pipe_ends[0]);
    ::waitpid(child, nullptr, 0);
    return last;
}

// DU-01: the store's half of it.
TEST(Crash, LosesNoAcknowledgedRow) {
    ScratchStore scratch;
    scratch.run("CREATE TABLE crash (round INTEGER, id INTEGER, PRIMARY KEY (round, id)) STRICT");
    scratch.close();

    for (int round = 1; round <= 8; ++round) {
        const int acknowledged = kill_after(scratch.path(), round * 7);
        ASSERT_GE(acknowledged, round * 7);

        scratch.open();
        const auto where = " FROM crash WHERE round = " + std::to_string(round);
        EXPECT_GE(scratch.number("SELECT count(*)" + where), acknowledged);
        EXPECT_LE(scratch.number("SELECT count(*)" + where), acknowledged + 1);
        scratch.close();
    }
}

}  // namespace
}  // namespace quell::store
