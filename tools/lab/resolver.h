/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolver.h - "v6doctor lab resolver": a resolver that misbehaves. */
#ifndef V6D_TOOLS_LAB_RESOLVER_H
#define V6D_TOOLS_LAB_RESOLVER_H

/*
 * resolver [--ready-fd N] HOW ADDRESS...: answers what comes to port 53 (UDP)
 * of these addresses until it is ended. HOW is a response code (formerr,
 * servfail, nxdomain, notimp, refused), or "MS:RESOLVER": asks that one after
 * so many milliseconds and passes its answer on. Returns an exit status.
 */
int v6d_resolver_main(int argc, char **argv);

#endif
