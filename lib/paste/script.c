/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script.c - shell scripts that make a gateway of a host: what they set, in
 * which order, and where they wait without an end. Not a shell: lines are
 * looked at one by one, variables only by their names.
 */
#include "paste/impl.h"

#include <string.h>

static bool
is_start(const char *s)
{
	return v6d_has(s, "radvd") &&
	       (v6d_has(s, " start") || v6d_starts(s, "radvd -") ||
		   v6d_has(s, "/radvd -") || strcmp(s, "radvd") == 0) &&
	       !v6d_has(s, "stop") && !v6d_starts(s, "if ");
}

/* The value that is written to a kernel setting, with its key. */
static bool
setting(struct v6d_paste *p, const struct v6d_tok *t)
{
	const char *proc = strstr(t->line, "/proc/sys/");
	struct v6d_paste_setup *s = &p->setup;
	char key[96];
	int64_t v;
	bool found = false;

	for (unsigned i = 0; i < t->n; i++) {
		const char *eq = strchr(t->t[i], '=');
		size_t n = eq ? (size_t)(eq - t->t[i]) : 0;

		if (!eq || !v6d_starts(t->t[i], "net.") || n >= sizeof(key) ||
		    !v6d_lead(eq + 1, &v))
			continue;
		v6d_copy(key, sizeof(key), t->t[i]);
		key[n] = '\0';
		found = true;
	}
	if (!found && proc && v6d_tok_is(t, 0, "echo") && t->n > 1 &&
	    v6d_lead(t->t[1], &v)) {
		v6d_copy(key, sizeof(key), proc + strlen("/proc/sys/"));
		key[strcspn(key, " \"';")] = '\0';
		for (char *k = key; *k; k++)
			*k = *k == '/' ? '.' : *k;
		found = true;
	}
	if (!found)
		return false;
	v6d_put_sysctl(p, key, v, V6D_IN_SCRIPT, t->at);
	if (strcmp(key, "net.ipv6.conf.all.forwarding") == 0 && v == 1) {
		s->forwarding_on = true;
		s->forwarding_at = t->at;
	}
	if (strcmp(key, "net.ipv6.conf.all.accept_ra") == 0) {
		s->all_accept_ra = true;
		s->accept_ra_at = t->at;
	}
	return true;
}

/* while and until, up to done: what ends them. */
static bool
loop(struct v6d_paste_setup *s, const struct v6d_tok *t)
{
	bool opens = v6d_tok_is(t, 0, "while") || v6d_tok_is(t, 0, "until");

	if (opens) {
		s->in_loop = true;
		s->loop_waits = s->loop_bounded = false;
		s->loop_at = t->at;
	}
	if (!s->in_loop)
		return false;
	if (v6d_has(t->line, "addr show") || v6d_has(t->line, "a show") ||
	    (v6d_has(t->line, "ifconfig") && v6d_has(t->line, "inet6")))
		s->loop_waits = true;
	if (v6d_has(t->line, "-lt ") || v6d_has(t->line, "-gt ") ||
	    v6d_has(t->line, "-le ") || v6d_has(t->line, "-ge ") ||
	    v6d_has(t->line, "timeout") || v6d_has(t->line, "break") ||
	    v6d_has(t->line, "SECONDS"))
		s->loop_bounded = true;
	if (v6d_tok_is(t, 0, "done") || v6d_has(t->line, "; done")) {
		s->in_loop = false;
		if (s->loop_waits && !s->loop_bounded) {
			s->wait_unbounded = true;
			s->wait_at = s->loop_at;
		}
	}
	return true;
}

/* The name of VAR in "${VAR}" or $VAR, without quotes. */
static void
variable(const char *s, char *buf, size_t n)
{
	s += *s == '"';
	s += *s == '$';
	s += *s == '{';
	v6d_copy(buf, n, s);
	buf[strcspn(buf, "}\"/%")] = '\0';
}

/* VAR=$(ip .. addr show .. scope global ..): the tunnel's own address. */
static bool
assignment(struct v6d_paste_setup *s, const struct v6d_tok *t)
{
	size_t n = strcspn(t->t[0], "=");

	if (t->t[0][n] != '=' || n == 0 || n >= sizeof(s->loop_var) ||
	    !(v6d_is_alpha(t->t[0][0]) || t->t[0][0] == '_'))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!v6d_is_alpha(t->t[0][i]) && !v6d_is_digit(t->t[0][i]) &&
		    t->t[0][i] != '_')
			return false;
	if (v6d_has(t->line, "addr show") && v6d_has(t->line, "scope global") &&
	    s->loop_var[0] == '\0') {
		v6d_copy(s->loop_var, sizeof(s->loop_var), t->t[0]);
		s->loop_var[n] = '\0';
	}
	return true;
}

static bool
addresses(struct v6d_paste_setup *s, const struct v6d_tok *t)
{
	int add = v6d_tok_find(t, 0, "add");
	char var[V6D_PASTE_NAME];
	bool addr = v6d_tok_find(t, 0, "addr") >= 0 ||
		    v6d_tok_find(t, 0, "address") >= 0 ||
		    v6d_tok_is(t, 0, "ifconfig");

	if (!addr || add < 0 || (unsigned)add + 1 >= t->n)
		return false;
	variable(t->t[add + 1], var, sizeof(var));
	if (s->loop_var[0] && strcmp(var, s->loop_var) == 0) {
		s->same_prefix = true;
		s->same_at = t->at;
		variable(
		    v6d_tok_after(t, "dev"), s->lan_dev, sizeof(s->lan_dev));
	}
	return true;
}

static bool
routes(struct v6d_paste_setup *s, const struct v6d_tok *t)
{
	bool six = v6d_has(t->line, "inet6") || v6d_has(t->line, "-6");

	if (!six || !v6d_has(t->line, "route") || v6d_tok_find(t, 0, "add") < 0)
		return false;
	if (v6d_tok_find(t, 0, "default") > 0 ||
	    v6d_tok_find(t, 0, "::/0") > 0) {
		s->default_by_hand = true;
		s->default_at = t->at;
	}
	return true;
}

static void
start(struct v6d_paste_setup *s, const struct v6d_tok *t)
{
	if (!s->radvd_start) {
		s->forwarding_before_start = s->forwarding_on;
		s->filter_before_start = s->filter_seen;
		s->radvd_start_at = t->at;
	}
	s->radvd_start = true;
}

/* Shell that says nothing of interest, once a script has begun. */
static bool
is_shell(const struct v6d_tok *t)
{
	static const char *const words[] = { "if", "then", "else", "elif", "fi",
		"for", "do", "done", "case", "esac", "exit", "return", "set",
		"local", "export", "echo", "cat", "kill", "tail", "service",
		"systemctl", "sleep", "sysctl", "/sbin/sysctl", "ip", "route",
		"ifconfig", "pppd", "/usr/sbin/pppd", "rm", "logger",
		"nsupdate", "curl", "[", "test", "}", "{", ";;", "_EOF_", "EOF",
		"exec", ".", "source", "touch", "mv", "cp", "/sbin/ip",
		"/sbin/route", "/sbin/service", "start)", "stop)", "restart)",
		"status)", "*)", "function" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (v6d_tok_is(t, 0, words[i]))
			return true;
	return v6d_ends(t->t[0], "()") || v6d_has(t->t[0], "/init.d/");
}

int
v6d_take_script(struct v6d_paste *p, const struct v6d_tok *t)
{
	struct v6d_paste_setup *s = &p->setup;
	bool mine = false;

	if (v6d_starts(t->line, "#!/")) {
		p->place.script = true;
		s->has_script = true;
		s->in_loop = false;
		return (int)t->n;
	}
	/* some of a script is plain without its first line */
	if (!p->place.script) {
		if (!(is_start(t->line) && t->n <= 6 &&
			(v6d_tok_is(t, 0, "service") ||
			    v6d_tok_is(t, 0, "systemctl") ||
			    v6d_has(t->t[0], "init.d"))) &&
		    !(v6d_tok_is(t, 0, "while") &&
			(v6d_ends(t->line, "do") || v6d_has(t->line, "];"))))
			return 0;
		p->place.script = true;
		s->has_script = true;
	}
	if (v6d_has(t->t[0], "ip6tables") || v6d_tok_is(t, 0, "nft") ||
	    v6d_has(t->line, "ip6tables start") ||
	    v6d_has(t->line, "ip6tables restart") ||
	    v6d_has(t->line, "ip6tables-restore")) {
		s->filter_seen = true;
		/* rules that a script sets are rules all the same */
		return v6d_has(t->t[0], "ip6tables") ? 0 : (int)t->n;
	}
	mine = loop(s, t);
	mine = setting(p, t) || mine;
	mine = assignment(s, t) || mine;
	mine = addresses(s, t) || mine;
	mine = routes(s, t) || mine;
	if (is_start(t->line)) {
		start(s, t);
		mine = true;
	}
	return mine || is_shell(t) ? (int)t->n : 0;
}
