#!/bin/bash
# walk.sh PROGRAM - "walk" on a terminal of 80 columns and 24 lines.
exec python3 "$(dirname "$0")/walk.py" "$1"
