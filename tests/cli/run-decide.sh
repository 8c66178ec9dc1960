#!/bin/bash
# run-decide.sh: survey, campaign and sensitivity as a shell sees them: the same bytes whatever the number of
# threads, and from a call that was killed and resumed; what is told while they go on.
#
# Prints "ok NAME" or "not ok NAME" for each case. ROUTESIM is the program, SCRATCH a folder that
# may be filled.
set -u
export LC_ALL=C
unset NO_COLOR
. "$(dirname "$0")/../support/verdict.sh"
. "$(dirname "$0")/../support/calls.sh"
work=$(mktemp -d "$SCRATCH/decide.XXXXXX") || exit 1
cd "$work" || exit 1
{ scenario pair 5
  echo 'failures:'
  echo '  - {target: "fw-*", mtbf: 20d, mttr: 1h, how: {silent: 50%, crash: 50%}}'; } >pair.yaml

# ---- threads ------------------------------------------------------------------------------------

# The same call three times; its files, its text, and its pictures are the same.
threads() { # threads NAME COMMAND WORD...
  local name=$1 jobs problem=
  shift
  for jobs in 1 2 8; do
    mkdir -p "$name-$jobs"
    (cd "$name-$jobs" && "$ROUTESIM" "$1" ../pair.yaml "${@:2}" --quiet --jobs $jobs --out out --plots . >said 2>err) ||
      problem="exit status $? with --jobs $jobs: $(cat "$name-$jobs/err")"
    problem=$problem$(diff -r "$name-1" "$name-$jobs" 2>&1 | head -n 5)
  done
  ls "$name-1"/*.svg >/dev/null 2>&1 || problem="$problem no picture"
  [ "$(cat "$name-1"/out/*.csv | wc -l)" -gt 4 ] || problem="$problem no rows"
  verdict "decide-threads-$name" "$problem"
}
threads survey survey
threads pairs survey --pairs --how silent,crash
threads campaign campaign --years 30
threads biased campaign --years 20 --method biased
threads split campaign --years 20 --method split
threads sensitivity sensitivity --runs 3

# ---- killed and resumed ---------------------------------------------------------------------------

# It is killed when so many pieces are done, goes on with these, and ends as if nothing had been.
killed() { # killed NAME PIECES COMMAND WORD...
  local name=$1 pieces=$2 pid code problem=
  shift 2
  mkdir -p "$name"
  "$ROUTESIM" "$1" pair.yaml "${@:2}" --quiet --jobs 2 --out "$name/killed" >out 2>err &
  pid=$!
  while kill -0 $pid 2>/dev/null && ! { [ -e "$name/killed/.$1.journal" ] &&
    [ "$(grep -c '^end' "$name/killed/.$1.journal")" -ge "$pieces" ]; }; do
    sleep 0.01
  done
  kill -KILL $pid 2>/dev/null
  wait $pid 2>/dev/null
  code=$?
  [ $code -eq 137 ] || problem="it ended with $code before it was killed"
  [ ! -e "$name/killed/$1.csv" ] || problem="$problem; it wrote a whole file"
  "$ROUTESIM" "$1" pair.yaml "${@:2}" --quiet --jobs 1 --out "$name/killed" --resume >said 2>err ||
    problem="$problem; resumed: $(cat err)"
  "$ROUTESIM" "$1" pair.yaml "${@:2}" --quiet --jobs 2 --out "$name/whole" >whole 2>err
  problem=$problem$(diff -r -x '.*.journal' "$name/whole" "$name/killed" 2>&1 | head -n 5; diff said whole | head -n 5)
  [ ! -e "$name/killed/.$1.parts" ] || problem="$problem; parts are left"
  verdict "decide-killed-$name" "$problem"
}
killed survey-at-once 0 survey --pairs --runs 60
killed survey-in-the-middle 2 survey --pairs --runs 60
killed campaign-at-once 0 campaign --years 300
killed campaign-in-the-middle 1 campaign --years 300
killed split-in-the-middle 1 campaign --years 60 --method split
"$ROUTESIM" campaign pair.yaml --years 300 --quiet --out campaign-at-once/whole --method biased --resume >out 2>err
[ $? -eq 2 ] && grep -q -- '--method was plain, now it is biased' err
judge decide-resumed-by-another-method $? "$(cat err)"

# ---- what is told meanwhile -------------------------------------------------------------------------

figures='[0-9]+ of [0-9]+ (runs|years|batches), [0-9.]+ a (second|minute), [0-9]+ s left'
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
  for call in 'campaign --years 300' 'survey --runs 200' 'sensitivity --runs 4'; do
    TERM=xterm script -qec "$(printf '%q ' "$ROUTESIM") ${call%% *} pair.yaml ${call#* } --jobs 1 >/dev/null" /dev/null \
      </dev/null >out 2>&1
    grep -Eqa $'\r\033\\[K\\[#* *\\] '"$figures" out && [ "$(tail -c 4 out)" = $'\r\033[K' ]
    judge "decide-bar-${call%% *}" $? "$(tail -c 300 out | cat -v)"
  done
fi
# Off a terminal there is a line in ten seconds, which pass while it stands still.
for call in 'campaign --years 300' 'survey --runs 200' 'sensitivity --runs 4'; do
  # shellcheck disable=SC2086
  "$ROUTESIM" ${call%% *} pair.yaml ${call#* } --jobs 1 >/dev/null 2>"err-${call%% *}" </dev/null &
  echo $! >>pids
  while kill -0 $! 2>/dev/null && [ "$(ls /proc/$!/task 2>/dev/null | wc -l)" -lt 2 ]; do
    :
  done # its threads have begun
  kill -STOP $!
done
sleep 10.5
xargs kill -CONT <pids
wait
for call in campaign survey sensitivity; do
  # Before the first one is over there is no rate.
  ! grep -Eqv "^routesim: ($figures(, interval .* wide)?|0 of [0-9]+ (runs|years|batches))\$" "err-$call" &&
    [ "$(wc -l <"err-$call")" -ge 1 ]
  judge "decide-line-$call" $? "$(head -n 5 "err-$call")"
done
exit $status
