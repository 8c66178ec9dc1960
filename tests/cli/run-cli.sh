#!/bin/bash
# run-cli.sh: the commands as a shell sees them: exit statuses, streams, files, resuming.
#
# Prints "ok NAME" or "not ok NAME" for each case. ROUTESIM is the program, SCRATCH a folder that
# may be filled.
set -u
export LC_ALL=C
unset NO_COLOR
. "$(dirname "$0")/../support/verdict.sh"
. "$(dirname "$0")/../support/calls.sh"
work=$(mktemp -d "$SCRATCH/cli.XXXXXX") || exit 1
chmod 755 "$work"
cd "$work" || exit 1

exits() { # exits NAME STATUS WORD...: the call ends with this status and without a signal
  local name=$1 wanted=$2 got
  shift 2
  "$@" >out 2>err </dev/null
  got=$?
  [ $got -eq "$wanted" ]
  judge "$name" $? "status $got, not $wanted: $*" "$(head -c 300 err)"
}

says() { # says NAME FILE PATTERN: the file holds it
  grep -Eq -- "$3" "$2"
  judge "$1" $? "no '$3' in $2:" "$(head -c 400 "$2")"
}

same() { # same NAME FOLDER FOLDER: the same rows and manifest
  local name=$1 file differing=
  for file in failovers summary variants probes traffic routes; do
    cmp -s "$2/$file.csv" "$3/$file.csv" || differing="$differing $file.csv"
  done
  cmp -s "$2/manifest.json" "$3/manifest.json" || differing="$differing manifest.json"
  [ -z "$differing" ]
  judge "$name" $? "different:$differing"
}

# ---- a scenario to play with --------------------------------------------------------------------

scenario pair 4 >pair.yaml
mkdir -p folder/sub empty
scenario one 6 >folder/one.yaml
scenario two 6 >folder/sub/two.yaml
scenario three 6 >folder/three.yaml
{ sed 's/^name: .*/name: promise/' pair.yaml
  echo 'expect:'
  echo '  - {model: aws, event: 0, measure: outage, stat: p95, at_most: 1s}'
  echo '  - {model: aws, event: 0, measure: outage, stat: p95, at_most: 60s}'; } >promise.yaml
sed 's/hold: 30s/hodl: 30s/' pair.yaml >wrong.yaml

# ---- exit statuses --------------------------------------------------------------------------------

exits version 0 "$ROUTESIM" --version
exits help 0 "$ROUTESIM" --help
says help-lists-commands out 'compare FILE'
for command in run batch compare check show reach explain facts; do
  exits help-of-$command 0 "$ROUTESIM" $command --help
done
exits no-command 2 "$ROUTESIM"
exits unknown-command 2 "$ROUTESIM" comapre pair.yaml
says unknown-command-suggests err "did you mean 'compare'"
exits unknown-option 2 "$ROUTESIM" run --sede 1 pair.yaml
says unknown-option-suggests err "did you mean 'seed'"
exits no-file 2 "$ROUTESIM" run
exits two-files 2 "$ROUTESIM" run pair.yaml pair.yaml
exits bad-number 2 "$ROUTESIM" run --runs 1x pair.yaml
exits bad-seed 2 "$ROUTESIM" run --seed 18446744073709551616 pair.yaml
exits large-seed 0 "$ROUTESIM" run --seed 18446744073709551615 --format csv pair.yaml
says large-seed-printed out '^pair,azure,base,0,18446744073709551615,0,'
exits bad-model 2 "$ROUTESIM" run --model azur pair.yaml
says bad-model-suggests err "did you mean 'azure'"
exits bad-format 2 "$ROUTESIM" run --format xml pair.yaml
exits resume-without-out 2 "$ROUTESIM" batch --resume pair.yaml
exits no-pcap-option 2 "$ROUTESIM" run --pcap x pair.yaml
exits run 0 "$ROUTESIM" run pair.yaml
says run-finding out '^aws: event 0 \(fw-a silent\): outage '
exits compare 0 "$ROUTESIM" compare pair.yaml
says compare-assumptions out '^azure: .*program'
exits batch 0 "$ROUTESIM" batch folder
# Events and probes that only a variant has are shown as all others are.
{ sed 's/^name: .*/name: more/' pair.yaml
  cat <<'YAML'
  more:
    events:
      - {at: 60s, fail: fw-a, how: cut}
      - {at: 5m, restore: fw-a}
      - {at: 8m, fail: fw-b, how: silent}
    probes:
      curl: {from: hub/app, to: dc, every: 1s}
      slow: {from: dc, to: hub/app, every: 9s}
YAML
} >more.yaml
exits run-more 0 "$ROUTESIM" run more.yaml --model aws --runs 3
says run-shows-the-event-of-a-variant out '^ *2: fw-b silent +aws +more '
# An outage of about half a minute takes three or four packets that go every 9 s, and whole periods.
says run-shows-the-probe-of-a-variant out '^ *slow +aws +more +3 +[34] +27\.0 s +(27\.0|36\.0) s'
[ "$(grep -cE '^ *curl +aws' out)" -eq 3 ]
judge run-shows-each-probe-of-each-variant $?
exits compare-more 0 "$ROUTESIM" compare more.yaml --model aws --runs 3
says compare-shows-the-event-of-a-variant out '^Event 2 at 480 s: fw-b silent; only in more \(3 runs'
says compare-tells-that-variants-differ out '^Event 0 at 60 s: fw-a silent, or as the variant says'
says compare-tells-no-other-difference out '^Event 1 at 300 s: fw-a restore \(3 runs'
exits check 0 "$ROUTESIM" check pair.yaml
says check-counts out '^pair.yaml: ok \(2 models, 2 events, 1 variant\)$'
awk '/hold: 30s/ && !n++ { sub(/hold: 30s/, "hold: 30s, bfd: {}") } { print }' pair.yaml >warned.yaml
exits check-warned 0 "$ROUTESIM" check warned.yaml
[ "$(grep -c 'warning: ' err)" -eq 1 ] && grep -q 'warning: Azure Route Server has no BFD' err &&
  [ "$(grep -c 'advice: .*AWS-3.13' err)" -eq 1 ]
judge check-warns-once $? "$(head -c 600 err)"
exits run-warned 0 "$ROUTESIM" run warned.yaml
[ "$(grep -c 'warning: ' err)" -eq 1 ] && ! grep -q 'advice: ' err
judge run-warns-once $? "$(head -c 300 err)"
for command in run compare batch show reach explain check; do
  exits "quiet-$command" 0 "$ROUTESIM" $command --quiet warned.yaml
  [ ! -s err ]
  judge "quiet-$command-is-quiet" $? "$(head -c 300 err)"
done
exits check-json 0 "$ROUTESIM" check --format json warned.yaml
[ ! -s err ] && [ "$(head -n 1 out)" = '[' ] && [ "$(tail -n 1 out)" = ']' ]
judge check-json-alone $? "$(head -c 300 err)"
says check-json-warning out '"file": "warned.yaml", "line": [0-9]+, .*"severity": "warning", .*"facts": \["AZ-2.13"\], "hint": null'
exits check-json-quiet 0 "$ROUTESIM" check --json --quiet warned.yaml
[ "$(cat out)" = '[]' ]
judge check-json-nothing $? "$(head -c 300 out)"
exits check-json-wrong 2 "$ROUTESIM" check --json wrong.yaml warned.yaml
says check-json-error out '"severity": "error", "message": .*"hint": "did you mean .hold.\?"'
exits check-csv 0 "$ROUTESIM" check --format csv warned.yaml
says check-csv-header out '^file,line,column,end_line,end_column,severity,message,facts,hint$'
exits wrong-scenario 2 "$ROUTESIM" run wrong.yaml
says wrong-scenario-placed err "^wrong.yaml:[0-9]+:[0-9]+: error: unknown key 'hodl' \(did you mean 'hold'\?\)"
[ ! -s out ]
judge wrong-scenario-prints-nothing $?
exits check-all 2 "$ROUTESIM" check wrong.yaml pair.yaml
says check-goes-on out '^pair.yaml: ok'
exits expect-fails 1 "$ROUTESIM" batch promise.yaml --out kept
says expect-message err '^promise.yaml:[0-9]+:[0-9]+: expect failed: outage p95 of event 0 under aws is [0-9.]+ s, at most 1 s$'
[ "$(grep -c 'expect failed' err)" -eq 1 ] && [ -s kept/failovers.csv ]
judge expect-leaves-outputs $?
exits expect-fails-again 1 "$ROUTESIM" batch promise.yaml --out kept --resume
exits expect-of-run 1 "$ROUTESIM" run promise.yaml
exits expect-of-one-run 0 "$ROUTESIM" run --run 0 promise.yaml
{ sed 's/^name: .*/name: reach/' pair.yaml
  echo 'expect:'
  echo '  - {reach: [hub/app, dc]}'
  echo '  - {reach: [hub/app, dc], at: 61s, is: off, model: azure}'
  echo '  - {reach: [internet, dc], is: on, model: azure, variant: fast}'; } >reach.yaml
exits expect-reach-fails 1 "$ROUTESIM" run reach.yaml
says expect-reach-message err '^reach.yaml:[0-9]+:[0-9]+: expect failed: internet -> dc under azure, variant fast, at 0s is off \(not-announced at dc, AZ-5.1\), not on$'
[ "$(grep -c 'expect failed' err)" -eq 1 ]
judge expect-reach-others-hold $? "$(head -c 300 err)"
exits missing-file 3 "$ROUTESIM" run missing.yaml
says missing-file-named err '^routesim: cannot read missing.yaml: '
exits directory 3 "$ROUTESIM" run folder
exits missing-folder 3 "$ROUTESIM" batch missing
exits empty-folder 2 "$ROUTESIM" batch empty
cp pair.yaml again.yaml
exits same-name 2 "$ROUTESIM" batch pair.yaml again.yaml
exits named-twice 0 "$ROUTESIM" batch pair.yaml pair.yaml
cp pair.yaml ./-dash.yaml
exits dash-file 0 "$ROUTESIM" check -- -dash.yaml
exits options-after-file 0 "$ROUTESIM" run pair.yaml --runs 1 --json
"$ROUTESIM" check - <pair.yaml >out 2>err
judge standard-input $?
exits facts-unknown 2 "$ROUTESIM" facts AWS-3
exits facts-one 0 "$ROUTESIM" facts AWS-3.7
says facts-source out '^  source '
exits facts-all 0 "$ROUTESIM" facts
says facts-table-header out '^ *id +fact +value +basis$'
exits facts-csv 0 "$ROUTESIM" facts AWS-3.7 --format csv
says facts-csv-header out '^id,fact,value,basis,source$'

cp pair.yaml secret.yaml
chmod 000 secret.yaml
cp "$ROUTESIM" program && chmod 755 program
if as_nobody ./program --version >out 2>err; then
  as_nobody ./program run secret.yaml >out 2>err
  [ $? -eq 3 ]
  judge unreadable-file $? "$(head -c 300 err)"
else
  echo "ok unreadable-file # left out: no other user can run the program here"
fi

# ---- where bytes cannot go ----------------------------------------------------------------------

for call in '--help' '--version' 'run pair.yaml' 'compare pair.yaml' 'batch pair.yaml' \
  'check pair.yaml' 'facts' 'run pair.yaml --json' 'show pair.yaml' 'reach pair.yaml' \
  'explain pair.yaml --json'; do
  # shellcheck disable=SC2086
  "$ROUTESIM" $call >/dev/full 2>err
  [ $? -eq 3 ] && grep -q '^routesim: cannot write standard output: No space left' err
  judge "full-disk-${call// /-}" $? "$(head -c 300 err)"
done
exits out-is-no-folder 3 "$ROUTESIM" batch pair.yaml --out /dev/full
exits plots-is-no-folder 3 "$ROUTESIM" batch pair.yaml --plots /dev/full
exits closed-stdout 3 bash -c '"$0" run pair.yaml >&-' "$ROUTESIM"
"$ROUTESIM" batch pair.yaml --format csv --set runs=3000 2>err | head -n 1 >out
says closed-pipe-first-line out '^scenario,model,'
bash -c 'set -o pipefail; "$0" run pair.yaml --quiet --format csv --runs 2000 2>err | head -n 1 >out' "$ROUTESIM"
[ $? -eq 3 ] && [ ! -s err ]
judge closed-pipe $? "$(head -c 300 err)"
# ---- streams --------------------------------------------------------------------------------------

on_terminal() { # on_terminal WORD...: standard error is a terminal
  script -qec "$(printf '%q ' "$@")" /dev/null </dev/null
}
# Where no terminal can be had (a container without /dev/pts) there is nothing to see.
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
  TERM=xterm on_terminal "$ROUTESIM" check wrong.yaml >out 2>&1
  grep -q $'\033\[' out
  judge colour-on-terminal $? "$(head -c 300 out)"
  NO_COLOR=1 TERM=xterm on_terminal "$ROUTESIM" check wrong.yaml >out 2>&1
  ! grep -q $'\033\[' out
  judge no-colour $? "$(head -c 300 out)"
fi
"$ROUTESIM" check wrong.yaml >out 2>err
! grep -q $'\033' err
judge no-colour-in-file $?
# No bar; a line of figures where this takes longer than ten seconds.
"$ROUTESIM" batch pair.yaml --runs 3000 --out many >out 2>err
! grep -Evq '^routesim: [0-9]+ of [0-9]+ runs, [0-9]+ a second, [0-9]+ s left$' err
judge no-progress-in-file $? "$(head -c 300 err)"

# ---- rows -----------------------------------------------------------------------------------------

"$ROUTESIM" batch folder --out jobs-1 --jobs 1 >out 2>err &&
  "$ROUTESIM" batch folder --out jobs-2 --jobs 2 >out 2>err
same jobs jobs-1 jobs-2
[ ! -e jobs-1/.parts ] && [ -z "$(find jobs-1 -name '.*.tmp')" ]
judge nothing-left-over $? "$(ls -a jobs-1)"
header=$(head -n 1 jobs-1/failovers.csv)
[ "$header" = scenario,model,variant,run,seed,event,at_s,target,how,detected_s,withdrawn_s,decided_s,programmed_s,restored_s,restored_by,outage_s,censored,session_outage_s,lost_bytes,flows,flows_interrupted,flows_moved,flows_gone,sessions_broken,alarm_s ]
judge failovers-header $? "$header"
# What failovers.csv measures has its rows in summary.csv, with a unit, and nothing else has.
columns=$(tr ',' '\n' <<<"$header" | sed '1,/^how$/d; /^restored_by$/d; /^censored$/d; s/_s$//')
[ "$columns" = "$(awk -F, 'NR > 1 && !seen[$6]++ { print $6 }' jobs-1/summary.csv)" ]
judge each-measure-in-both-files $? "$columns"
[ "$(awk -F, 'NR > 1 { print $7 }' jobs-1/summary.csv | sort -u | tr '\n' ' ')" = 'B flows s ' ]
judge each-measure-has-a-unit $?
for file in failovers summary variants probes traffic routes balance; do
  awk -F, -v column="$([ $file = variants ] && echo 2 || echo 3)" \
    'NR > 1 && $column == "" { exit 1 }' jobs-1/$file.csv
  judge "no-empty-variant-in-$file" $?
done
grep -q ',base,' jobs-1/failovers.csv && grep -q ',base,' jobs-1/summary.csv
judge base-by-its-name $?
for format in csv json markdown; do
  "$ROUTESIM" batch folder --runs 1 --quiet --format $format >out 2>err
  grep -q '\bbase\b' out
  judge "base-in-$format" $? "$(head -n 3 out)"
done
"$ROUTESIM" batch pair.yaml --runs 1 --quiet >out 2>err
grep -q '\bbase\b' out
judge base-beside-variants $? "$(head -n 3 out)"
sed '/^variants:/,$d' pair.yaml >alone.yaml
for call in run compare batch; do
  "$ROUTESIM" $call alone.yaml --runs 1 --quiet >out 2>err
  [ -s out ] && ! grep -q '\bbase\b\|variant' out
  judge "no-variant-column-of-$call" $? "$(head -n 5 out)"
done
for name in failovers summary variants probes traffic routes balance; do
  "$ROUTESIM" batch --help | grep -q "\b$name.csv"
  judge "help-names-$name" $?
done
[ "$(grep -c '^scenario,' jobs-1/failovers.csv)" -eq 1 ] &&
  [ "$(wc -l <jobs-1/failovers.csv)" -eq $((1 + 3 * 2 * 2 * 6 * 2)) ]
judge failovers-rows $? "$(wc -l jobs-1/failovers.csv)"
! grep -q $'\r' jobs-1/*.csv
judge line-ends $?

"$ROUTESIM" batch pair.yaml --out all --detail all >out 2>err
"$ROUTESIM" batch pair.yaml --out third --run 3 >out 2>err
only_run() { # only_run FILE: the header, and the rows of run 3
  awk -F, 'NR == 1 || $4 == 3' "$1"
}
for file in failovers traffic routes probes; do
  cmp -s <(only_run all/$file.csv) third/$file.csv
  judge "run-3-alone-$file" $?
done
"$ROUTESIM" run pair.yaml --out from-run >out 2>err
"$ROUTESIM" batch pair.yaml --out from-batch >out 2>err
same run-and-batch from-run from-batch
"$ROUTESIM" run pair.yaml --format csv >out 2>err
cmp -s out from-batch/failovers.csv
judge run-prints-the-rows $?
"$ROUTESIM" batch pair.yaml --format csv >out 2>err
cmp -s out from-batch/summary.csv
judge batch-prints-the-summary $?
if command -v python3 >/dev/null; then
  for call in run compare batch; do
    "$ROUTESIM" $call pair.yaml --json 2>err | python3 -c '
import json, sys
rows = json.load(sys.stdin)["summary" if sys.argv[1] != "run" else "failovers"]
assert len(rows) == int(sys.argv[2]), len(rows)
' $call "$([ $call = run ] && echo 32 || echo 112)"
    judge json-of-$call $?
  done
fi
{ cat pair.yaml
  echo 'sweep: {nvas.fw-a.peers.rs.hold: [9s, 12s], nvas.fw-a.peers.rs.keepalive: [3s, 4s]}'; } |
  "$ROUTESIM" batch - --out sweep --runs 1 >out 2>err
grep -q '^pair,aws,"hold=9s,keepalive=3s",0,' sweep/failovers.csv
judge quoting $? "$(head -n 3 sweep/failovers.csv)" "$(head -c 300 err)"
if command -v python3 >/dev/null; then
  for file in failovers summary variants probes traffic routes; do
    python3 -c '
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="")))
assert len(rows) > 1 and all(len(row) == len(rows[0]) for row in rows), sys.argv[1]
' sweep/$file.csv
    judge "another-reader-$file" $?
  done
fi
exits set 0 "$ROUTESIM" run pair.yaml --set 'nvas.*.peers.rs.hold=6s' --set 'nvas.*.peers.rs.keepalive=2s' --format csv
awk -F, 'NR > 1 && $3 == "base" && $6 == 0 { n++; if ($10 > 6.01) bad = 1 } END { exit bad || n != 8 }' out
judge set-changes-detection $?
exits set-unknown-path 2 "$ROUTESIM" run pair.yaml --set nvas.fw-a.hodl=6s
exits set-without-value 2 "$ROUTESIM" run pair.yaml --set nvas
exits trace 0 "$ROUTESIM" run pair.yaml --trace --run 0 --format csv
says trace-event out '^azure,base,[0-9]+,60.000000,[a-z -]+,fw-a,silent,0,,'

# The peers' event log, in AWS's words (AWS-10.1): fw-a dies; before, it changes what it announces.
cat >peers.yaml <<'EOF'
name: peers
models: [aws]
duration: 5m
networks: {hub: {prefixes: [10.0.0.0/16], subnets: {nva: {prefix: 10.0.1.0/24}}}}
route_servers: {rs: {network: hub, aws: {asn: 65000, endpoints: {e1: hub/nva}, propagate_to: [hub/nva]}}}
nvas:
  fw-a:
    subnet: hub/nva
    asn: 65010
    peers: {rs: {bfd: {}}}
    advertise: [{prefix: 192.168.0.0/16}]
events:
  - {at: 60s, set: nvas.fw-a.advertise, to: [{prefix: 192.168.0.0/16, prepend: 1, med: 7}, {prefix: 172.16.0.0/12}]}
  - {at: 90s, set: nvas.fw-a.advertise, to: [{prefix: 172.16.0.0/12}]}
  - {at: 2m, fail: fw-a, how: silent}
EOF
exits peer-log 0 "$ROUTESIM" run peers.yaml --peer-log peers.log --quiet
cp peers.log out
says peer-log-updated out '^{"event_timestamp": 60000, "type": "RouteStatus", "status": "UPDATED", "endpoint": "rs/e1", "peer": "fw-a", "message": {"prefix": "192.168.0.0/16", "asPath": "65010 65010", "med": 7, "nextHopIp": "10.0.1.4"}}$'
says peer-log-advertised out '"type": "RouteStatus", "status": "ADVERTISED", .*"prefix": "172.16.0.0/12"'
says peer-log-withdrawn out '^{"event_timestamp": 90000, .*"status": "WITHDRAWN", .*"message": {"prefix": "192.168.0.0/16"}}$'
says peer-log-bfd out '"type": "BFDStatus", "status": "DOWN"'
says peer-log-bgp out '"type": "BGPStatus", "status": "DOWN"'
exits peer-log-azure 2 "$ROUTESIM" run pair.yaml --model azure --peer-log peers.log
says peer-log-azure-says err 'AWS VPC Route Server does \(AWS-10.1\)'
exits peer-log-nowhere 3 "$ROUTESIM" run peers.yaml --peer-log nowhere/peers.log --quiet

# ---- killed and resumed -----------------------------------------------------------------------------

for name in one two three; do
  scenario $name 40 >"folder/$name.yaml"
done
mv folder/sub/two.yaml folder/two.yaml
"$ROUTESIM" batch folder --out whole --plots whole-plots --jobs 1 >out 2>err
mkdir killed-plots && mkfifo killed-plots/two-timeline.svg # that nobody reads: there the batch stands
"$ROUTESIM" batch folder --out killed --plots killed-plots --jobs 1 >out 2>err &
pid=$!
while kill -0 $pid 2>/dev/null && ! grep -qs '^end' killed/.journal; do # however slow the machine is
  sleep 0.01
done
kill -KILL $pid 2>/dev/null
wait $pid 2>/dev/null
rm killed-plots/two-timeline.svg
grep -q '^end	one$' killed/.journal && [ ! -e killed/manifest.json ]
judge killed-in-between $? "$(ls -a killed)"
[ -s killed/.parts/one.failovers.csv ]
judge killed-leaves-a-part $?
"$ROUTESIM" batch folder --out killed --plots killed-plots --resume >out 2>err
judge resumes $? "$(head -c 300 err)"
same resumed-bytes whole killed
cmp -s whole-plots/three-timeline.svg killed-plots/three-timeline.svg
judge resumed-pictures $?
[ ! -e killed/.parts ]
judge resumed-leaves-no-parts $?
before=$(stat -c %i killed/failovers.csv)
"$ROUTESIM" batch folder --out killed --plots killed-plots --resume >out 2>err
[ "$(stat -c %i killed/failovers.csv)" = "$before" ]
judge resume-of-a-whole-folder-does-nothing $?
"$ROUTESIM" batch folder --out killed --plots killed-plots --resume --seed 2 >out 2>err
[ $? -eq 2 ] && [ "$(stat -c %i killed/failovers.csv)" = "$before" ]
judge resume-with-another-seed-is-refused $? "$(head -c 300 err)"
