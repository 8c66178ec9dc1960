#!/bin/bash
# run.sh: what commands print, byte for byte. Each tests/golden/NAME.txt opens with the sentence that it
# holds the program to ("# ..."), then has one call ("$ routesim ...", a line of bash that may narrow what
# is printed to what the sentence is about), and then what the call prints.
#
# GOLDEN_UPDATE=1 (`make golden-update`) writes what is printed now behind each call. Then read the
# difference: does the sentence still hold of it? ONLY='NAME...': the goldens of these names, or whose
# calls name these scenarios.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
work=${SCRATCH:-$(mktemp -d)}/golden
mkdir -p "$work" || exit 1
. tests/support/verdict.sh

routesim() { "$ROUTESIM" "$@"; }
export -f routesim

chosen() { # chosen NAME CALL
  local word
  [ -n "${ONLY:-}" ] || return 0
  for word in $ONLY; do
    [[ $word == "$1" || $2 == */"$word".yaml* ]] && return 0
  done
  return 1
}

problem_of() { # problem_of FILE CLAIM CALL: what is wrong, if anything
  [[ $2 =~ ^[A-Z].*\ .*\.\ $ ]] || { echo "opens with no sentence that says what it holds"; return; }
  [[ $3 == "routesim "* ]] || { echo "has no call '\$ routesim ...' below its sentence"; return; }
  bash -o pipefail -c "$3" >"$work/printed" 2>"$work/err" </dev/null ||
    { echo "exit status $?: $3"; head -n 20 "$work/err"; return; }
  { sed -n '/^[#$] /!q; p' "$1"; cat "$work/printed"; } >"$work/now"
  [ -s "$work/printed" ] || { echo "prints nothing: $3"; return; }
  [ -z "${GOLDEN_UPDATE:-}" ] || cp "$work/now" "$1"
  diff -u "$1" "$work/now"
}

for file in tests/golden/*.txt; do
  name=$(basename "$file" .txt)
  claim=$(sed -n '/^# /!q; s/^# //p' "$file" | tr '\n' ' ')
  call=$(sed -n '/^# /d; s/^\$ //p; q' "$file")
  chosen "$name" "$call" || continue
  verdict "golden-$name" "$(problem_of "$file" "$claim" "$call")"
done
rm -rf "$work"
exit $status
