/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright The Quell authors */

/* Tries from its constructor, before anything of it is called, what the sandbox must refuse; resolve tells what
 * succeeded, as devices. Threads and memory must still be there. */
#define _GNU_SOURCE
#include "test_plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

QUELL_TEST_MANIFEST(QUELL_TEST_HEAD("probe", QUELL_TEST_DEVICES) "}");

struct quell_instance {
    const quell_call_api *call;
};

static char kSucceeded[1024];

static void note(const char *what, int worked) {
    if (worked) {
        strncat(kSucceeded, kSucceeded[0] == '\0' ? "" : " ", sizeof kSucceeded - strlen(kSucceeded) - 1);
        strncat(kSucceeded, what, sizeof kSucceeded - strlen(kSucceeded) - 1);
    }
}

static int opens(const char *path, int flags) {
    const int fd = open(path, flags, 0600);
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

static int runs_program(void) {
    char *arguments[] = {(char *)"/bin/true", NULL};
    const pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        _exit(0);
    }
    if (child > 0) {
        waitpid(child, NULL, 0);
        return 1;
    }
    /* In a process that may not fork: exec would replace it, which the test would see as its end. */
    execv(arguments[0], arguments);
    return 0;
}

static void *in_thread(void *argument) {
    *(int *)argument = 1;
    return NULL;
}

static int has_threads(void) {
    pthread_t thread;
    int ran = 0;
    return pthread_create(&thread, NULL, in_thread, &ran) == 0 && pthread_join(thread, NULL) == 0 && ran;
}

/* 0 to 4 are the runner's; the test keeps others open in the host, and lets them be inherited. */
static int has_more_descriptors(void) {
    for (int fd = 5; fd < 4096; ++fd) {
        if (fcntl(fd, F_GETFD) >= 0) {
            return 1;
        }
    }
    return 0;
}

__attribute__((constructor)) static void probe(void) {
    note("socket", socket(AF_INET, SOCK_STREAM, 0) >= 0);
    note("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){0, 0}) == 0);
    note("passwd", opens("/etc/passwd", O_RDONLY));
    note("proc", opens("/proc/self/environ", O_RDONLY));
    note("write", opens("/tmp/quell-probe", O_WRONLY | O_CREAT));
    note("mkdir", mkdir("/tmp/quell-probe-dir", 0700) == 0);
    note("chmod", chmod("/tmp", 0777) == 0);
    note("fork", runs_program());
    note("kill", kill(getppid(), 0) == 0);
    note("ptrace", ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0);
    note("unshare", unshare(CLONE_NEWUSER) == 0);
    note("memfd", memfd_create("x", 0) >= 0);
    note("shared-memory", mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
    note("outlive", prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) == 0);
    note("io_uring", syscall(SYS_io_uring_setup, 1, NULL) >= 0 || errno == EFAULT);
    note("environment", getenv("PATH") != NULL);
    note("descriptors", has_more_descriptors());
    note("threads", has_threads());
    note("libraries", opens("/usr/lib/os-release", O_RDONLY));
}

static void resolve(quell_instance *self, quell_call *call, quell_str request) {
    char text[1200];
    (void)request;
    snprintf(text, sizeof text,
             "{\"devices\":[{\"provider_device_id\":\"probe\",\"hostname\":\"%.400s\",\"containment_state\":\"normal\","
             "\"match\":\"exact\"}]}",
             kSucceeded);
    self->call->reply(call, test_text(text));
}

static int32_t create(quell_host *host, const quell_host_api *api, quell_call *call, quell_str config,
                      quell_instance **out) {
    (void)call;
    (void)config;
    *out = calloc(1, sizeof **out);
    (*out)->call = api->service(host, test_text("quell.call/1"));
    return QUELL_OK;
}

static void destroy(quell_instance *self) { free(self); }

static const quell_device_containment_v1 kContainment = {sizeof kContainment, 0, resolve, resolve, resolve};

static const void *capability(quell_str id) { return test_equal(id, "device_containment/1") ? &kContainment : NULL; }

QUELL_TEST_EXPORT const quell_plugin *quell_plugin_entry(uint32_t host_major, uint32_t host_minor);
const quell_plugin *quell_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    static const quell_plugin plugin = {sizeof plugin, QUELL_ABI_MAJOR, QUELL_ABI_MINOR, 0,
                                        {kManifest, sizeof kManifest}, create, destroy, capability};
    (void)host_major;
    (void)host_minor;
    return &plugin;
}
