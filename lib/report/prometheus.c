/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prometheus.c - a report as metrics in Prometheus' text format, for the
 * node exporter's textfile collector. Base units (seconds, bytes, ratios);
 * what was not observed has no sample. Labels hold no addresses that change
 * from run to run: each would start a new series.
 */
#include "report/render.h"

#include <string.h>

#include "base/wire.h"

/* A fact that is a measurement: its newest value as one sample. */
static const struct {
	enum v6d_fact fact;
	const char *metric, *label, *help;
	double scale; /* from the fact's unit to the metric's */
} measured[] = {
	{ V6D_FACT_CONTROL_TCP, "control_connect_seconds", "",
	    "Time of the TCP handshake with the PPTP server.", 1e-3 },
	{ V6D_FACT_GRE_RTT, "gre_rtt_seconds", "",
	    "Round-trip time of LCP echoes in GRE (median).", 1e-6 },
	{ V6D_FACT_GRE_SIZE_OUT, "gre_largest_bytes", "{direction=\"out\"}",
	    "Largest GRE packet that passes, length of the outer IPv4 packet.",
	    1 },
	{ V6D_FACT_GRE_SIZE_IN, "gre_largest_bytes", "{direction=\"in\"}", NULL,
	    1 },
	{ V6D_FACT_GRE_LOSS_OUT, "gre_loss_ratio", "{direction=\"out\"}",
	    "GRE packets lost, of those sent, whatever their size.", 1e-3 },
	{ V6D_FACT_GRE_LOSS_IN, "gre_loss_ratio", "{direction=\"in\"}", NULL,
	    1e-3 },
	{ V6D_FACT_V6_PMTU_OUT, "ipv6_path_mtu_bytes", "{direction=\"out\"}",
	    "Largest IPv6 packet that passes between this host and a target.",
	    1 },
	{ V6D_FACT_V6_PMTU_IN, "ipv6_path_mtu_bytes", "{direction=\"in\"}",
	    NULL, 1 },
	{ V6D_FACT_RA_RECEIVED, "ra_wait_seconds", "",
	    "From IPV6CP to the first router advertisement.", 1e-3 },
	{ V6D_FACT_RA_LIFETIME, "ra_router_lifetime_seconds", "",
	    "Router lifetime of the advertisement.", 1 },
	{ V6D_FACT_NAPT_SESSIONS, "napt_sessions", "",
	    "New IPv4 sessions that stood side by side.", 1 },
};

static void
describe(struct v6d_text *t, const char *metric, const char *help)
{
	v6d_text_add(t, "# HELP v6doctor_%s %s\n# TYPE v6doctor_%s gauge\n",
	    metric, help, metric);
}

static void
run(struct v6d_text *t, const struct v6d_report *r)
{
	describe(t, "run_info", "The run that the other metrics are of.");
	v6d_text_add(t, "v6doctor_run_info{version=");
	v6d_render_label(t, r->version);
	v6d_text_add(t, ",source=");
	v6d_render_label(t, r->source_kind);
	v6d_text_add(t, ",name=");
	v6d_render_label(t, r->source_name ? r->source_name : "");
	v6d_text_add(t, "} 1\n");
	describe(t, "run_start_timestamp_seconds",
	    "When the run started, seconds since 1970.");
	v6d_text_add(t, "v6doctor_run_start_timestamp_seconds %lld.%03lld\n",
	    (long long)(r->started_unix_ms / 1000),
	    (long long)(r->started_unix_ms % 1000));
	describe(t, "run_duration_seconds", "How long the run took.");
	v6d_text_add(t, "v6doctor_run_duration_seconds %u.%03u\n",
	    r->duration_ms / 1000, r->duration_ms % 1000);
}

static void
verdict(struct v6d_text *t, const struct v6d_diagnosis *d)
{
	static const enum v6d_verdict all[] = { V6D_VERDICT_HEALTHY,
		V6D_VERDICT_DEGRADED, V6D_VERDICT_FAULTY,
		V6D_VERDICT_UNDETERMINED };

	describe(t, "verdict", "1 for the run's verdict, 0 for the others.");
	for (size_t i = 0; i < V6D_ARRAY_LEN(all); i++)
		v6d_text_add(t, "v6doctor_verdict{verdict=\"%s\"} %d\n",
		    v6d_verdict_name(all[i]), d->verdict == all[i]);
}

/* Only what could be told has a sample: absent is not 0. */
static void
checks(struct v6d_text *t, const struct v6d_report *r)
{
	if (r->n_checks == 0)
		return;
	describe(t, "check_ok",
	    "1: the check passed, 0: it failed; absent: it was skipped or "
	    "could not tell.");
	for (size_t i = 0; i < r->n_checks; i++) {
		const char *s = r->checks[i].status;
		bool ok = strcmp(s, "pass") == 0 || strcmp(s, "warn") == 0;

		if (ok || strcmp(s, "fail") == 0)
			v6d_text_add(t, "v6doctor_check_ok{check=\"%s\"} %d\n",
			    r->checks[i].probe, ok);
	}
	describe(t, "check_duration_seconds", "How long each check took.");
	for (size_t i = 0; i < r->n_checks; i++)
		if (strcmp(r->checks[i].status, "skipped") != 0)
			v6d_text_add(t,
			    "v6doctor_check_duration_seconds{check=\"%s\"} "
			    "%u.%03u\n",
			    r->checks[i].probe, r->checks[i].ms / 1000,
			    r->checks[i].ms % 1000);
}

static void
stages(struct v6d_text *t, const struct v6d_diagnosis *d)
{
	describe(t, "stage_ok",
	    "1: the stage was seen to work, 0: it was not; absent: nothing "
	    "was seen of it.");
	for (int i = 0; i < V6D_N_STAGES; i++)
		if (d->seen[i])
			v6d_text_add(t, "v6doctor_stage_ok{stage=\"%s\"} %d\n",
			    v6d_stage_name((enum v6d_stage)i), d->passed[i]);
}

static void
causes(struct v6d_text *t, const struct v6d_diagnosis *d)
{
	describe(t, "cause", "1 for each cause that was found.");
	for (unsigned i = 0; i < d->n; i++) {
		const struct v6d_finding *f = &d->findings[i];

		v6d_text_add(t,
		    "v6doctor_cause{cause=\"%s\",layer=\"%s\",severity=\"%s\","
		    "certainty=\"%s\"} 1\n",
		    v6d_cause_name(f->cause),
		    v6d_layer_name(v6d_cause_layer(f->cause)),
		    v6d_severity_name(f->severity),
		    v6d_certainty_name(f->certainty));
	}
	describe(t, "cause_candidate",
	    "1 for each cause that may be the one, and is not decided.");
	for (unsigned i = 0; i < d->n_undecided; i++)
		for (unsigned j = 0; j < d->undecided[i].n; j++)
			v6d_text_add(t,
			    "v6doctor_cause_candidate{cause=\"%s\",set=\"%u\"} "
			    "1\n",
			    v6d_cause_name(d->undecided[i].between[j]), i + 1);
}

static void
measurements(struct v6d_text *t, const struct v6d_facts *f)
{
	const char *described = "";

	for (size_t i = 0; f && i < V6D_ARRAY_LEN(measured); i++) {
		const struct v6d_obs *o = v6d_facts_last(f, measured[i].fact);
		const char *metric = measured[i].metric;

		if (!o || o->value == V6D_NO_VALUE || o->state == V6D_UNKNOWN)
			continue;
		if (strcmp(described, metric) != 0) {
			size_t first = i;

			while (!measured[first].help)
				first--;
			describe(t, metric, measured[first].help);
		}
		described = metric;
		v6d_text_add(t, "v6doctor_%s%s %g\n", metric, measured[i].label,
		    (double)o->value * measured[i].scale);
	}
}

static void
traffic(struct v6d_text *t, const struct v6d_report *r)
{
	if (r->gre_sent + r->gre_came == 0)
		return;
	describe(t, "run_gre_packets", "GRE packets of the run.");
	v6d_text_add(t,
	    "v6doctor_run_gre_packets{direction=\"out\"} %llu\n"
	    "v6doctor_run_gre_packets{direction=\"in\"} %llu\n",
	    (unsigned long long)r->gre_sent, (unsigned long long)r->gre_came);
	describe(t, "run_gre_bytes",
	    "Bytes of GRE packets of the run, outer IPv4 included.");
	v6d_text_add(t,
	    "v6doctor_run_gre_bytes{direction=\"out\"} %llu\n"
	    "v6doctor_run_gre_bytes{direction=\"in\"} %llu\n",
	    (unsigned long long)r->gre_sent_bytes,
	    (unsigned long long)r->gre_came_bytes);
}

char *
v6d_render_prometheus(const struct v6d_report *r, struct v6d_format_how *h)
{
	struct v6d_text t = v6d_render_start(NULL);

	(void)h;
	if (!t.p)
		return NULL;
	run(&t, r);
	verdict(&t, r->diagnosis);
	stages(&t, r->diagnosis);
	checks(&t, r);
	causes(&t, r->diagnosis);
	measurements(&t, r->facts);
	traffic(&t, r);
	return v6d_render_end(&t);
}
