#!/bin/bash
# designs.sh RESULTS PLOTS [NAME...]: what the designs to decide about come to, in RESULTS/designs/NAME: every
# element and every pair of them failed (survey), and years of random failures (campaign); pictures in PLOTS.
# ROUTESIM is the program. Without names all of them. A line on standard error for each call.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/../.."
results=$1 plots=$2
shift 2
call() { # call WORD...: its table is in the files
  echo "routesim $*" >&2
  "$ROUTESIM" "$@" --quiet --plots "$plots" >/dev/null
}
[ $# -gt 0 ] || set -- $(for file in scenarios/designs/*.yaml; do basename "$file" .yaml; done)
for name in "$@"; do
  file=scenarios/designs/$name.yaml years=100
  [ "$name" != two-firewalls ] || years=1000
  mkdir -p "$results/designs/$name"
  call survey "$file" --pairs --out "$results/designs/$name"
  call campaign "$file" --years $years --out "$results/designs/$name"
done
