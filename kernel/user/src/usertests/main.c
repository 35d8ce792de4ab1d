// usertests [-q] [names...]: the system calls, one test after the other; -q leaves out the slow ones. With names only these.
// Exit status: 0 when all passed, and memory is as it was before; 2 for a wrong command. Wants the machine for itself.
#include "usertests.h"

static const struct test *const groups[] = {
    argument_tests, process_tests, kill_tests,       memory_tests, pipe_tests,          exec_tests,
    file_tests,     directory_tests, many_files_tests, disk_tests,   out_of_memory_tests,
};

// Longest time, in ticks, that a process may need to end when it is killed, and init to reap it.
#define PATIENCE 100

// The number of a process that has ended; -1: there is none to be had.
static int number_now(void) {
  for (int waited = 0; waited < PATIENCE; waited++) {
    int pid = fork();
    if (pid == 0) exit(0);
    if (pid > 0) return wait(0);
    // The orphans may have every place there is.
    sleep(1);
  }
  return -1;
}

// Ends every descendant of the test `pid`, which has ended itself and left them to init, and waits until init has reaped
// them: none may take a place, a page or a file from the next test. Nobody else forks meanwhile. Gives 0 when one stays.
static int reap_orphans(int pid) {
  int now = number_now();
  for (int orphan = pid + 1; orphan < now; orphan++)
    for (int waited = 0; kill(orphan) == 0; waited++) {
      if (waited == PATIENCE) return 0;
      sleep(1);
    }
  return now > 0;
}

static int run_test(const struct test *test) {
  printf("test %s: ", test->name);
  int pid = fork_settled();
  if (pid == 0) {
    test->run();
    no_children();
    exit(0);
  }
  int status = 0;
  int passed = pid > 0 && wait(&status) == pid && status == 0;
  int reaped = pid < 0 || reap_orphans(pid);
  printf("%s\n", passed && reaped ? "OK" : "FAILED");
  if (!passed && status != CHECK_FAILED) printf("test %s ended with status %d\n", test->name, status);
  if (!reaped) printf("init has not reaped what test %s left\n", test->name);
  return passed && reaped;
}

static int is_named(const struct test *test, int argc, char **argv) {
  for (int i = 0; i < argc; i++)
    if (strcmp(argv[i], test->name) == 0) return 1;
  return argc == 0;
}

static int run_group(const struct test *test, int quick, int argc, char **argv, int *ran) {
  int failed = 0;
  for (; test->name != 0; test++) {
    if (!is_named(test, argc, argv) || (argc == 0 && quick && test->slow)) continue;
    failed += !run_test(test);
    (*ran)++;
  }
  return failed;
}

// Frames that were free before must be free again.
static int memory_is_back(int before) {
  int after = free_pages();
  if (after == before) return 1;
  printf("FAILED: there were %d free pages before, and there are %d now\n", before, after);
  return 0;
}

// Gives how many failed; `*ran`: how many ran. After each group memory must be back, so that it is known which one lost
// some, and that nobody takes or gives any beside those that run it out.
static int run_tests(int quick, int argc, char **argv, int *ran) {
  int before = free_pages();
  int failed = 0;
  for (size_t g = 0; g < LENGTH(groups); g++) {
    int ran_before = *ran;
    failed += run_group(groups[g], quick, argc, argv, ran);
    if (*ran > ran_before) failed += !memory_is_back(before);
  }
  return failed;
}

// A directory of its own, which must be empty again when the tests are over.
static char directory[] = "/ut.0000000000";

static int enter_directory(void) {
  char *digit = directory + sizeof directory - 2;
  for (int pid = getpid(); pid > 0; pid /= 10) *digit-- = (char)('0' + pid % 10);
  if (mkdir(directory) == 0 && chdir(directory) == 0) return 1;
  printf("usertests: cannot make a directory %s to work in\n", directory);
  return 0;
}

static int leave_directory(void) {
  if (chdir("/") == 0 && unlink(directory) == 0) return 1;
  printf("FAILED: %s is not empty\n", directory);
  return 0;
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], EXEC_CHILD) == 0) return exec_child(argc, argv);
  int quick = argc > 1 && strcmp(argv[1], "-q") == 0;
  int skip = 1 + quick;
  if (argc == 0) skip = 0;
  if (!enter_directory()) return 2;
  int ran = 0;
  int failed = run_tests(quick, argc - skip, argv + skip, &ran);
  failed += !leave_directory();
  if (ran == 0) {
    printf("usertests: there is no such test\n");
    return 2;
  }
  printf("%s\n", failed == 0 ? "ALL TESTS PASSED" : "SOME TESTS FAILED");
  return failed == 0 ? 0 : 1;
}
