// init: the first process. Opens the console, keeps a shell running, and reaps every process whose parent has gone.
// When the shell has read all there is to read, init exits, and the machine stops.
#include "shell-status.h"
#include "user.h"

static char *const arguments[] = {"sh", 0};

// Descriptors 0, 1 and 2, whichever of them are not open yet.
static void open_console(void) {
  int fd = open("/console", O_RDWR);
  if (fd < 0) {
    mknod("/console", CONSOLE, 0);
    fd = open("/console", O_RDWR);
  }
  if (fd < 0) exit(1);
  while (fd < 2) {
    fd = dup(fd);
    if (fd < 0) exit(1);
  }
  if (fd > 2) close(fd);
}

// Gives the status with which the shell ended.
static int run_shell(void) {
  int shell = fork_settled();
  if (shell == 0) {
    exec("/sh", (char **)arguments);
    printf("init: there is no /sh to run\n");
    exit(END_OF_INPUT | 1);
  }
  if (shell < 0) {
    printf("init: fork was refused\n");
    exit(1);
  }
  for (;;) {
    int status = 0;
    if (wait(&status) == shell) return status;
  }
}

int main(void) {
  open_console();
  for (;;) {
    int status = run_shell();
    if (is_end_of_input(status)) exit(status & LAST_STATUS);
    printf("init: the shell ended with status %d; here is another\n", status);
  }
}
