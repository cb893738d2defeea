/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change_impl.h - between the kinds of change, change*.c. */
#ifndef V6D_GATEWAY_CHANGE_IMPL_H
#define V6D_GATEWAY_CHANGE_IMPL_H

#include "gateway/change.h"

/* The same for undo. */
enum v6d_undo v6d_change_left(struct v6d_changes *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
enum v6d_undo v6d_change_stuck(struct v6d_changes *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes the record; c->why where that fails. */
int v6d_change_note(struct v6d_changes *c, const struct v6d_record *r);

/*
 * The change that was announced last could not be made: its record is closed
 * again. Returns err.
 */
int v6d_change_not_made(struct v6d_changes *c, int err);

/*
 * Ends each process "NAME ... WORD ..." of this host, with SIGTERM first, and
 * SIGKILL after `patience_ms`.
 */
void
v6d_change_end_program(const char *name, const char *word, int patience_ms);

enum v6d_undo
v6d_undo_sysctl(struct v6d_changes *c, const struct v6d_record *r);
enum v6d_undo
v6d_undo_forwarding(struct v6d_changes *c, const struct v6d_record *r);
enum v6d_undo v6d_undo_table(struct v6d_changes *c, const struct v6d_record *r);
enum v6d_undo v6d_undo_addr(struct v6d_changes *c, const struct v6d_record *r);
enum v6d_undo v6d_undo_route(struct v6d_changes *c, const struct v6d_record *r);
enum v6d_undo v6d_undo_rule(struct v6d_changes *c, const struct v6d_record *r);
enum v6d_undo
v6d_undo_folder(struct v6d_changes *c, const struct v6d_record *r);
enum v6d_undo
v6d_undo_advert(struct v6d_changes *c, const struct v6d_record *r);
enum v6d_undo v6d_undo_pppd(struct v6d_changes *c, const struct v6d_record *r);
enum v6d_undo v6d_undo_dns(struct v6d_changes *c, const struct v6d_record *r);

#endif
