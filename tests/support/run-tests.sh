#!/bin/bash
# run-tests.sh SUITE... -- SCRIPT...
#
# Runs the Criterion suites, then the shell tests, and ends with one line that sums them all:
# "routesim: N passed, N failed". Exit status 1 if anything failed.
#
# A shell test prints "ok NAME" or "not ok NAME" for each case; it finds the program in ROUTESIM
# and the build folder in BUILD (absolute paths), and may leave files in SCRATCH. What it prints
# beside these lines is shown when a case fails. A script that is not executable is left out.
#
# Criterion passes a test whose child leaked or met undefined behaviour, so sanitizer reports go
# to files, and each file counts as a failure. No test waits for a clock, so that the machine's load does
# not matter; one without an end is ended by the processor's time that it uses. Criterion keeps all processors busy; the scripts, each
# of which waits for one program after the other, run as many at a time.
#
# Tests that pass say which facts they hold (tests/support/facts.h, facts.sh). With FACTS=FILE, of a
# run of all tests, the table of facts-table.sh goes to FILE, and an id without a test is a failure.
set -u -o pipefail

work=$(mktemp -d "${TMPDIR:-/tmp}/routesim-tests.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
export LC_ALL=C G_SLICE=always-malloc
given=("${ASAN_OPTIONS:-}" "${LSAN_OPTIONS:-}" "${UBSAN_OPTIONS:-}" "${TSAN_OPTIONS:-}")

passed=0 failed=0
mkdir "$work/facts" && export ROUTESIM_FACTS=$work/facts

into() { # into FOLDER: what runs next works and reports there
  mkdir -p "$1/reports" "$1/scratch"
  export SCRATCH=$1/scratch
  export ASAN_OPTIONS="log_path=$1/reports/asan:${given[0]}"
  export LSAN_OPTIONS="log_path=$1/reports/lsan:${given[1]}"
  export UBSAN_OPTIONS="log_path=$1/reports/ubsan:print_stacktrace=1:${given[2]}"
  export TSAN_OPTIONS="log_path=$1/reports/tsan:${given[3]}"
}

show_reports() { # show_reports NAME FOLDER: what sanitizers wrote there while NAME ran
  local report
  for report in "$2"/reports/*; do
    [ -e "$report" ] || continue
    echo "not ok $1: sanitizer report"
    head -n 60 "$report"
    rm -f "$report"
    failed=$((failed + 1))
  done
}

forget_failed() { # forget_failed LOG: a test that failed behind its FACTS holds nothing
  sed -n 's/^\[\(FAIL\|CRASH\)\] \([^ ]*\):.*/ \2\t/p' "$1" | while IFS= read -r test; do
    [ ! -e "$work/facts/ran" ] || sed -i "\\,$test,d" "$work/facts/ran"
  done
}

run_suite() { # run_suite BINARY: counts from Criterion's synthesis line
  local name=${1##*/} log=$work/log status line tested passing bad
  (ulimit -t 7200 && exec "$1" --color=never) </dev/null >"$log" 2>&1
  status=$?
  line=$(grep -a 'Synthesis: Tested:' "$log" | tail -n 1)
  tested=$(sed -n 's/.*Tested: *\([0-9]*\).*/\1/p' <<<"$line")
  passing=$(sed -n 's/.*Passing: *\([0-9]*\).*/\1/p' <<<"$line")
  bad=$((${tested:-0} - ${passing:-0}))
  # No test at all is no success: Criterion finds none where /proc is not mounted.
  if [ "${tested:-0}" -eq 0 ] || { [ $status -ne 0 ] && [ $bad -eq 0 ]; }; then
    echo "not ok $name: exit status $status, ${tested:-0} tests ran"
    bad=$((bad + 1))
  fi
  if [ $bad -gt 0 ]; then
    cat "$log"
    forget_failed "$log"
  else
    printf '%-18s %s\n' "$name" "$line"
  fi
  passed=$((passed + ${passing:-0}))
  failed=$((failed + bad))
  show_reports "$name" "$work"
}

run_script() { # run_script SCRIPT FOLDER
  into "$2"
  "./$1" </dev/null >"$2/log" 2>&1
  echo $? >"$2/status"
}

count_script() { # count_script SCRIPT FOLDER: its "ok" and "not ok" lines
  local name=$1 log=$2/log status ok bad
  status=$(cat "$2/status")
  ok=$(grep -ac '^ok ' "$log")
  bad=$(grep -ac '^not ok ' "$log")
  if [ $status -ne 0 ] && [ "$bad" -eq 0 ] || [ $((ok + bad)) -eq 0 ]; then
    echo "not ok $name: exit status $status, no case reported it"
    bad=$((bad + 1))
  fi
  if [ "$bad" -gt 0 ]; then
    grep -av '^ok ' "$log"
  fi
  printf '%-18s %s\n' "$(basename "$(dirname "$name")")" "[====] $name: Tested: $((ok + bad)) | Passing: $ok | Failing: $bad"
  passed=$((passed + ok))
  failed=$((failed + bad))
  show_reports "$name" "$2"
}

into "$work"
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  run_suite "$1"
  shift
done
[ $# -gt 0 ] && shift
scripts=()
for script in "$@"; do
  [ -x "$script" ] && scripts+=("$script")
done
for i in "${!scripts[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
  run_script "${scripts[i]}" "$work/$i" &
done
wait
for i in "${!scripts[@]}"; do
  count_script "${scripts[i]}" "$work/$i"
done

if [ -n "${FACTS:-}" ]; then
  mkdir -p "$(dirname "$FACTS")"
  sort -u "$work/facts/ran" >"${FACTS%.md}.tsv" # which `make mutants FACT=ID` reads
  if tests/support/facts-table.sh "$work/facts/ran" >"$FACTS" 2>"$work/log"; then
    passed=$((passed + 1))
  else
    echo "not ok ${FACTS##*/}"
    sed 's/^/  /' "$work/log"
    failed=$((failed + 1))
  fi
  printf '%-18s %s\n' "${FACTS##*/}" "$(tail -n 1 "$FACTS")"
fi

echo "routesim: $passed passed, $failed failed"
[ $failed -eq 0 ]
