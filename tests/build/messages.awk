# messages.awk FILE.po - the translated messages of a catalogue, one a line:
# a key to sort by (LC_ALL=C), a byte 1, and the entry of a C table. The escapes
# of PO are those of C. Fuzzy and empty ones are left out.
function flush() {
	if (id != "" && str != "" && !fuzzy)
		print key(id) "\001{ \"" id "\", \"" str "\" },"
	id = str = state = ""
	fuzzy = 0
}
# What strcmp sees; a tab and a newline keep their order.
function key(s) {
	gsub(/\\t/, "\002", s)
	gsub(/\\n/, "\003", s)
	gsub(/\\"/, "\"", s)
	gsub(/\\\\/, "\\", s)
	return s
}
/^#,.*fuzzy/ { flush(); fuzzy = 1; next }
/^#/ { next }
/^msgid / { if (state == "str") flush(); state = "id" }
/^msgstr / { state = "str" }
/^(msgid|msgstr) "/ || /^"/ {
	sub(/^[a-z]* *"/, "")
	sub(/"$/, "")
	if (state == "id")
		id = id $0
	else
		str = str $0
	next
}
/^$/ { flush() }
END { flush() }
