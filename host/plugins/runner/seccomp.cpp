// SPDX-License-Identifier: Apache-2.0
// Copyright The Quell authors
//
// The system calls that a plugin has no use for, refused with EPERM so that a library which merely probes for
// one goes on. HTTP, time and logs come from the host; threads and memory are the plugin's own affair.

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

#include "plugins/runner/sandbox.hpp"

namespace quell::runner {
namespace {

// By name, since some do not exist on every architecture; the library skips what it does not know.
constexpr std::array kDenied = {
    // the network, and passing descriptors
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg",
    "recvfrom", "recvmsg", "recvmmsg", "shutdown", "getsockopt", "setsockopt", "getsockname", "getpeername",
    // other programs and other processes
    "execve", "execveat", "fork", "vfork", "kill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "ptrace",
    "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "pidfd_open", "pidfd_getfd",
    "pidfd_send_signal", "kcmp", "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler",
    "setpriority", "ioprio_set", "migrate_pages", "move_pages", "setpgid", "setsid", "vhangup",
    // another view of the system, other rights
    "mount", "umount", "umount2", "pivot_root", "chroot", "setns", "unshare", "fsopen", "fsconfig", "fsmount",
    "fspick", "move_mount", "open_tree", "mount_setattr", "setuid", "setgid", "setreuid", "setregid", "setresuid",
    "setresgid", "setfsuid", "setfsgid", "setgroups", "capset", "personality", "chdir", "fchdir",
    // the kernel's larger machinery
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "keyctl",
    "add_key", "request_key", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module",
    "reboot", "swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "syslog", "settimeofday", "clock_settime",
    "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "iopl", "ioperm", "modify_ldt", "fanotify_init",
    "inotify_init", "inotify_init1", "inotify_add_watch", "lookup_dcookie", "name_to_handle_at",
    "open_by_handle_at", "vmsplice",
    // memory that RLIMIT_DATA does not count, and what several processes share
    "memfd_create", "memfd_secret", "shmget", "shmat", "shmctl", "msgget", "msgsnd", "msgrcv", "msgctl", "semget",
    "semop", "semtimedop", "semctl", "mq_open", "mq_unlink",
    // changing files: what Landlock does not judge, and the rest for kernels without it
    "creat", "truncate", "ftruncate", "fallocate", "rename", "renameat", "renameat2", "link", "linkat", "symlink",
    "symlinkat", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "mknod", "mknodat", "chmod", "fchmod",
    "fchmodat", "chown", "fchown", "lchown", "fchownat", "utime", "utimes", "utimensat", "futimesat", "setxattr",
    "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "umask"};

// Newer than libseccomp 2.5.4, by number, which is the same on every 64-bit Linux: fchmodat2, setxattrat,
// removexattrat, open_tree_attr, file_setattr.
constexpr std::array kDeniedByNumber = {452, 463, 466, 467, 469};

struct Release {
    void operator()(void* filter) const { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

// libseccomp's own macros for this are C99 compound literals, which C++ does not have.
scmp_arg_cmp argument(unsigned index, scmp_compare comparison, scmp_datum_t first, scmp_datum_t second = 0) {
    return {.arg = index, .op = comparison, .datum_a = first, .datum_b = second};
}

bool deny(void* filter, int call) {
    return ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0) == 0;
}

template <class... Arguments>
bool deny_where(void* filter, int call, Arguments... arguments) {
    const int result = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, sizeof...(arguments), arguments...);
    return result == 0 || result == -EDOM;  // EDOM: not a call of this architecture
}

bool deny_listed(void* filter) {
    bool all = true;
    for (const char* name : kDenied) {
        const int call = ::seccomp_syscall_resolve_name(name);
        all = all && (call < 0 || deny(filter, call));
    }
    for (const int call : kDeniedByNumber) {
        all = all && deny(filter, call);
    }
    return all;
}

// A process is refused, a thread is not. glibc falls back from clone3 (whose flags lie in memory, out of the
// filter's sight) to clone.
bool deny_processes(void* filter) {
    return deny_where(filter, SCMP_SYS(clone), argument(0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)) &&
           ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

// abort() signals the process itself; anything else's limits and threads are not the plugin's.
bool deny_reaching_others(void* filter) {
    const auto self = static_cast<scmp_datum_t>(::getpid());
    return deny_where(filter, SCMP_SYS(tgkill), argument(0, SCMP_CMP_NE, self)) &&
           deny_where(filter, SCMP_SYS(prlimit64), argument(0, SCMP_CMP_NE, 0)) &&
           deny_where(filter, SCMP_SYS(prctl), argument(0, SCMP_CMP_EQ, PR_SET_PDEATHSIG)) &&
           deny_where(filter, SCMP_SYS(prctl), argument(0, SCMP_CMP_EQ, PR_SET_DUMPABLE));
}

bool deny_uncounted_memory(void* filter) {
    constexpr scmp_datum_t kSharedAnonymous = MAP_SHARED | MAP_ANONYMOUS;
    return deny_where(filter, SCMP_SYS(mmap), argument(3, SCMP_CMP_MASKED_EQ, kSharedAnonymous, kSharedAnonymous));
}

// Opening to write or to create. openat2 keeps its flags in memory, so it is not there at all.
bool deny_writing_files(void* filter) {
    bool all = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2), 0) == 0;
    for (const scmp_datum_t bits : {scmp_datum_t{O_WRONLY}, scmp_datum_t{O_RDWR}, scmp_datum_t{O_CREAT}}) {
        all = all && deny_where(filter, SCMP_SYS(open), argument(1, SCMP_CMP_MASKED_EQ, bits, bits)) &&
              deny_where(filter, SCMP_SYS(openat), argument(2, SCMP_CMP_MASKED_EQ, bits, bits));
    }
    return all;
}

}  // namespace

bool restrict_syscalls() {
    const Filter filter(::seccomp_init(SCMP_ACT_ALLOW));
    return filter && deny_listed(filter.get()) && deny_processes(filter.get()) &&
           deny_reaching_others(filter.get()) && deny_uncounted_memory(filter.get()) &&
           deny_writing_files(filter.get()) && ::seccomp_load(filter.get()) == 0;
}

}  // namespace quell::runner
