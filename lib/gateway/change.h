/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * change.h - every way in which this program changes a host: what undo will
 * need goes into the journal, then the change is made. Undo looks first: what
 * is not as we left it belongs to somebody else now, and stays.
 */
#ifndef V6D_GATEWAY_CHANGE_H
#define V6D_GATEWAY_CHANGE_H

#include "base/addr.h"
#include "base/time.h"
#include "gateway/journal.h"
#include "io/nlgate.h"
#include "proto/nd.h"

#define V6D_CHANGE_WHY 512
#define V6D_CHANGE_PROTO 176 /* "protocol" of our routes and rules */

struct v6d_changes {
	int ns_fd; /* the namespace that is changed; -1: our own */
	int host_fd; /* where name servers are reached; -1: our own */
	struct v6d_journal *j;
	char why[V6D_CHANGE_WHY]; /* of the last failure, or what was left */
	/*
	 * Waits until fd can be read: 0, or -ETIMEDOUT. A live session goes
	 * on carrying packets meanwhile; NULL: none is up.
	 */
	int (*wait)(void *arg, int fd, v6d_ns until);
	void *wait_arg;
};

/* All return 0, or -errno with words in c->why; nothing was changed then. */

/* net/ipv6/conf/...: a number. */
int v6d_change_sysctl(struct v6d_changes *c, const char *path, int64_t value);

/*
 * net/ipv6/conf/all/forwarding = 1, which the kernel copies to every
 * interface: undo gives each its own value back.
 */
int v6d_change_forwarding(struct v6d_changes *c);

/*
 * Gives our table ("ip6 v6doctor_x") this text, in one transaction; what
 * stood in it goes. text: "table ip6 v6doctor_x { ... }". -EEXIST: a table
 * of that name is there and is none of this run's.
 */
int
v6d_change_table(struct v6d_changes *c, const char *table, const char *text);

/* Writes it once more as the journal has it: somebody took it away. */
int v6d_change_table_again(struct v6d_changes *c, const char *table);

/*
 * An address on an interface that outlives us; one that we gave it before gets
 * these lifetimes. -EEXIST: it has it already, and not from us.
 */
int v6d_change_addr(
    struct v6d_changes *c, const char *ifname, const struct v6d_nlgate_addr *a);

/* One that we made before is made again where it is gone. */
int v6d_change_route(struct v6d_changes *c, const struct v6d_nlgate_route *r);
int v6d_change_rule(struct v6d_changes *c, const struct v6d_nlgate_rule *r);

/* Our own folder below /run; undo removes it with the files we put there. */
int v6d_change_folder(struct v6d_changes *c, const char *path);

/*
 * From now on `ifname` is told of this prefix, by the radvd whose
 * configuration is at `conf`. Undo ends that radvd if it still runs, and
 * tells the hosts that neither router nor prefix are to be used any more.
 */
int v6d_change_advert(struct v6d_changes *c, const char *ifname,
    const struct v6d_prefix *prefix, const char *conf);

/*
 * From now on there may be a pppd with the interface `ifname`, by the options
 * (password among them) at that path. Undo ends it if it still runs, and
 * removes that file and the one with its number.
 */
int
v6d_change_pppd(struct v6d_changes *c, const char *ifname, const char *options);

struct v6d_change_dns {
	const char *server, *zone, *name, *key_file; /* zone, key "" : none */
	unsigned ttl_s;
	struct v6d_addr addr;
};

/*
 * Adds an AAAA record by nsupdate and undoes it by removing that record
 * alone. -EACCES: the server refuses; -ETIMEDOUT; -ENOENT: no nsupdate.
 */
int v6d_change_dns(struct v6d_changes *c, const struct v6d_change_dns *d);

/* "2001:db8::/64", as records have it. Returns buf. */
const char *
v6d_change_prefix_text(const struct v6d_prefix *p, char *buf, size_t n);

/*
 * The last change that is not undone and whose record begins with these n
 * words: its entry, or -1.
 */
int v6d_change_noted(
    const struct v6d_journal *j, unsigned n, const char *const *word);

/* Words into c->why. Returns err. */
int v6d_change_told(struct v6d_changes *c, int err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

enum v6d_undo {
	V6D_UNDO_DONE, /* as before, by us or by itself */
	V6D_UNDO_LEFT, /* changed by somebody else meanwhile: c->why */
	V6D_UNDO_FAILED, /* still there: c->why */
};

struct v6d_change_kind {
	const char *name; /* of the record */
	bool lasting; /* outlives the kernel that it was made in */
	enum v6d_undo (*undo)(
	    struct v6d_changes *c, const struct v6d_record *r);
	unsigned n_words; /* at least so many */
};

/* NULL: a record that is no change. */
const struct v6d_change_kind *v6d_change_kind_of(const struct v6d_record *r);

/* "the route default dev v6tun0 table 100": for people. Returns buf. */
const char *v6d_change_text(const struct v6d_record *r, char *buf, size_t n);

/* The same change that entry i made is undone now; its entry is closed. */
enum v6d_undo v6d_change_undo(struct v6d_changes *c, unsigned i);

#endif
