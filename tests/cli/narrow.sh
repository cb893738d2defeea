#!/bin/bash
# narrow.sh V6DOCTOR - what people read fits a narrow terminal.
exec python3 "$(dirname "$0")/narrow.py" "$1" "$(dirname "$0")/../.."
