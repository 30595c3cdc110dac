/* The command line: the table commands.def, and what all commands have in common. */
#pragma once

/* Runs `annex COMMAND …`. Returns the exit status: 0 when all is well, 2 when the command line
 * or a file is wrong, else 1. A fault is one line on standard error, `annex: CODE: sentence`. */
int commands_run(int argc, char **argv);
