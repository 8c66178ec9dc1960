#!/bin/bash
# run.sh: expectations that do not hold are told on standard error, to the byte, and end with status 1.
#
# NAME.yaml of this folder, and NAME.expected; run, batch and compare judge alike.
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

for file in tests/expect/*.yaml; do
  name=$(basename "$file" .yaml)
  told "$name" run
  told "$name" batch --out "$work/results"
  told "$name" compare
done
exit $status
