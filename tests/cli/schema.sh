#!/bin/bash
# schema.sh PROGRAM - docs/v6doctor.schema.json takes what the program writes,
# describes every key, and says the same as docs/json.md.
set -u
exec python3 "$(dirname "$0")/schema.py" "$1"
