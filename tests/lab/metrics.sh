#!/bin/bash
# metrics.sh PROGRAM - real Prometheus, node exporter and promtool take the
# metrics, the alert rules and the dashboard; the alert for a broken tunnel
# fires in the practice network and clears after the repair. All of it talks
# on the loopback of a network namespace of its own.
set -u
if [ "${V6D_METRICS_NS:-}" = "" ]; then
	exec env V6D_METRICS_NS=1 unshare -n bash "$0" "$@"
fi
ip link set lo up
prog=$(readlink -f "$1")
package=$(cd "$(dirname "$0")/../.." && pwd)/tools/package
docs=$package/../../docs
captures=$package/../../captures
lab=metrics-$$
t=$(mktemp -d /tmp/v6d-metrics.XXXXXX)
passed=0 failed=0
pids=()
end() {
	for p in "${pids[@]}"; do kill "$p" 2>/dev/null; done
	wait
	"$prog" lab down $lab >/dev/null 2>&1
	rm -rf "$t"
}
trap end EXIT

ok() { # WHAT COMMAND...
	local what=$1
	shift
	if "$@" >"$t/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $what"
		head -n 12 "$t/said"
	fi
}
# until_true COMMAND...: within a minute.
until_true() {
	for _ in $(seq 300); do
		"$@" && return
		sleep 0.2
	done
	return 1
}
router() { "$prog" lab exec $lab nat2 -- "$@"; }

# ---- files alone ----
rules=$package/prometheus
ok "the rules" promtool check rules "$rules/v6doctor.rules.yml"
ok "their tests" promtool test rules "$rules/v6doctor.rules.test.yml"
lints() { "$prog" "$@" --format prometheus 2>/dev/null | tee -a "$t/all" |
	promtool check metrics; }
ok "a degraded capture" lints read "$captures/faults/dup20.pcap"
ok "an undecided one" lints read "$captures/faults/gre_drop_both.pcap"
ok "a healthy run" lints run-all --lab
ok "a faulty run" lints run-all --lab --fault gre-size-in=1454@nat2
ok "fixtures" lints regress "$captures/faults"
documented() {
	local m rc=0
	for m in $(sed -n 's/^# TYPE \([a-z0-9_]*\) .*/\1/p' "$t/all" | sort -u); do
		grep -q "\`$m\`" "$docs/monitoring.md" || { echo "$m"; rc=1; }
	done
	return $rc
}
ok "every metric in docs/monitoring.md" documented

# ---- the chain ----
echo secret >"$t/password"
chmod 600 "$t/password"
cat >"$t/conf" <<P
[tunnel]
server = 203.0.113.10
user = alice
password-file = $t/password
[probe]
ipv6-target = 2001:db8:b::80
name = www.example.net
literal = 2001:db8:b::80
dns-server = 192.0.2.53
napt-target = 192.0.2.80
P
# As they are delivered, but with seconds for minutes.
sed 's/for: [0-9]*m/for: 2s/' "$rules/v6doctor.rules.yml" >"$t/rules.yml"
cat >"$t/prometheus.yml" <<P
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [$t/rules.yml]
scrape_configs:
  - job_name: node
    static_configs: [{targets: ['127.0.0.1:9100']}]
P
ok "the configuration" promtool check config "$t/prometheus.yml"
mkdir "$t/textfile"
prometheus-node-exporter --collector.disable-defaults --collector.textfile \
	--collector.textfile.directory="$t/textfile" \
	--web.listen-address=127.0.0.1:9100 >"$t/exporter" 2>&1 &
pids+=($!)
prometheus --config.file="$t/prometheus.yml" --storage.tsdb.path="$t/tsdb" \
	--web.listen-address=127.0.0.1:9090 >"$t/prometheus" 2>&1 &
pids+=($!)
"$prog" lab up $lab >"$t/log" 2>&1 || { cat "$t/log"; exit 1; }
"$prog" lab exec $lab c1 -- "$prog" run-all --quiet --profile "$t/conf" \
	--watch 1 --format prometheus --output "$t/textfile/v6doctor.prom" \
	>"$t/changes" 2>&1 &
pids+=($!)

query() {
	curl -sG http://127.0.0.1:9090/api/v1/query --data-urlencode "query=$1"
}
answers() { query "$1" | jq -e '.status == "success" and
	(.data.result | length > 0)' >/dev/null; }
alert() { # STATE: of the alert for a broken tunnel; "" none
	[ "$(curl -s http://127.0.0.1:9090/api/v1/alerts | jq -r '.data.alerts[]
		| select(.labels.alertname == "V6doctorTunnelBroken")
		| .state')" = "$1" ]
}
causes_told() {
	curl -s http://127.0.0.1:9090/api/v1/alerts | jq -e '.data.alerts[]
		| select(.labels.alertname == "V6doctorTunnelBroken")
		| .annotations.description | test("gre-blocked")' >/dev/null
}

ok "scraped" until_true answers 'v6doctor_verdict{verdict="healthy"} == 1'
ok "no alert" alert ""
ok "the collector takes the file" \
	until_true answers 'node_textfile_scrape_error == 0'
ok "no rule fails" answers 'sum(prometheus_rule_evaluation_failures_total) == 0
	or vector(0)'
# The dashboard's own queries, for every host.
exprs() {
	jq -r '.panels[].targets[].expr' "$package/grafana/v6doctor.json" |
		sed 's/\$instance/.*/g'
}
ok "the dashboard" [ "$(exprs | wc -l)" -ge 10 ]
while read -r e; do
	case $e in # filled below, or only while something is wrong
	'v6doctor_cause{'*) continue ;;
	esac
	ok "the dashboard asks $e" until_true answers "$e"
done < <(exprs)

router nft 'table ip broken { chain f {
	type filter hook forward priority 0
	ip protocol gre drop
}; }'
ok "it breaks: the alert fires" until_true alert firing
ok "and names the causes" until_true causes_told
router nft delete table ip broken
ok "it is mended: the alert clears" until_true alert ""
ok "healthy again" until_true answers 'v6doctor_verdict{verdict="healthy"} == 1'
echo "metrics: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
