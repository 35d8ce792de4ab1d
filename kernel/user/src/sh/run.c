#include "shell.h"

// What cannot be run gives this status, as with other shells.
#define CANNOT_RUN 127

static int change_directory(struct stage *stage) {
  const char *to = stage->words > 1 ? stage->argv[1] : "/";
  if (chdir(to) == 0) return 0;
  fprintf(2, "sh: cannot cd to %s\n", to);
  return 1;
}

static void move_to_end(int fd) {
  static char skipped[BSIZE];
  while (read(fd, skipped, sizeof skipped) > 0) {
  }
}

static void apply(const struct redirect *redirect) {
  for (; redirect != 0; redirect = redirect->next) {
    close(redirect->fd);
    // The lowest free descriptor, which is the one that was closed.
    if (open(redirect->path, redirect->flags) != redirect->fd) {
      fprintf(2, "sh: cannot open %s\n", redirect->path);
      exit(1);
    }
    if (redirect->append) move_to_end(redirect->fd);
  }
}

static void run_words(struct stage *stage) {
  char *name = stage->argv[0];
  if (strcmp(name, "cd") == 0) exit(change_directory(stage));
  exec(name, stage->argv);
  if (strchr(name, '/') == 0 && strlen(name) < LONGEST_LINE) {
    char path[1 + LONGEST_LINE] = "/";
    strcpy(path + 1, name);
    exec(path, stage->argv);
  }
  fprintf(2, "sh: cannot run %s\n", name);
  exit(CANNOT_RUN);
}

// In a process of its own.
static void run_stage(struct stage *stage) {
  apply(stage->redirects);
  if (stage->group != 0) exit(run(stage->group, 0));
  run_words(stage);
}

static void become(int fd, int end) {
  close(fd);
  dup(end);
  close(end);
}

// Starts every stage, and gives how many; a pipe from each to the next.
static int start(struct stage *stage, int *pids) {
  int started = 0;
  int input = -1;
  for (; stage != 0; stage = stage->next) {
    int ends[2] = {-1, -1};
    if (stage->next != 0 && pipe(ends) < 0) {
      fprintf(2, "sh: there is no pipe to be had\n");
      break;
    }
    int pid = fork_settled();
    if (pid == 0) {
      if (input >= 0) become(0, input);
      if (stage->next != 0) {
        close(ends[0]);
        become(1, ends[1]);
      }
      run_stage(stage);
    }
    if (input >= 0) close(input);
    if (ends[1] >= 0) close(ends[1]);
    input = ends[0];
    if (pid < 0) {
      fprintf(2, "sh: fork was refused\n");
      break;
    }
    pids[started++] = pid;
  }
  if (input >= 0) close(input);
  return started;
}

// The status of the last of these processes. A shell that is itself the first process reaps others too, as init would.
static int wait_for(const int *pids, int count) {
  int result = 1;
  for (int left = count; left > 0;) {
    int status = 0;
    int pid = wait(&status);
    if (pid < 0) break;
    for (int i = 0; i < count; i++) left -= pids[i] == pid;
    if (pid == pids[count - 1]) result = status;
  }
  return result;
}

// By a process that ends at once: so these become init's, which reaps them. The shell may not wait for a process again
// for a long time, and they would fill the table. 0, or 1 when not all could be started.
static int start_in_background(struct stage *first, int stages) {
  int pids[MAX_STAGES];
  int pid = fork_settled();
  if (pid == 0) exit(start(first, pids) != stages);
  if (pid > 0) return wait_for(&pid, 1);
  fprintf(2, "sh: fork was refused\n");
  return 1;
}

static int run_job(struct job *job, int last) {
  struct stage *first = job->first;
  // Where no process of its own is wanted, cd is the shell's.
  int alone = first->next == 0 && first->redirects == 0 && first->group == 0 && !job->background;
  if (alone && strcmp(first->argv[0], "cd") == 0) return change_directory(first);
  int stages = 0;
  for (struct stage *stage = first; stage != 0; stage = stage->next) stages++;
  if (job->background) return start_in_background(first, stages) == 0 ? last : 1;
  int pids[MAX_STAGES];
  int started = start(first, pids);
  int status = wait_for(pids, started);
  return started == stages ? status : 1;
}

int run(struct job *jobs, int last) {
  for (; jobs != 0; jobs = jobs->next) last = run_job(jobs, last);
  return last;
}
