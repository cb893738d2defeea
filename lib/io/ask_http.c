/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask_http.c - GET and PUT by literal address (RFC 9110), in the ask's
 * namespace, with a stall noticed by what the other end acknowledged.
 */
#include "io/ask_impl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/dial.h"
#include "io/tcpinfo.h"

#define HTTP_PORT 80
#define SAMPLE_MS 50
#define ATTEMPT_DELAY_MS 250L /* RFC 8305 5 */
#define GET_MAX (256u << 20) /* a page never ends: this is enough of it */

struct http {
	CURL *easy;
	struct curl_slist *headers, *resolve;
	char url[2 * V6D_ASK_TEXT + 32];
	char host[V6D_ASK_TEXT + 8];
	int sock; /* curl's, -1 when closed */
	uint64_t queued; /* PUT: bytes handed to curl */
	uint64_t moved, last_moved;
	v6d_ns last_move;
	uint64_t frames, gaps; /* of the peer's GRE when this began */
	bool counting;
};

/* A socket that curl wants watched. */
struct watch {
	uv_poll_t poll;
	struct v6d_asker *asker;
	curl_socket_t fd;
};

/* ---- one request ---- */

static curl_socket_t
open_socket(void *arg, curlsocktype type, struct curl_sockaddr *a)
{
	struct v6d_job *j = arg;
	struct http *x = j->x;
	int maxseg = j->ask.maxseg, fd, r;

	(void)type;
	r = v6d_netns_socket(j->ask.addr2.family && a->family == AF_INET
				 ? j->asker->conf.ns.host_fd
				 : v6d_job_ns(j),
	    a->family, a->socktype, a->protocol, &fd);
	if (r < 0) {
		j->answer.err = -r;
		return CURL_SOCKET_BAD;
	}
	if (j->ask.maxseg)
		setsockopt(
		    fd, IPPROTO_TCP, TCP_MAXSEG, &maxseg, sizeof(maxseg));
	x->sock = fd;
	return fd;
}

static int
close_socket(void *arg, curl_socket_t fd)
{
	struct v6d_job *j = arg;
	struct http *x = j->x;

	if (x->sock == fd)
		x->sock = -1;
	v6d_job_sent_tcp(j, fd);
	return close(fd);
}

/* What the kernel still holds has not been acknowledged. */
static void
sample_upload(struct v6d_job *j)
{
	struct http *x = j->x;
	curl_off_t sent = 0; /* to the kernel; curl has a buffer of its own */
	int held = 0;

	if (!j->ask.put || x->sock < 0)
		return;
	curl_easy_getinfo(x->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
	if (ioctl(x->sock, SIOCOUTQ, &held) < 0 || held < 0)
		return;
	if (sent > held)
		x->moved = (uint64_t)(sent - held);
}

/* Whether the handshake was completed, by what curl noted. */
static void
look_at_connection(struct v6d_job *j)
{
	struct http *x = j->x;
	curl_off_t us = 0;
	const char *ip = NULL;
	int mss = 0;
	socklen_t len = sizeof(mss);

	curl_easy_getinfo(x->easy, CURLINFO_CONNECT_TIME_T, &us);
	curl_easy_getinfo(x->easy, CURLINFO_PRIMARY_IP, &ip);
	j->answer.connected |= us > 0;
	if (us > 0 && ip && ip[0] != '\0')
		j->answer.via = strchr(ip, ':') ? 6 : 4;
	if (j->answer.connected && x->sock >= 0 &&
	    getsockopt(x->sock, IPPROTO_TCP, TCP_MAXSEG, &mss, &len) == 0)
		j->answer.mss = mss;
}

static void
keep_rtt(struct v6d_answer *r, v6d_ns rtt)
{
	if (rtt == 0)
		return;
	if (r->rtt_min == 0 || rtt < r->rtt_min)
		r->rtt_min = rtt;
	if (rtt > r->rtt_max)
		r->rtt_max = rtt;
}

static void
look_at_kernel(struct v6d_job *j)
{
	struct http *x = j->x;
	struct v6d_answer *r = &j->answer;
	struct v6d_tcpinfo i;

	if (x->sock < 0 || !r->connected || !v6d_tcpinfo_read(x->sock, &i))
		return;
	r->segments = i.segments;
	r->again = i.again;
	keep_rtt(r, i.rtt);
	keep_rtt(r, i.rtt_min);
	/* Full ones went out and were acknowledged. */
	if (j->ask.put && x->moved > 4u * i.segment)
		r->packet = i.packet;
}

/* Our connection in the live view of the tunnel, where there is one. */
static const struct v6d_view_flow *
find_flow(const struct v6d_job *j, const struct v6d_view *v)
{
	const struct http *x = j->x;
	struct sockaddr_storage me;
	socklen_t n = sizeof(me);
	uint16_t port;

	if (!v || x->sock < 0 || j->ask.addr.family != 6 ||
	    getsockname(x->sock, (struct sockaddr *)&me, &n) < 0)
		return NULL;
	port = ntohs(((struct sockaddr_in6 *)&me)->sin6_port);
	for (unsigned i = 0; i < v->inner.n_flows; i++)
		if (v->inner.flows[i]->port[0] == port &&
		    v6d_addr_eq(&v->inner.flows[i]->addr[1], &j->ask.addr))
			return v->inner.flows[i];
	return NULL;
}

/* What passed through the tunnel meanwhile. */
static void
look_at_tunnel(struct v6d_job *j)
{
	struct v6d_dial *d = j->asker->conf.dial;
	const struct v6d_view *v =
	    d && j->ask.ns == V6D_NS_TUNNEL ? v6d_dial_view(d) : NULL;
	const struct v6d_view_flow *f = find_flow(j, v);
	struct http *x = j->x;

	if (v && x->counting) {
		const struct v6d_view_gre *g = &v->gre[V6D_DIR_IN];
		uint64_t gaps = v6d_view_odd(g)->gaps;

		j->answer.in_gaps_known = true;
		j->answer.in_frames = (uint32_t)(g->frames - x->frames);
		j->answer.in_gaps =
		    gaps > x->gaps ? (uint32_t)(gaps - x->gaps) : 0;
	}
	if (!f)
		return;
	j->answer.peer_mss = f->d[1].mss;
	j->answer.packet = j->ask.put ? f->d[0].largest_acked : f->d[1].largest;
}

static void
begin_counting(struct v6d_job *j)
{
	struct v6d_dial *d = j->asker->conf.dial;
	const struct v6d_view *v =
	    d && j->ask.ns == V6D_NS_TUNNEL ? v6d_dial_view(d) : NULL;
	struct http *x = j->x;

	x->counting = v != NULL;
	if (!v)
		return;
	x->frames = v->gre[V6D_DIR_IN].frames;
	x->gaps = v6d_view_odd(&v->gre[V6D_DIR_IN])->gaps;
}

static void
sample(struct v6d_job *j)
{
	sample_upload(j);
	look_at_connection(j);
	look_at_kernel(j);
	look_at_tunnel(j);
}

/* A page may never end. */
static bool
enough(const struct v6d_job *j)
{
	const struct http *x = j->x;
	uint64_t max = j->ask.size && !j->ask.put ? j->ask.size : GET_MAX;

	return x->moved >= max;
}

static void
first_byte(struct v6d_job *j)
{
	if (j->answer.first_byte != V6D_NEVER)
		return;
	j->answer.first_byte = v6d_clock_now() - j->asked;
	sample(j); /* a server may answer before it has all of an upload */
}

static size_t
got_body(char *p, size_t size, size_t n, void *arg)
{
	struct v6d_job *j = arg;
	struct http *x = j->x;

	(void)p;
	first_byte(j);
	if (!j->ask.put)
		x->moved += size * n;
	return enough(j) ? 0 : size * n;
}

static size_t
got_header(char *p, size_t size, size_t n, void *arg)
{
	struct v6d_job *j = arg;

	(void)p;
	first_byte(j);
	return size * n;
}

static size_t
give_body(char *p, size_t size, size_t n, void *arg)
{
	struct v6d_job *j = arg;
	struct http *x = j->x;
	uint64_t left = j->ask.size - x->queued;
	size_t take = size * n < left ? size * n : (size_t)left;

	memset(p, 'v', take);
	x->queued += take;
	return take;
}

static void
report(struct v6d_job *j)
{
	struct http *x = j->x;

	curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &j->answer.status);
	j->answer.bytes = x->moved;
}

static void
stalled(struct v6d_job *j)
{
	sample(j);
	report(j);
	j->answer.stalled = true;
	v6d_job_failed(j, ETIMEDOUT);
}

static void
tick(uv_timer_t *t)
{
	struct v6d_job *j = t->data;
	struct http *x = j->x;
	v6d_ns now = v6d_clock_now();

	sample(j);
	if (x->moved != x->last_moved) {
		x->last_moved = x->moved;
		x->last_move = now;
	}
	/* Before the connection stands there is nothing that could stall. */
	if (!j->answer.connected)
		x->last_move = now;
	else if (j->ask.stall && now - x->last_move >= j->ask.stall)
		stalled(j);
}

static void
expired(struct v6d_job *j)
{
	sample(j);
	report(j);
}

static void
closed(struct v6d_job *j)
{
	struct http *x = j->x;

	if (!x || !x->easy)
		return;
	if (j->asker->multi)
		curl_multi_remove_handle(j->asker->multi, x->easy);
	curl_easy_cleanup(x->easy);
	curl_slist_free_all(x->headers);
	curl_slist_free_all(x->resolve);
	x->easy = NULL;
}

static int
curl_errno(const struct http *x, CURLcode c)
{
	long e = 0;

	curl_easy_getinfo(x->easy, CURLINFO_OS_ERRNO, &e);
	if (e != 0)
		return (int)e;
	switch ((int)c) {
	case CURLE_COULDNT_CONNECT:
		return ECONNREFUSED;
	case CURLE_OPERATION_TIMEDOUT:
		return ETIMEDOUT;
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
		return ECONNRESET;
	}
	return EPROTO;
}

static void
finished(struct v6d_job *j, CURLcode c)
{
	struct http *x = j->x;
	long connects = 0;

	curl_easy_getinfo(x->easy, CURLINFO_NUM_CONNECTS, &connects);
	sample(j);
	report(j);
	j->answer.connected |= connects > 0 && c == CURLE_OK;
	if (c == CURLE_OK || (c == CURLE_WRITE_ERROR && enough(j))) {
		v6d_job_done(j);
		return;
	}
	snprintf(j->answer.text, sizeof(j->answer.text), "%s",
	    curl_easy_strerror(c));
	v6d_job_failed(j, j->answer.err ? j->answer.err : curl_errno(x, c));
}

/* ---- libcurl on the loop ---- */

static void
read_results(struct v6d_asker *a)
{
	CURLMsg *m;
	struct v6d_job *j;
	int left;

	while (a->multi && (m = curl_multi_info_read(a->multi, &left))) {
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &j);
		if (!j->over)
			finished(j, m->data.result);
	}
}

static void
curl_timeout(uv_timer_t *t)
{
	struct v6d_asker *a = t->data;
	int running;

	curl_multi_socket_action(a->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	read_results(a);
}

static int
set_timer(CURLM *m, long ms, void *arg)
{
	struct v6d_asker *a = arg;

	(void)m;
	if (ms < 0)
		uv_timer_stop(&a->curl_timer);
	else
		uv_timer_start(&a->curl_timer, curl_timeout, (uint64_t)ms, 0);
	return 0;
}

static void
socket_event(uv_poll_t *h, int status, int events)
{
	struct watch *w = h->data;
	struct v6d_asker *a = w->asker;
	int running, flags = 0;

	if (status < 0)
		flags |= CURL_CSELECT_ERR;
	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	curl_multi_socket_action(a->multi, w->fd, flags, &running);
	read_results(a);
}

static void
watch_closed(uv_handle_t *h)
{
	free(h->data);
}

static struct watch *
watch_new(struct v6d_asker *a, curl_socket_t fd)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->asker = a;
	w->fd = fd;
	w->poll.data = w;
	if (uv_poll_init(a->conf.loop, &w->poll, fd) < 0) {
		free(w);
		return NULL;
	}
	return w;
}

static int
set_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *sockp)
{
	struct v6d_asker *a = arg;
	struct watch *w = sockp;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (w)
			uv_close((uv_handle_t *)&w->poll, watch_closed);
		curl_multi_assign(a->multi, fd, NULL);
		return 0;
	}
	if (!w)
		w = watch_new(a, fd);
	if (!w)
		return -1;
	curl_multi_assign(a->multi, fd, w);
	if (what & CURL_POLL_IN)
		events |= UV_READABLE;
	if (what & CURL_POLL_OUT)
		events |= UV_WRITABLE;
	return uv_poll_start(&w->poll, events, socket_event);
}

int
v6d_ask_http_init(struct v6d_asker *a)
{
	if (a->multi)
		return 0;
	if (curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK)
		return -ENOMEM;
	a->multi = curl_multi_init();
	if (!a->multi)
		return -ENOMEM;
	uv_timer_init(a->conf.loop, &a->curl_timer);
	a->curl_timer.data = a;
	curl_multi_setopt(a->multi, CURLMOPT_SOCKETFUNCTION, set_socket);
	curl_multi_setopt(a->multi, CURLMOPT_SOCKETDATA, a);
	curl_multi_setopt(a->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(a->multi, CURLMOPT_TIMERDATA, a);
	return 0;
}

void
v6d_ask_http_done(struct v6d_asker *a)
{
	if (!a->multi)
		return;
	curl_multi_cleanup(a->multi);
	a->multi = NULL;
	uv_close((uv_handle_t *)&a->curl_timer, NULL);
}

/* By name, with what it resolves to handed in: curl races the families. */
static void
make_race(struct v6d_job *j)
{
	struct http *x = j->x;
	unsigned port = j->ask.port ? j->ask.port : HTTP_PORT;
	char text[V6D_ASK_TEXT + 2 * V6D_ADDR_TEXT + 16];
	char six[V6D_ADDR_TEXT], four[V6D_ADDR_TEXT];

	v6d_addr_text(&j->ask.addr, six, sizeof(six));
	v6d_addr_text(&j->ask.addr2, four, sizeof(four));
	snprintf(
	    text, sizeof(text), "%s:%u:[%s],%s", j->ask.host, port, six, four);
	snprintf(x->url, sizeof(x->url), "http://%s:%u%s%s", j->ask.host, port,
	    j->ask.name[0] == '/' ? "" : "/", j->ask.name);
	x->resolve = curl_slist_append(NULL, text);
	curl_easy_setopt(x->easy, CURLOPT_RESOLVE, x->resolve);
	curl_easy_setopt(
	    x->easy, CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS, ATTEMPT_DELAY_MS);
}

static void
make_url(struct v6d_job *j)
{
	struct http *x = j->x;
	char text[V6D_ADDR_TEXT];
	bool six = j->ask.addr.family == 6;

	if (j->ask.addr2.family) {
		make_race(j);
		return;
	}
	v6d_addr_text(&j->ask.addr, text, sizeof(text));
	snprintf(x->url, sizeof(x->url), "http://%s%s%s:%u%s%s", six ? "[" : "",
	    text, six ? "]" : "", j->ask.port ? j->ask.port : HTTP_PORT,
	    j->ask.name[0] == '/' ? "" : "/", j->ask.name);
	if (j->ask.host[0] == '\0')
		return;
	snprintf(x->host, sizeof(x->host), "Host: %s", j->ask.host);
	x->headers = curl_slist_append(x->headers, x->host);
}

static void
set_options(struct v6d_job *j)
{
	struct http *x = j->x;
	CURL *c = x->easy;

	make_url(j);
	x->headers = curl_slist_append(x->headers, "Expect:");
	curl_easy_setopt(c, CURLOPT_PRIVATE, j);
	curl_easy_setopt(c, CURLOPT_URL, x->url);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, x->headers);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "v6doctor");
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, j);
	curl_easy_setopt(c, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	curl_easy_setopt(c, CURLOPT_CLOSESOCKETDATA, j);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, got_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, j);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, got_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, j);
	if (!j->ask.put)
		return;
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)j->ask.size);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(c, CURLOPT_READDATA, j);
}

int
v6d_ask_http_start(struct v6d_job *j)
{
	struct http *x;
	int r = v6d_ask_http_init(j->asker);

	if (r < 0)
		return r;
	x = calloc(1, sizeof(*x));
	if (!x)
		return -ENOMEM;
	j->x = x;
	x->sock = -1;
	x->easy = curl_easy_init();
	if (!x->easy)
		return -ENOMEM;
	j->on_close = closed;
	j->on_expire = expired;
	x->last_move = v6d_clock_now();
	set_options(j);
	begin_counting(j);
	uv_timer_start(&j->tick, tick, SAMPLE_MS, SAMPLE_MS);
	if (curl_multi_add_handle(j->asker->multi, x->easy) != CURLM_OK)
		return -ENOMEM;
	return 0;
}
