#!/bin/sh
# coverage.sh BUILD: line and branch coverage of sim/ by module, from a build with --coverage.
set -eu
command -v gcovr --gcov-ignore-parse-errors >/dev/null 2>&1 || {
  echo "coverage: needs gcovr --gcov-ignore-parse-errors (apt-get install gcovr)" >&2
  exit 1
}
gcovr --gcov-ignore-parse-errors --root . --filter 'sim/' --exclude-throw-branches --exclude-unreachable-branches \
  --csv "$1/coverage.csv" "$1" >/dev/null
# filename,line_total,line_covered,line_percent,branch_total,branch_covered,branch_percent,...
awk -F, '
NR == 1 { next }
{
  module = $1; sub(/^sim\//, "", module)
  if (!sub(/\/[^\/]*$/, "", module)) module = "."
  lines[module] += $2; hit[module] += $3; branches[module] += $5; taken[module] += $6
  lines["total"] += $2; hit["total"] += $3; branches["total"] += $5; taken["total"] += $6
}
function percent(part, whole) { return whole ? sprintf("%.1f %%", 100 * part / whole) : "-" }
END {
  printf "%-14s %8s %8s %9s %9s\n", "module", "lines", "covered", "branches", "taken"
  for (m in lines) if (m != "total")
    printf "%-14s %8d %8s %9d %9s\n", m, lines[m], percent(hit[m], lines[m]), branches[m], percent(taken[m], branches[m]) | "LC_ALL=C sort"
  close("LC_ALL=C sort")
  m = "total"
  printf "%-14s %8d %8s %9d %9s\n", m, lines[m], percent(hit[m], lines[m]), branches[m], percent(taken[m], branches[m])
}' "$1/coverage.csv"
echo "by file: $1/coverage.csv"
