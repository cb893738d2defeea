#!/bin/bash
# japanese.sh V6DOCTOR - what is said in Japanese is Japanese, all of it.
exec python3 "$(dirname "$0")/japanese.py" "$1" "$(dirname "$0")/../.."
