#!/bin/bash
# Every block of the README that stands behind `<!-- output: COMMAND -->` is what the command
# prints. With GOLDEN_UPDATE=1 there is nothing to do: the README is edited by hand.
set -u
cd "$(dirname "$0")/../.." || exit 1
[ -n "${GOLDEN_UPDATE:-}" ] && exit 0
count=0
while IFS= read -r command; do
  count=$((count + 1))
  awk -v want="<!-- output: $command -->" '
    $0 == want { found = 1; next }
    found == 1 && $0 == "```" { found = 2; next }
    found == 2 && $0 == "```" { exit }
    found == 2 { print }' README.md >"$SCRATCH/readme-has"
  bash -c "${command//build\/routesim/$ROUTESIM}" >"$SCRATCH/readme-gets" 2>/dev/null
  if [ -s "$SCRATCH/readme-has" ] && diff "$SCRATCH/readme-has" "$SCRATCH/readme-gets"; then
    echo "ok readme/$count"
  else
    echo "not ok readme/$count"
  fi
done < <(sed -n 's/^<!-- output: \(.*\) -->$/\1/p' README.md)
[ "$count" -ge 2 ] || echo "not ok readme/blocks"
