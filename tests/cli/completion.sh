#!/bin/bash
# completion.sh PROGRAM - what bash, zsh and fish suggest, asked of the shells
# themselves: the commands, options, values, checks and causes of the program.
set -u
prog=$(readlink -f "$1")
dir=$(dirname "$prog")/completions
t=$(mktemp -d /tmp/v6d-completion.XXXXXX)
trap 'rm -rf "$t"' EXIT
export HOME=$t XDG_CONFIG_HOME=$t/xdg
mkdir -p "$t/xdg/v6doctor" "$t/zsh" && : >"$t/xdg/v6doctor/home.conf"
: >"$t/capture.pcap"
cd "$t" || exit 1
passed=0 failed=0

is() { # WHAT HAVE WANTED
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1"
		diff <(echo "$2") <(echo "$3") | head -6
	fi
}

# ask SHELL LINE: the words that it suggests, sorted, one a line.
in_bash() {
	bash --norc -c '. "$1/v6doctor.bash"
		# as readline splits a line: at "=" too
		read -ra COMP_WORDS <<<"${2//=/ = }"
		[[ $2 != *" " && $2 != *= ]] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_v6doctor
		printf "%s\n" "${COMPREPLY[@]}"' bash "$dir" "$1" 2>&1
}
in_fish() {
	fish --no-config -c 'source $argv[1]/v6doctor.fish; complete -C $argv[2]' \
		"$dir" "$1" 2>&1 | cut -f1
}
# compadd is asked what it would add, in a zsh that has a terminal.
cat >"$t/zsh/ask" <<'END'
zmodload zsh/zpty
zpty z zsh -f -i
r() { zpty -r z REPLY '*'$1'*' }
zpty -w z "PROMPT=; stty -echo; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -d $HOME/dump; echo rea''dy"
r ready
zpty -w z 'compadd() {
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
	local -a __h; builtin compadd -A __h "$@"; print -rl -- ">"$^__h
}
done-with() { zle complete-word; print -r -- "fini""shed"; zle kill-buffer }
zle -C complete-word complete-word _main_complete
zle -N done-with; bindkey "^I" done-with; echo se''t'
r set
zpty -n -w z "$2"$'\t'
r finished
print -r -- "$REPLY"
END
in_zsh() {
	zsh -f "$t/zsh/ask" "$dir" "$1" 2>&1 | tr -d '\r' | grep -aoE '>[^>]+$' |
		sed 's/^>//; s/=$//' | sort -u
}

one_shell() { # SHELL
	local shell=$1
	ask() { "in_$shell" "$1" | sed 's/^--[a-z]*=//' | grep . | sort -u; }
	commands=$("$prog" --help |
		sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' | sort)
	is "$shell: commands" "$(ask 'v6doctor ' | grep -v '^-')" "$commands"
	is "$shell: a command" "$(ask 'v6doctor run-')" run-all
	for c in run-all read walk rehearse regress connect; do
		is "$shell: options of $c" "$(ask "v6doctor $c --" |
			grep -v '^--lang')" "$("$prog" "$c" --help |
			sed -n '/^Options:/,/^$/s/^  \(-., \)\?\(--[a-z-]*\).*/\2/p' |
			sort)"
	done
	formats=$(for f in text json jsonl tap junit prometheus markdown html; do
		echo $f; done | sort)
	is "$shell: formats" "$(ask 'v6doctor read --format ')" "$formats"
	is "$shell: a format behind =" "$(ask 'v6doctor read --format=ju')" junit
	is "$shell: formats of regress" \
		"$(ask 'v6doctor regress --format ')" \
		"$(grep -vE 'html|markdown' <<<"$formats")"
	is "$shell: checks" "$(ask 'v6doctor run ')" \
		"$("$prog" list probes | awk '/^  [a-z]/ { print $1 }' | sort)"
	is "$shell: causes" "$(ask 'v6doctor explain gre-')" \
		"$("$prog" list causes | grep -oE ' gre-[a-z-]+' | tr -d ' ' | sort)"
	is "$shell: faults" "$(ask 'v6doctor run-all --lab --fault gre-size-')" \
		"$("$prog" lab faults | grep -oE '^  gre-size-[a-z]+' | tr -d ' ' | sort)"
	is "$shell: steps" "$(ask 'v6doctor rehearse --break fo')" forwarding
	is "$shell: profiles" "$(ask 'v6doctor connect --profile ho')" home
	is "$shell: files" "$(ask 'v6doctor read cap')" capture.pcap
	is "$shell: lab" "$(ask 'v6doctor lab ex')" exec
	is "$shell: languages" "$(ask 'v6doctor list --lang ' | tr '\n' ' ')" \
		"en ja "
	echo "completion of $shell: $passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}
# Side by side: most of the time they wait for terminals.
jobs=
for shell in bash zsh fish; do
	one_shell "$shell" &
	jobs="$jobs $!"
done
rc=0
for job in $jobs; do
	wait "$job" || rc=1
done
exit "$rc"
