#!/bin/bash
# run.sh: the committed pictures and results are what the program gives, byte for byte.
#
# Of scenarios that are quick and show different things: their pictures in plots/ and their rows of
# results/failovers.csv and results/summary.csv, from a batch with the runs that the file asks for.
# `make results` rewrites them: look at the difference before you commit it. ONLY='NAME...': these.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
work=${SCRATCH:-$(mktemp -d)}/pictures
status=0
shown="zone-winners endpoints-lost persisted-blackhole anycast-two-regions east-west-symmetry
  more-than-eight-nvas next-hop-ip scale-out-rhi total-loss vpn-active-standby ecmp-pair fail-back
  failover-methods failure-kinds firewall-pair health-check planned-work site-routers timers-and-bfd
  upstream-not-ready multi-region"

rows() { # rows NAME FILE
  awk -F, -v name="$1" 'NR == 1 || $1 == name' "$2"
}

for name in $shown; do
  [[ -z ${ONLY:-} || " $ONLY " == *" $name "* ]] || continue
  rm -rf "$work"
  mkdir -p "$work/committed" "$work/plots" || exit 1
  cp plots/"$name"-{timeline,outage-cdf}.svg "$work/committed" 2>/dev/null # no outage, no curve
  # An expectation that does not hold is no matter here.
  "$ROUTESIM" batch scenarios/*/"$name.yaml" --quiet --out "$work/out" --plots "$work/plots" \
    >"$work/said" 2>&1 </dev/null
  for table in failovers summary; do
    rows "$name" results/$table.csv >"$work/committed/$table.csv"
    rows "$name" "$work/out/$table.csv" >"$work/plots/$table.csv"
  done
  if diff -r "$work/committed" "$work/plots" >"$work/diff" && [ -s "$work/plots/$name-timeline.svg" ]; then
    echo "ok pictures-$name"
  else
    echo "not ok pictures-$name"
    head -n 10 "$work/diff" "$work/said" | cut -c 1-200 | sed 's/^/  /'
    status=1
  fi
done
exit $status
