#!/bin/bash
# Every block of the README that stands behind `<!-- output: COMMAND -->` is what the command
# prints. GOLDEN_UPDATE=1 rewrites the blocks: look at the difference before you commit it.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
has=$SCRATCH/readme-has gets=$SCRATCH/readme-gets count=0

block() { # block COMMAND: what the README shows
  want="<!-- output: $1 -->" awk '
    BEGIN { want = ENVIRON["want"] } # -v would take what stands behind a backslash for another
    $0 == want { found = 1; next }
    found == 1 && $0 == "```" { found = 2; next }
    found == 2 && $0 == "```" { exit }
    found == 2 { print }' README.md
}
rewrite() { # rewrite COMMAND: puts $gets into its block
  want="<!-- output: $1 -->" awk -v from="$gets" '
    BEGIN { want = ENVIRON["want"] }
    $0 == want { found = 1; print; next }
    found == 1 && $0 == "```" { found = 2; print; while ((getline line < from) > 0) print line; next }
    found == 2 && $0 == "```" { found = 3 }
    found != 2 { print }' README.md >"$SCRATCH/readme-new" && cat "$SCRATCH/readme-new" >README.md
}

while IFS= read -r command; do
  count=$((count + 1))
  bash -c "${command//build\/routesim/$ROUTESIM}" >"$gets" 2>/dev/null
  [ -z "${GOLDEN_UPDATE:-}" ] || rewrite "$command"
  block "$command" >"$has"
  [ -s "$has" ] && diff "$has" "$gets"
  judge "readme/$count" $?
done < <(sed -n 's/^<!-- output: \(.*\) -->$/\1/p' README.md)
[ "$count" -ge 2 ] || verdict readme/blocks "only $count blocks"

# What the guides name is there: a path with a folder, and a function where it is said to stand.
named() { # named GUIDE: its words in backticks, one a line
  grep -o '`[^`]*`' "$1" | tr -d '`' | sort -u
}
for guide in README.md sim/README.md; do
  missing=
  while IFS= read -r word; do
    case $word in
    *' '* | *[A-Z]/* | */NAME* | *FOLDER* | -* | *'*'*) ;;
    sim/* | tests/* | include/* | scenarios/*)
      [ -e "$word" ] || missing="$missing $word"
      ;;
    *'()')
      grep -rqE --include='*.[ch]' "\b${word%()}\(" sim include || missing="$missing $word"
      ;;
    esac
  done < <(named "$guide")
  verdict "readme/named-$guide" "${missing:+$guide names what is not there:$missing}"
done
