#!/bin/bash
# run.sh: expectations that do not hold are told on standard error, to the byte, and end with status 1.
#
# NAME.yaml of this folder, and NAME.expected; run, batch and compare judge alike. NAME.warned has the
# warnings beside them, which --quiet leaves out.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
work=${SCRATCH:-$(mktemp -d)}/expect
mkdir -p "$work" || exit 1
. tests/support/verdict.sh

told() { # told NAME WORD...: exit status 1, and the lines of tests/expect/NAME.expected
  local name=$1 problem=
  shift
  "$ROUTESIM" "$1" "tests/expect/$name.yaml" --runs 2 --quiet "${@:2}" >"$work/out" 2>"$work/err" </dev/null
  [ $? -eq 1 ] || problem="exit status is not 1"
  grep -v '^/.* of 1 scenario$' "$work/err" | diff "tests/expect/$name.expected" - >"$work/diff" || problem="says something else"
  verdict "expect-$name-$1" "${problem:+$problem
$(cat "$work/diff")}"
}

warned() { # warned NAME WORD...: without --quiet, the warnings of tests/expect/NAME.warned too
  local name=$1
  shift
  "$ROUTESIM" "$1" "tests/expect/$name.yaml" --runs 2 "${@:2}" >"$work/out" 2>"$work/err" </dev/null
  grep ': warning: ' "$work/err" | diff "tests/expect/$name.warned" - >"$work/diff"
  verdict "expect-warned-$name-$1" "$(cat "$work/diff")"
}

for file in tests/expect/*.yaml; do
  name=$(basename "$file" .yaml)
  told "$name" run
  told "$name" batch --out "$work/results"
  told "$name" compare
  [ -e "tests/expect/$name.warned" ] || continue
  warned "$name" run
  warned "$name" batch --out "$work/results"
  warned "$name" compare
done
exit $status
