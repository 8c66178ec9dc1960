#!/bin/bash
# run-traits.sh: files of traits, and calibrate, as a shell sees them: what is told and written, statuses.
#
# Prints "ok NAME" or "not ok NAME" for each case. ROUTESIM is the program, SCRATCH a folder.
set -u
export LC_ALL=C
repository=$(cd "$(dirname "$0")/../.." && pwd)
. "$repository/tests/support/verdict.sh"
. "$repository/tests/support/calls.sh"
work=$(mktemp -d "$SCRATCH/traits.XXXXXX") || exit 1
cd "$work" || exit 1
mkdir sub
scenario pair 3 >pair.yaml

says() { # says NAME STATUS PATTERN WORD...: ends with this status, and a line of either stream matches
  local name=$1 wanted=$2 pattern=$3 got
  shift 3
  "$ROUTESIM" "$@" >out 2>err </dev/null
  got=$?
  [ $got -eq "$wanted" ] && cat out err | grep -Eq -- "$pattern"
  judge "traits-$name" $? "status $got, not $wanted: $*" "$(head -c 600 err)" "$(head -c 300 out)"
}

# ---- files of traits ---------------------------------------------------------------------------

echo 'azure.program: 2s' >mine.yaml
echo 'azure.program: 3s' >sub/other.yaml
echo 'program: 2s' >either.yaml
sed 's/^name: .*/name: named\ntraits: other.yaml/' pair.yaml >sub/named.yaml
for command in run batch compare explain survey reach 'show --at 2m' check 'sensitivity --runs 1'; do
  # shellcheck disable=SC2086
  says "of-${command%% *}" 2 "^either.yaml:1:1: error: 'program' may be 'route_servers" $command pair.yaml --traits either.yaml
done
says unreadable 3 'cannot read nowhere.yaml: ' run pair.yaml --traits nowhere.yaml
sed 's/other.yaml/nowhere.yaml/' sub/named.yaml >sub/lost.yaml
says unreadable-of-a-scenario 3 "sub/lost.yaml:2:9: error: cannot read sub/nowhere.yaml" run sub/lost.yaml
says set-too-late 2 'use --traits FILE' run pair.yaml --set traits=mine.yaml
program() { # program WORD...: what `program` is set to, as compare tells it
  "$ROUTESIM" compare --quiet --model azure "$@" | tr -s ' \n' ' ' | grep -o ' program [0-9]*s' | head -n 1
}
[ "$(program sub/named.yaml)" = ' program 3s' ]
judge traits-beside-the-scenario $? "$(program sub/named.yaml)"
[ "$(program sub/named.yaml --traits mine.yaml)" = ' program 2s' ]
judge traits-of-the-call-come-after $? "$(program sub/named.yaml --traits mine.yaml)"
[ "$(program sub/named.yaml --traits mine.yaml --set route_servers.rs.azure.program=4s)" = ' program 4s' ]
judge traits-before-set $?

batch() { "$ROUTESIM" batch sub/named.yaml --quiet --out results --traits mine.yaml "$@"; }
batch >out 2>err &&
  grep -qF "\"set\": [], \"traits_sha256\": \"$(sha256sum <mine.yaml | cut -d ' ' -f 1)\"" results/manifest.json &&
  grep -qF ", \"traits_sha256\": \"$(sha256sum <sub/other.yaml | cut -d ' ' -f 1)\"}" results/manifest.json
judge traits-in-the-manifest $? "$(cat results/manifest.json)"
batch --resume >out 2>err
judge traits-resumed $? "$(cat err)"
says resumed-without 2 'SHA-256 of --traits was .* now it is not given' batch sub/named.yaml --quiet --out results --resume
echo '#' >>mine.yaml
says resumed-with-others 2 'SHA-256 of --traits was' batch sub/named.yaml --quiet --out results --resume --traits mine.yaml
sed -i '$d' mine.yaml
echo '#' >>sub/other.yaml
says resumed-with-others-of-its-own 2 'SHA-256 of the traits of scenario named was' batch sub/named.yaml --quiet \
  --out results --resume --traits mine.yaml

# The command of worst.csv shows that year, whatever changed it.
sed 's/^events:/failures: [{target: fw-a, mtbf: 20d, mttr: 12h, how: silent}]\nevents:/' pair.yaml >years.yaml
"$ROUTESIM" campaign years.yaml --model azure --years 2 --quiet --traits mine.yaml --set 'nvas.*.boot=5m' \
  --out years >out 2>err
worst=$(sed -n 2p years/worst.csv)
[[ $worst == *"--traits 'mine.yaml' --set 'nvas.*.boot=5m'"* ]]
judge traits-in-the-command-of-worst $? "$worst" "$(cat err)"

# ---- calibrate ---------------------------------------------------------------------------------

cat >direct.yaml <<'YAML'
name: direct
models: [azure]
duration: 100s
networks: {vnet: {prefixes: [10.0.0.0/16], subnets: {nva: {prefix: 10.0.1.0/24, vms: 0}, client: {prefix: 10.0.2.0/24, vms: 1}}}}
route_servers: {rs: {network: vnet}}
nvas:
  watcher: {subnet: vnet/nva, asn: 65010, peers: {rs: }, advertise: [{prefix: 10.100.0.1/32, next_hop: vm-1}]}
  vm-1: {subnet: vnet/nva, asn: 65011, advertise: [{prefix: 10.100.0.1/32}]}
  vm-2: {subnet: vnet/nva, asn: 65012, advertise: [{prefix: 10.100.0.1/32}]}
events: [{at: 10s, set: nvas.watcher.advertise, to: [{prefix: 10.100.0.1/32, next_hop: vm-2}]}]
YAML
fit() { # fit NAME STATUS PATTERN WORD...
  says "calibrate-$1" "$2" "$3" calibrate direct.yaml --quiet --fit azure.program --measure programmed --out fitted "${@:4}"
}
# What AZ-11.6 measured is what the default is made of: the median is 1.77 s, the data are each as likely.
printf '%s\n' outage_s 0.90 1.00 1.22 1.50 1.50 1.53 1.77 1.85 2.42 4.14 4.20 5.19 5.60 >published.csv
fit published 0 'azure: the median of route_servers.\*.azure.program is 1.77 s' --data published.csv
grep -q '^# n: 13$' fitted/traits.yaml && grep -q '^# source: published.csv, SHA-256 ' fitted/traits.yaml &&
  grep -q '^route_servers.\*.azure.program: {table: \[900ms, 1s, 1220ms, .*5600ms\]}$' fitted/traits.yaml
judge traits-calibrate-writes-traits $? "$(cat fitted/traits.yaml)"
says calibrated-traits-are-taken 0 'set by the scenario|azure: event 0' run pair.yaml --quiet --model azure \
  --traits fitted/traits.yaml
"$ROUTESIM" calibrate direct.yaml --quiet --fit azure.program --measure programmed --out again --data published.csv \
  --jobs 1 >one && "$ROUTESIM" calibrate direct.yaml --quiet --fit azure.program --measure programmed --out again2 \
  --data published.csv --jobs 3 >three && cmp one three && cmp again/traits.yaml again2/traits.yaml &&
  [ "$(awk '{ print length }' one | sort -n | tail -n 1)" -le 80 ]
judge traits-calibrate-the-same-by-any-threads $? "$(diff one three)"

rm -rf fitted
fit_bad() { # fit_bad NAME PATTERN LINE...: as the 13th value: refused, and nothing is written
  printf '%s\n' 1 2 3 4 1 2 3 4 1 2 3 4 "${@:3}" >bad.csv
  fit "$1" 2 "$2" --data bad.csv
  [ ! -e fitted ]
  judge "traits-calibrate-$1-writes-nothing" $?
}
fit_bad negative "bad.csv:13: '-1' is negative" -1
fit_bad zero "bad.csv:13: '0' is no gap" 0
fit_bad infinite "bad.csv:13: 'inf' is no length of a gap" inf
fit_bad text "bad.csv:13: 'soon' is not one number of seconds" soon
fit_bad too-long 'a gap of 1000.000 s is none that any value of .* can give' 1000
printf '%s\n' 1 2 3 4 5 6 7 8 9 >bad.csv
fit too-few 2 '9 values tell too little: at least 10 are needed' --data bad.csv
fit data-unreadable 3 'cannot read nowhere.csv: ' --data nowhere.csv
says calibrate-without-data 2 'calibrate needs --data FILE' calibrate direct.yaml --fit azure.program --out fitted
says calibrate-without-fit 2 'calibrate needs --fit' calibrate direct.yaml --data published.csv --out fitted
says calibrate-without-out 2 'calibrate needs --out' calibrate direct.yaml --data published.csv --fit azure.program
says calibrate-unknown-trait 2 "no trait 'azure.progam' .did you mean 'azure.program'" calibrate direct.yaml \
  --data published.csv --fit azure.progam --out fitted
[ ! -e fitted ]
judge traits-calibrate-refused-writes-nothing $?
exit $status
