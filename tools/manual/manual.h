/* SPDX-License-Identifier: GPL-2.0-or-later */
/* manual.h - what the generator writes, each to a stream. */
#ifndef V6D_TOOLS_MANUAL_MANUAL_H
#define V6D_TOOLS_MANUAL_MANUAL_H

#include <stdio.h>

#include "v6doctor/cmd.h"

/*
 * v6doctor(1), where `frame` is its hand-written text: a line "@commands" in
 * it stands for the list of commands, "@status" for the exit statuses.
 */
void manual_program(FILE *f, const char *frame);

/* v6doctor-COMMAND(1 or 8); `more`: hand-written sections, or NULL. */
void manual_command(FILE *f, const struct v6d_cmd *c, const char *more);

/* v6doctor.conf(5); `frame` as above, with "@keys"; `example`: a profile in
 * which every key stands once. */
void manual_conf(FILE *f, const char *frame, const char *example);

/* v6doctor-causes(7), v6doctor-probes(7). */
void manual_causes(FILE *f);
void manual_probes(FILE *f);

/* Completions. */
void manual_bash(FILE *f);
void manual_zsh(FILE *f);
void manual_fish(FILE *f);

#endif
