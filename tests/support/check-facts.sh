#!/bin/sh
# check-facts.sh: every fact id that the tree cites stands in scenarios/facts.md, once.
#
# An id is D-n, or X-n.m of a cloud whose facts begin with X- (`.facts` of its class) or of the table.
# Prints "ok NAME" or "not ok NAME" for each check.
set -u
export LC_ALL=C
facts=scenarios/facts.md
work=$(mktemp -d "${TMPDIR:-/tmp}/routesim-facts.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

verdict() { # verdict NAME FILE: ok if FILE is empty, else show it
  if [ -s "$2" ]; then
    echo "not ok $1"
    sed 's/^/  /' "$2"
    status=1
  else
    echo "ok $1"
  fi
}

status=0
sed -n 's/^| *\([A-Z]*-[0-9.]*\) *|.*/\1/p' "$facts" | sort >"$work/ids"
uniq -d "$work/ids" >"$work/twice"
verdict facts-ids-are-unique "$work/twice"

clouds=$(
  {
    sed -n 's/^\([A-Z]*\)-[0-9]*[.].*/\1/p' "$work/ids"
    sed -n 's/.*[.]facts = "\([A-Z]*\)-".*/\1/p' sim/cloud/*/*.c
  } | sort -u | paste -s -d '|' -
)

set --
for place in sim include tests scenarios README.md; do
  [ -e "$place" ] && set -- "$@" "$place"
done
# One test is about ids that are not there.
find "$@" -type f ! -name 'measured-of-what-is-not-there.*' -exec grep -lIE "($clouds|D)-[0-9]" {} + | sort |
  awk -v clouds="$clouds" '
function known_or_told(id) { if (!(id in known)) print file ":" line ": " id " is not in '"$facts"'" }
BEGIN { cited = "(" clouds ")-[0-9]+[.][0-9]+|D-[0-9]+" }
FILENAME != "-" { known[$1] = 1; next }
{
  file = $0; line = 0
  while ((getline text < file) > 0) {
    line++; before = ""
    while (match(text, cited)) { # not within a word such as MD-5
      if (RSTART > 1) before = substr(text, RSTART - 1, 1)
      after = substr(text, RSTART + RLENGTH, 1)
      if (before !~ /[A-Za-z0-9_-]/ && after !~ /[A-Za-z0-9_]/) known_or_told(substr(text, RSTART, RLENGTH))
      before = substr(text, RSTART + RLENGTH - 1, 1)
      text = substr(text, RSTART + RLENGTH)
    }
  }
  close(file)
}' "$work/ids" - >"$work/unresolved"
verdict facts-cited-ids-resolve "$work/unresolved"

if [ -n "${ROUTESIM:-}" ] && [ -x "$ROUTESIM" ] && "$ROUTESIM" facts --help >/dev/null 2>&1; then
  for id in AWS-3.7 AZ-6.18 D-1; do
    "$ROUTESIM" facts $id >"$work/printed" 2>&1 && grep -q "$id" "$work/printed" && : >"$work/wrong" ||
      echo "routesim facts $id does not print it" >"$work/wrong"
    verdict "facts-command-$id" "$work/wrong"
  done
fi
exit $status
