#!/bin/bash
# Without jitter both kinds of liveness give the same rows, byte for byte, whatever happens to the
# firewall pair: overlapping failures, flaps, loss, repairs that come too late.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
histories=(
  '[{at: 60s, fail: fw-a, how: silent}, {at: 70s, fail: fw-a, how: crash}, {at: 80s, restore: fw-a}, {at: 90s, fail: zone/west/a, how: silent}, {at: 100s, restore: zone/west/a}]'
  '[{at: 60s, flap: fw-a, how: cut, down: 20s, up: 25s, times: 6}]'
  '[{at: 60s, flap: rs, how: silent, down: 5s, up: 30s, times: 5}]'
  '[{at: 60s, flap: rs, how: crash, down: 5s, up: 5s, times: 8}]'
  '[{at: 60s, impair: [fw-a, rs], loss: 60%, for: 1m}, {at: 80s, impair: [fw-a, rs], delay: 2s, for: 2m}]'
  '[{at: 60s, fail: fw-a, how: drain}, {at: 65s, restore: fw-a}, {at: 70s, fail: fw-a, how: withdraw}, {at: 72s, restore: fw-a}]'
  '[{at: 60s, fail: fw-a, how: cut}, {at: 3m, fail: rs, how: isolate}, {at: 5m, restore: rs}, {at: 5m, restore: fw-a}]'
)
number=0

agree() { # the rows of both modes, and there are some
  [ "$(wc -l <"$SCRATCH/modes-lazy/failovers.csv")" -gt 48 ] &&
    cmp "$SCRATCH/modes-lazy/failovers.csv" "$SCRATCH/modes-packet/failovers.csv"
  judge "modes/$number" $?
}

for events in "${histories[@]}"; do
  number=$((number + 1))
  for mode in lazy packet; do
    "$ROUTESIM" batch scenarios/compare/firewall-pair.yaml --runs 8 --quiet --liveness "$mode" \
      --set "events=$events" --set 'nvas.*.peers.rs.keepalive_jitter=off' \
      --set 'nvas.*.peers.rs.bfd={interval: 300ms, multiplier: 3, jitter: off}' \
      --set 'route_servers.rs.azure.keepalive_jitter=off' \
      --set 'route_servers.rs.aws.keepalive_jitter=off' \
      --set 'route_servers.rs.aws.bfd={jitter: off}' \
      --set 'expect=[]' --out "$SCRATCH/modes-$mode" >/dev/null 2>&1
  done
  agree
done

# The same for circuits and a site's router: cuts, overlapping failures, planned work.
histories=(
  '[{at: 60s, flap: circuit/c1, how: cut, down: 150s, up: 25s, times: 4}]'
  '[{at: 60s, fail: dc, how: silent}, {at: 4m, restore: dc}, {at: 5m, fail: circuit/c2, how: silent}, {at: 6m, fail: er/0, how: drain}]'
  '[{at: 60s, fail: circuit/c1/0, how: silent}, {at: 70s, fail: dc, how: isolate}, {at: 4m, restore: dc}, {at: 5m, restore: circuit/c1/0}]'
)
for events in "${histories[@]}"; do
  number=$((number + 1))
  for mode in lazy packet; do
    "$ROUTESIM" batch scenarios/compare/circuit-loss.yaml --runs 4 --quiet --liveness "$mode" \
      --set "events=$events" --set 'circuits.*.keepalive_jitter=off' \
      --set 'circuits.*.bfd={interval: 300ms, multiplier: 3, jitter: off}' \
      --set 'expect=[]' --set 'measured=[]' --out "$SCRATCH/modes-$mode" >/dev/null 2>&1
  done
  agree
done
