// What the shell's exit status tells init.
#pragma once

// The shell has read all there is to read. Below it stands the status of the last command.
#define END_OF_INPUT 0x4e00
#define LAST_STATUS 0xff

static inline int is_end_of_input(int status) { return (status & ~LAST_STATUS) == END_OF_INPUT; }
