/** How the machine's clock goes while nobody has anything to do. */
export const times = ['real', 'virtual'] as const;

/** In raw mode Ctrl-C is a byte like any other; here it becomes the signal again. */
export const terminalEvents = {
  interrupted: () => void process.kill(process.pid, 'SIGINT'),
  failed: (why: string) => void process.stderr.write(`hartbreak: standard input cannot be read and ends: ${why}\n`),
};
