#!/bin/sh
# check-circles.sh FOLDER: no circle of files. FOLDER holds the objects of sim/; a file needs another one
# where it uses a symbol that the other defines. Prints each ring, and exits with 1 if there is any.
set -eu
cd "$1"
find sim -name '*.o' | LC_ALL=C sort | while read -r object; do
  [ -e "$OLDPWD/${object%.o}.c" ] && printf 'F %s\n' "${object%.o}" && nm -P "$object"
done | LC_ALL=C awk '
$1 == "F" { file = $2; files[++count] = file; next }
$2 == "U" { uses[++used] = file SUBSEP $1; next }
$2 ~ /^[TDRBCGVW]$/ { home[$1] = file }
function strip(    i, f, changed) { # whoever needs nobody left, or is needed by nobody, is in no ring
  do {
    changed = 0
    for (i = 1; i <= count; i++) {
      f = files[i]
      if (left[f] && (!out[f] || !into[f])) { drop(f); changed = 1 }
    }
  } while (changed)
}
function drop(f,    i) {
  left[f] = 0
  for (i = 1; i <= edges; i++) {
    if (from[i] == f && left[to[i]]) into[to[i]]--
    if (to[i] == f && left[from[i]]) out[from[i]]--
  }
}
function next_of(f,    i) {
  for (i = 1; i <= edges; i++) if (from[i] == f && left[to[i]]) return i
}
function tell(f,    seen, at, i, text) { # walks until it comes round
  while (!(f in seen)) { seen[f] = 1; f = to[next_of(f)] }
  at = f
  do { i = next_of(at); text = text at " -> (" why[i] ") "; at = to[i]; ring[at] = 1 } while (at != f)
  print "check-circles: " text f
}
END {
  for (i = 1; i <= used; i++) {
    split(uses[i], use, SUBSEP)
    f = use[1]; g = home[use[2]]
    if (g == "" || g == f || (f, g) in known) continue
    known[f, g] = 1; from[++edges] = f; to[edges] = g; why[edges] = use[2]
    out[f]++; into[g]++
  }
  for (i = 1; i <= count; i++) left[files[i]] = 1
  for (strip(); ; strip()) {
    for (i = 1; i <= count && !left[files[i]]; i++);
    if (i > count) break
    for (f in ring) delete ring[f]
    tell(files[i]); rings++
    for (f in ring) drop(f)
  }
  if (rings) exit 1
  print "check-circles: " count " files, no circle"
}'
