// list:     pipeline { (; | &) pipeline } [; | &]
// pipeline: stage { | stage }
// stage:    (words and redirections) | ( list ) redirections
#include "shell.h"

// What stands in the line besides words; 0 at its end.
enum { WORD = 'w', APPEND = 'a' };

static const char *at;      // the next character to look at
static const char *problem; // the first thing found wrong

static int token;  // what has been read
static char *word; // if it is a WORD: zero-terminated

static void wrong(const char *what) {
  if (problem == 0) problem = what;
  token = 0;
}

// Room for the parts of one line and for its words, taken from the start again for the next. Each character of a line is
// in one word at most, and each word has its terminating zero.
static char room[16384] __attribute__((aligned(16)));
static size_t used;
static char words[2 * LONGEST_LINE];
static char *next_word;

// Zeroed; 0 when there is no more.
static void *take(size_t bytes) {
  if (bytes > sizeof room - used) {
    wrong("the line has too many parts");
    return 0;
  }
  void *taken = room + used;
  used += (bytes + 15) & ~15UL;
  return memset(taken, 0, bytes);
}

static int is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
static int is_operator(char c) { return c != 0 && strchr("|;&()<>", c) != 0; }

static void read_word(void) {
  word = next_word;
  char quote = 0;
  for (; *at != 0 && (quote != 0 || (!is_blank(*at) && !is_operator(*at))); at++) {
    if (quote != 0 ? *at == quote : *at == '\'' || *at == '"') {
      quote = quote == 0 ? *at : 0;
      continue;
    }
    if (*at == '\\' && quote != '\'' && at[1] != 0) at++;
    *next_word++ = *at;
  }
  *next_word++ = 0;
  token = WORD;
  if (quote != 0) wrong("a quote is not closed");
}

static void advance(void) {
  if (problem != 0) return;
  while (is_blank(*at)) at++;
  token = *at;
  if (token == 0) return;
  if (!is_operator(*at)) {
    read_word();
    return;
  }
  at++;
  if (token != '>' || *at != '>') return;
  token = APPEND;
  at++;
}

static struct job *parse_list(int nesting);

static void parse_redirect(struct redirect ***end) {
  int kind = token;
  advance();
  if (token != WORD) return wrong("after < or > stands the name of a file");
  struct redirect *redirect = take(sizeof *redirect);
  if (redirect == 0) return;
  redirect->fd = kind == '<' ? 0 : 1;
  redirect->flags = kind == '<' ? O_RDONLY : kind == '>' ? O_WRONLY | O_CREATE | O_TRUNC : O_RDWR | O_CREATE;
  redirect->append = kind == APPEND;
  redirect->path = word;
  **end = redirect;
  *end = &redirect->next;
  advance();
}

static void add_word(struct stage *stage) {
  if (stage->group != 0) return wrong("a command stands inside the parentheses or outside, not both");
  if (stage->words == MAX_WORDS) return wrong("a command has too many words");
  stage->argv[stage->words++] = word;
  advance();
}

static void add_group(struct stage *stage, int nesting) {
  if (stage->group != 0 || stage->words > 0) return wrong("a ( stands where a command begins");
  if (nesting == MAX_NESTING) return wrong("too many parentheses inside parentheses");
  advance();
  stage->group = parse_list(nesting + 1);
  if (token != ')') return wrong("a ( is not closed");
  if (stage->group == 0) return wrong("there is nothing between ( and )");
  advance();
}

static struct stage *parse_stage(int nesting) {
  struct stage *stage = take(sizeof *stage);
  if (stage == 0) return 0;
  struct redirect **end = &stage->redirects;
  for (;;) {
    if (token == WORD)
      add_word(stage);
    else if (token == '(')
      add_group(stage, nesting);
    else if (token == '<' || token == '>' || token == APPEND)
      parse_redirect(&end);
    else
      break;
  }
  if (stage->words == 0 && stage->group == 0) wrong("a command is missing");
  return stage;
}

static struct stage *parse_pipeline(int nesting) {
  struct stage *first = parse_stage(nesting);
  struct stage *last = first;
  for (int stages = 1; token == '|'; stages++) {
    if (stages == MAX_STAGES) wrong("a pipeline has too many commands");
    advance();
    last->next = parse_stage(nesting);
    last = last->next;
  }
  return first;
}

static struct job *parse_list(int nesting) {
  struct job *first = 0;
  struct job **end = &first;
  while (token != 0 && token != ')') {
    struct job *job = take(sizeof *job);
    if (job == 0) return 0;
    *end = job;
    end = &job->next;
    job->first = parse_pipeline(nesting);
    job->background = token == '&';
    if (token == ';' || token == '&') advance();
  }
  return first;
}

struct job *parse(const char *line, const char **what) {
  at = line;
  used = 0;
  next_word = words;
  problem = 0;
  advance();
  struct job *jobs = parse_list(0);
  if (token == ')') wrong("a ) has no (");
  *what = problem;
  return problem == 0 ? jobs : 0;
}
