/*
 * Pauses threads at random instructions, so that a race of a few instructions is hit in minutes and not in months.
 *
 * What lives here: a library for LD_PRELOAD (Linux only). It interposes pthread_create. A thread that is started by an
 * addon (*.node) or by libpython gets a timer of its own that sends it, and nobody else, a signal at random times; the
 * handler yields the core or sleeps a random time, and sets the timer again. What must not live here: anything that
 * knows Python, Node or what is being looked for. `chaos.mjs` compiles and runs it.
 *
 * Environment:
 *   PREEMPT_SEED       a number: with the ordinal of a thread it decides about that thread's times, and so does what
 *                      the kernel makes of them: a seed gives the same pauses, not the same instructions
 *   PREEMPT_PERIOD_US  the mean time between two signals of a thread
 *   PREEMPT_PAUSE_US   the longest sleep; three of four signals only yield
 *   PREEMPT_THREADS    `python` (as above) or `all`: also the thread that starts the process and those of its own
 *
 * The handler keeps to what may be called at any instruction: nanosleep and timer_settime (both async-signal-safe by
 * POSIX), sched_yield (a bare system call on Linux), its own thread-local variables, whose memory is there from the
 * thread's start (the initial-exec model: nothing is allocated at the first use), and it leaves errno as it was. It
 * runs on the alternate stack where a thread has one, so that a thread that is about to overflow its stack faults
 * where it would have, and not in here. SA_RESTART restarts what the kernel can restart; what it cannot (poll,
 * epoll_wait, nanosleep) returns EINTR, as after any signal.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

#define THREAD_LOCAL static __thread __attribute__((tls_model("initial-exec")))

typedef int create_function(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

static struct {
    create_function *create;
    int signal;
    uint64_t seed;
    uint64_t period_ns;
    uint64_t pause_ns;
    int all_threads;
} settings;

static atomic_uint_fast64_t started_threads;

THREAD_LOCAL uint64_t chance;
THREAD_LOCAL timer_t timer;
THREAD_LOCAL volatile sig_atomic_t is_armed;

/* xorshift64: its state must not be 0. */
static uint64_t draw(void)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return chance;
}

/* Neighbours among the seeds must not be neighbours among the draws (splitmix64). */
static uint64_t scatter(uint64_t number)
{
    number += 0x9e3779b97f4a7c15u;
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
    number = (number ^ (number >> 27)) * 0x94d049bb133111ebu;
    return (number ^ (number >> 31)) | 1;
}

static struct timespec of_nanoseconds(uint64_t nanoseconds)
{
    return (struct timespec){.tv_sec = (time_t)(nanoseconds / 1000000000u),
                             .tv_nsec = (long)(nanoseconds % 1000000000u)};
}

static void set_timer(void)
{
    struct itimerspec once = {.it_value = of_nanoseconds(1000 + draw() % (2 * settings.period_ns))};
    timer_settime(timer, 0, &once, NULL);
}

static void preempt(int signal_number)
{
    (void)signal_number;
    if (!is_armed)
        return;
    int kept = errno;
    if (draw() % 4 == 0) {
        struct timespec pause = of_nanoseconds(draw() % settings.pause_ns);
        nanosleep(&pause, NULL);
    } else {
        sched_yield();
    }
    set_timer();
    errno = kept;
}

static void arm(void)
{
    struct sigevent event;
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = settings.signal;
    event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
    chance = scatter(settings.seed ^ scatter(atomic_fetch_add(&started_threads, 1)));
    /* Where there are no more timers (RLIMIT_SIGPENDING), this thread runs as it would without us. */
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == 0) {
        is_armed = 1;
        set_timer();
    }
}

static void disarm(void *unused)
{
    (void)unused;
    if (is_armed) {
        is_armed = 0;
        timer_delete(timer);
    }
}

struct start {
    void *(*function)(void *);
    void *argument;
};

static void *run(void *given)
{
    struct start start = *(struct start *)given;
    free(given);
    void *result;
    arm();
    /* Also where the thread ends with pthread_exit. */
    pthread_cleanup_push(disarm, NULL);
    result = start.function(start.argument);
    pthread_cleanup_pop(1);
    return result;
}

static int is_chosen(const void *caller)
{
    Dl_info where;
    if (settings.all_threads)
        return 1;
    return dladdr(caller, &where) != 0 && where.dli_fname != NULL &&
           (strstr(where.dli_fname, ".node") != NULL || strstr(where.dli_fname, "libpython") != NULL);
}

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text == NULL || *text == '\0' ? otherwise : strtoull(text, NULL, 10);
}

static uint64_t at_least_one(uint64_t number)
{
    return number == 0 ? 1 : number;
}

__attribute__((constructor)) static void prepare(void)
{
    const char *threads = getenv("PREEMPT_THREADS");
    settings.create = (create_function *)dlsym(RTLD_NEXT, "pthread_create");
    settings.seed = number_of("PREEMPT_SEED", 1);
    settings.period_ns = at_least_one(number_of("PREEMPT_PERIOD_US", 100)) * 1000;
    settings.pause_ns = at_least_one(number_of("PREEMPT_PAUSE_US", 2000)) * 1000;
    settings.all_threads = threads != NULL && strcmp(threads, "all") == 0;
    /* Above those that glibc and Node use. */
    settings.signal = SIGRTMIN + 5;
    /* What this process starts (python, cc, true) is none of ours. */
    unsetenv("LD_PRELOAD");

    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = preempt;
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    sigaction(settings.signal, &action, NULL);
    if (settings.all_threads)
        arm();
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument)
{
    struct start *start = NULL;
    if (is_chosen(__builtin_return_address(0)))
        start = malloc(sizeof *start);
    if (start == NULL)
        return settings.create(thread, attributes, function, argument);
    *start = (struct start){.function = function, .argument = argument};
    int error = settings.create(thread, attributes, run, start);
    if (error != 0)
        free(start);
    return error;
}
