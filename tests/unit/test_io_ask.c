/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_io_ask.c - asks carried out in a private namespace, where small
 * servers of this test answer on the loopback. Needs the right to make one.
 */
#include "ask_help.h"

static uint16_t
serve(struct world *w, int type, uv_poll_cb cb)
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t n = sizeof(sa);

	assert_int_equal(
	    v6d_netns_socket(w->ns, AF_INET6, type, 0, &w->server), 0);
	assert_int_equal(bind(w->server, (struct sockaddr *)&sa, n), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(w->server, 4), 0);
	assert_int_equal(getsockname(w->server, (struct sockaddr *)&sa, &n), 0);
	if (cb) {
		uv_poll_init(&w->loop, &w->server_poll, w->server);
		w->server_poll.data = w;
		uv_poll_start(&w->server_poll, UV_READABLE, cb);
		w->served = true;
	}
	return ntohs(sa.sin6_port);
}

static void
test_tcp(void **state)
{
	struct world *w = *state;
	struct v6d_ask a;
	const struct v6d_answer *r;

	if (!w)
		skip();
	a = to(V6D_ASK_TCP, "::1", serve(w, SOCK_STREAM, NULL));
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_true(r->connected);
	assert_int_equal(r->err, 0);
	assert_true(r->mss > 0);
}

static void
test_tcp_refused(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_TCP, "127.0.0.1", 9);
	const struct v6d_answer *r;

	if (!w)
		skip();
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_false(r->connected);
	assert_int_equal(r->err, ECONNREFUSED);
}

/* A namespace without routes says so at once: that is an observation. */
static void
test_tcp_no_route(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_TCP, "2001:db8::1", 80);
	const struct v6d_answer *r;

	if (!w)
		skip();
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->err, ENETUNREACH);
}

static void
test_ping(void **state)
{
	struct world *w = *state;
	static const char *const addrs[] = { "::1", "127.0.0.1" };
	const struct v6d_answer *r;

	if (!w)
		skip();
	for (size_t k = 0; k < V6D_ARRAY_LEN(addrs); k++) {
		struct v6d_ask a = to(V6D_ASK_PING, addrs[k], 0);

		a.df = true;
		a.n_frames = 4;
		a.frames[0].outer_len = 100;
		a.frames[1].outer_len = 1500;
		a.frames[2].outer_len = 1; /* as short as it can be */
		a.frames[3].outer_len = 64;
		w->n_answers = 0;
		r = ask(w, &a);
		assert_int_equal(r->how, V6D_ANSWER_DONE);
		for (unsigned i = 0; i < 4; i++) {
			assert_true(r->frames[i].sent);
			assert_true(r->frames[i].answered);
			assert_false(r->frames[i].changed);
		}
		assert_int_equal(r->frames[0].len, 100);
		assert_int_equal(r->frames[1].len, 1500);
		assert_int_equal(r->frames[2].len, k == 0 ? 48 : 28);
	}
}

/* The first answer ends it: what would come a gap later is not sent. */
static void
test_ping_closes(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_PING, "::1", 0);
	const struct v6d_answer *r;

	if (!w)
		skip();
	a.gap = V6D_S(2);
	a.n_frames = 3;
	for (unsigned i = 0; i < 3; i++) {
		a.frames[i].outer_len = 84;
		a.frames[i].closes = true;
	}
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_true(r->frames[0].answered);
	assert_false(r->frames[1].sent);
	assert_false(r->frames[2].sent);
}

/* Without df a long one goes in pieces, and comes back as one message. */
static void
test_ping_pieces(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_PING, "::1", 0);
	const struct v6d_answer *r;

	if (!w)
		skip();
	a.n_frames = 1;
	a.frames[0].outer_len = 3000;
	r = ask(w, &a);
	assert_true(r->frames[0].answered);
	assert_int_equal(r->frames[0].len, 3000);
}

static void
test_ping_no_route(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_PING, "2001:db8::1", 0);
	const struct v6d_answer *r;

	if (!w)
		skip();
	a.n_frames = 1;
	a.frames[0].outer_len = 100;
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->err, ENETUNREACH);
	assert_false(r->frames[0].answered);
}

/* Answers www.example.net AAAA 2001:db8::80, whatever was asked. */
static void
dns_server(uv_poll_t *h, int status, int events)
{
	struct world *w = h->data;
	uint8_t b[512];
	static const uint8_t rr[] = { 0xc0, 12, 0, 28, 0, 1, 0, 0, 0, 9, 0, 16,
		0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80 };
	struct sockaddr_in6 from;
	socklen_t len = sizeof(from);
	ssize_t n = recvfrom(
	    w->server, b, sizeof(b), 0, (struct sockaddr *)&from, &len);

	(void)status;
	(void)events;
	assert_true(n > 12 && (size_t)n + sizeof(rr) <= sizeof(b));
	b[2] |= 0x80;
	b[7] = 1;
	memcpy(b + n, rr, sizeof(rr));
	/* First a stranger's: another identifier. It must be left alone. */
	b[0] ^= 0xff;
	sendto(w->server, b, (size_t)n + sizeof(rr), 0,
	    (struct sockaddr *)&from, len);
	b[0] ^= 0xff;
	sendto(w->server, b, (size_t)n + sizeof(rr), 0,
	    (struct sockaddr *)&from, len);
}

static void
test_dns(void **state)
{
	struct world *w = *state;
	struct v6d_addr want;
	struct v6d_ask a;
	const struct v6d_answer *r;

	if (!w)
		skip();
	v6d_addr_parse("2001:db8::80", &want);
	a = to(V6D_ASK_DNS, "::1", serve(w, SOCK_DGRAM, dns_server));
	a.qtype = 28;
	snprintf(a.name, sizeof(a.name), "%s", "www.Example.net.");
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->err, 0);
	assert_int_equal(r->rcode, 0);
	assert_int_equal(r->n_addrs, 1);
	assert_true(v6d_addr_eq(&r->addrs[0], &want));
}

static void
test_dns_refused(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_DNS, "127.0.0.1", 9);
	const struct v6d_answer *r;

	if (!w)
		skip();
	a.qtype = 1;
	snprintf(a.name, sizeof(a.name), "%s", "www.example.net");
	r = ask(w, &a);
	assert_int_equal(r->err, ECONNREFUSED);
}

static void
test_dns_silence(void **state)
{
	struct world *w = *state;
	struct v6d_ask a;
	const struct v6d_answer *r;

	if (!w)
		skip();
	a = to(V6D_ASK_DNS, "::1", serve(w, SOCK_DGRAM, NULL));
	a.qtype = 1;
	a.timeout = V6D_MS(30);
	snprintf(a.name, sizeof(a.name), "%s", "www.example.net");
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_TIMEOUT);
}

/* One request is read; then BODY bytes, of which only `give` come. */
#define BODY 100000
static size_t give, wanted;
static int client = -1;

static void
http_client(uv_poll_t *h, int status, int events)
{
	char req[2048];
	static char body[BODY];
	static const char head[] =
	    "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
	ssize_t n = recv(client, req, sizeof(req) - 1, 0);

	(void)status;
	(void)events;
	uv_close((uv_handle_t *)h, (uv_close_cb)free);
	assert_true(n > 0);
	req[n] = '\0';
	assert_non_null(strstr(req, "GET /page HTTP/1.1\r\n"));
	assert_non_null(strstr(req, "Host: www.example.net\r\n"));
	assert_true(send(client, head, sizeof(head) - 1, 0) > 0);
	if (give > 0)
		assert_int_equal(send(client, body, give, 0), give);
}

static void
http_server(uv_poll_t *h, int status, int events)
{
	struct world *w = h->data;
	uv_poll_t *p = malloc(sizeof(*p));
	int big = 1 << 20;

	(void)status;
	(void)events;
	client = accept4(w->server, NULL, NULL, SOCK_NONBLOCK);
	assert_true(client >= 0);
	setsockopt(client, SOL_SOCKET, SO_SNDBUF, &big, sizeof(big));
	uv_poll_init(&w->loop, p, client);
	uv_poll_start(p, UV_READABLE, http_client);
}

static const struct v6d_answer *
get(struct world *w, size_t bytes)
{
	struct v6d_ask a =
	    to(V6D_ASK_HTTP, "::1", serve(w, SOCK_STREAM, http_server));
	const struct v6d_answer *r;

	give = bytes;
	a.stall = V6D_MS(100);
	a.size = wanted;
	snprintf(a.name, sizeof(a.name), "%s", "/page");
	snprintf(a.host, sizeof(a.host), "%s", "www.example.net");
	r = ask(w, &a);
	close(client);
	return r;
}

static void
test_http_get(void **state)
{
	struct world *w = *state;
	const struct v6d_answer *r;

	if (!w)
		skip();
	r = get(w, BODY);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->err, 0);
	assert_true(r->connected);
	assert_int_equal(r->status, 200);
	assert_int_equal(r->bytes, BODY);
	assert_false(r->stalled);
	assert_true(r->first_byte != V6D_NEVER);
}

/* What is asked for is enough; the rest of the page is not waited for. */
static void
test_http_enough(void **state)
{
	struct world *w = *state;
	const struct v6d_answer *r;

	if (!w)
		skip();
	wanted = 5000;
	r = get(w, 50000);
	wanted = 0;
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->err, 0);
	assert_true(r->connected);
	assert_int_equal(r->status, 200);
	assert_true(r->bytes >= 5000);
}

static void
test_http_stall(void **state)
{
	struct world *w = *state;
	const struct v6d_answer *r;

	if (!w)
		skip();
	r = get(w, 1000);
	assert_true(r->connected);
	assert_true(r->stalled);
	assert_int_equal(r->bytes, 1000);
}

static void
test_http_refused(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_HTTP, "::1", 9);
	const struct v6d_answer *r;

	if (!w)
		skip();
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_false(r->connected);
	assert_int_equal(r->err, ECONNREFUSED);
	assert_int_equal(r->status, 0);
}

static void
test_kernel(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_SYSCTL, NULL, 0);
	const struct v6d_answer *r;

	if (!w)
		skip();
	snprintf(a.name, sizeof(a.name), "%s", "net/ipv6/conf/lo/mtu");
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->value, 65536);
	w->n_answers = 0;
	a = to(V6D_ASK_ROUTE_TO, "2001:db8::1", 0);
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->n_routes, 0);
	assert_int_equal(r->err, ENETUNREACH);
	w->n_answers = 0;
	a = to(V6D_ASK_SYSCTL, NULL, 0);
	snprintf(a.name, sizeof(a.name), "%s", "net/ipv6/no-such-thing");
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_REFUSED);
	assert_int_equal(r->err, ENOENT);
}

static void
test_sleep_and_no_session(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_SLEEP, NULL, 0);
	const struct v6d_answer *r;

	if (!w)
		skip();
	a.timeout = V6D_MS(5);
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_true(r->took >= V6D_MS(5));
	w->n_answers = 0;
	a = to(V6D_ASK_SESSION, NULL, 0);
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_REFUSED);
	assert_string_equal(r->text, "no server named");
	w->n_answers = 0;
	a = to(V6D_ASK_BURST, NULL, 0);
	a.n_frames = 1;
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_REFUSED);
}

/* Without a tunnel what belongs into it is refused, with the reason. */
static void
test_no_tunnel(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_TCP, "::1", 80);
	const struct v6d_answer *r;

	if (!w)
		skip();
	a.ns = V6D_NS_TUNNEL;
	v6d_asker_set_tunnel(w->asker, NULL, "no /dev/net/tun");
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_REFUSED);
	assert_string_equal(r->text, "no /dev/net/tun");
}

static void
test_flows(void **state)
{
	struct world *w = *state;
	struct v6d_ask a;
	const struct v6d_answer *r;

	if (!w)
		skip();
	a = to(V6D_ASK_FLOWS, "::1", serve(w, SOCK_STREAM, NULL));
	assert_int_equal(listen(w->server, 64), 0);
	a.flows = 40;
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->err, 0);
	assert_int_equal(r->flows, 40);
	assert_int_equal(r->flows_failed, 0);
	assert_int_equal(r->flows_asked, V6D_ASK_OLD_FLOWS);
	assert_int_equal(r->flows_alive, V6D_ASK_OLD_FLOWS);
}

/* A queue of four (and one) takes no more; those in it stay. */
static void
test_flows_limit(void **state)
{
	struct world *w = *state;
	struct v6d_ask a;
	const struct v6d_answer *r;

	if (!w)
		skip();
	a = to(V6D_ASK_FLOWS, "::1", serve(w, SOCK_STREAM, NULL));
	a.flows = 40;
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->err, ETIMEDOUT);
	assert_int_equal(r->flows, 5);
	assert_int_equal(r->flows_failed, 11);
	assert_int_equal(r->flows_alive, 5);
}

/* Answers each query but those from the fifth port on. */
static void
few_ports(uv_poll_t *h, int status, int events)
{
	static uint16_t ports[4];
	static unsigned n;
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	uint8_t p[512];
	ssize_t got;
	int fd = ((struct world *)h->data)->server;

	(void)status;
	(void)events;
	got = recvfrom(fd, p, sizeof(p), 0, (struct sockaddr *)&from, &len);
	if (got < 12)
		return;
	for (unsigned i = 0; i <= n && i < 4; i++) {
		if (i == n)
			ports[n++] = from.sin_port;
		if (ports[i] != from.sin_port)
			continue;
		p[2] |= 0x80; /* it is a response */
		sendto(fd, p, (size_t)got, 0, (struct sockaddr *)&from, len);
		return;
	}
}

/* UDP is short while TCP takes more; those that stand answer again. */
static void
test_flows_udp(void **state)
{
	struct world *w = *state;
	struct sockaddr_in sa = { .sin_family = AF_INET };
	socklen_t n = sizeof(sa);
	const struct v6d_answer *r;
	struct v6d_ask a;
	int tcp;

	if (!w)
		skip();
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(
	    v6d_netns_socket(w->ns, AF_INET, SOCK_STREAM, 0, &tcp), 0);
	assert_int_equal(bind(tcp, (struct sockaddr *)&sa, n), 0);
	assert_int_equal(listen(tcp, 64), 0);
	assert_int_equal(getsockname(tcp, (struct sockaddr *)&sa, &n), 0);
	a = to(V6D_ASK_FLOWS, "127.0.0.1", ntohs(sa.sin_port));
	sa.sin_port = 0;
	assert_int_equal(
	    v6d_netns_socket(w->ns, AF_INET, SOCK_DGRAM, 0, &w->server), 0);
	assert_int_equal(bind(w->server, (struct sockaddr *)&sa, n), 0);
	assert_int_equal(getsockname(w->server, (struct sockaddr *)&sa, &n), 0);
	uv_poll_init(&w->loop, &w->server_poll, w->server);
	w->server_poll.data = w;
	uv_poll_start(&w->server_poll, UV_READABLE, few_ports);
	w->served = true;
	a.timeout = V6D_S(10);
	a.flows = 20;
	a.udp_flows = 10;
	a.udp_addr = a.addr;
	a.udp_port = ntohs(sa.sin_port);
	snprintf(a.name, sizeof(a.name), "example.net");
	a.qtype = 1;
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->flows, 20);
	assert_int_equal(r->udp, 4);
	assert_int_equal(r->udp_failed, 6);
	assert_int_equal(r->udp_asked, 4);
	assert_int_equal(r->udp_alive, 4);
	assert_true(r->more_asked && r->more_up);
	assert_false(r->udp_other_asked || r->other_asked);
	close(tcp);
}

static void
test_flows_none(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_FLOWS, "127.0.0.1", 9);
	const struct v6d_answer *r;

	if (!w)
		skip();
	a.flows = 40;
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->err, ECONNREFUSED);
	assert_int_equal(r->flows, 0);
	assert_int_equal(r->flows_asked, 0);
	w->n_answers = 0;
}

static void
test_flows_no_route(void **state)
{
	struct world *w = *state;
	struct v6d_ask a = to(V6D_ASK_FLOWS, "192.0.2.80", 80);
	const struct v6d_answer *r;

	if (!w)
		skip();
	a.flows = 40;
	r = ask(w, &a);
	assert_int_equal(r->how, V6D_ANSWER_DONE);
	assert_int_equal(r->err, ENETUNREACH);
	assert_int_equal(r->flows, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_tcp),
		T(test_tcp_refused),
		T(test_tcp_no_route),
		T(test_ping),
		T(test_ping_closes),
		T(test_ping_pieces),
		T(test_ping_no_route),
		T(test_dns),
		T(test_dns_refused),
		T(test_dns_silence),
		T(test_http_get),
		T(test_http_enough),
		T(test_http_stall),
		T(test_http_refused),
		T(test_flows),
		T(test_flows_limit),
		T(test_flows_udp),
		T(test_flows_none),
		T(test_flows_no_route),
		T(test_kernel),
		T(test_sleep_and_no_session),
		T(test_no_tunnel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
