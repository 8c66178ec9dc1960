#!/bin/bash
# facts-table.sh COLLECTED: the table of `make facts`, of the lines that the tests of one run left
# in the file COLLECTED; see facts-table.awk. They are sorted, because the tests ran side by side.
set -u -o pipefail
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/routesim-facts.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
[ ! -e "$1" ] || sort -u "$1" >"$work/ran"
[ -e "$work/ran" ] || : >"$work/ran"
mapfile -t sources < <(find sim include -type f -name '*.[ch]' | sort)
awk -v collected="$work/ran" -f tests/support/facts-table.awk scenarios/facts.md \
  scenarios/facts-left-out.md "$work/ran" "${sources[@]}"
