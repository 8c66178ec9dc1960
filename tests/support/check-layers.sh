#!/bin/sh
# check-layers.sh: what may include what, and where a cloud's name may stand.
#
# A file under sim/FOLDER or include/routesim/FOLDER may include headers of its own folder and of
# folders on a lower level. The folder of one cloud may also use cloud/; cloud/ itself knows no
# cloud, but for its registry. Every folder in sim/cloud/ is a cloud: below their level, no cloud's
# name may occur outside comments. And outside the folder of a cloud no string may hold the id of a
# fact about it, told by what its class says that these begin with (`.facts`): a message cites by
# cloud_cite() whom it is about. Not looked at are what numbers and keys of the language rest on
# (strings of ids alone, in language/, nva/, fault/ and folders of clouds), and hints.c, which is
# about the words of clouds' own tools. Prints FILE:LINE for each offence; exit status 1 if there is
# any.
set -eu

clouds=
for folder in sim/cloud/*/; do
  [ ! -d "$folder" ] || clouds="$clouds $(basename "$folder")"
done

# What the ids of each begin with, in the same order.
prefixes=
for cloud in $clouds; do
  prefix=$(sed -n 's/^ *\.facts = "\(.*\)",$/\1/p' sim/cloud/"$cloud"/*.c)
  [ -n "$prefix" ] || { echo "check-layers: sim/cloud/$cloud: no class with .facts"; exit 1; }
  prefixes="$prefixes $prefix"
done

set --
for top in sim include/routesim; do
  [ -d "$top" ] && set -- "$@" "$top"
done
[ $# -gt 0 ] || exit 0

find "$@" -name '*.[ch]' | LC_ALL=C sort | LC_ALL=C awk -v clouds="$clouds" -v prefixes="$prefixes" '
function folder_of(path) {
  sub(/^sim\//, "", path)
  sub(/^include\//, "", path)
  sub(/^routesim\//, "", path)
  return sub(/\/[^\/]*$/, "", path) ? path : ""
}
function level_of(folder) { return folder in level ? level[folder] : -1 }
function allowed(file, from, to) {
  if (from == to || level[to] < level[from]) return 1
  if (from ~ /^cloud\// && to == "cloud") return 1
  return file == "sim/cloud/registry.c" && to ~ /^cloud\//
}
function offence(text) { print file ":" line ": " text; offences++ }
function strip(text,    out, c, two, i) { # without comments; block and quote live on between lines
  out = ""; quote = ""
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1); two = substr(text, i, 2)
    if (block) { if (two == "*/") { block = 0; i++ } continue }
    if (quote != "") { out = out c; if (c == "\\") { out = out substr(text, ++i, 1) } else if (c == quote) quote = ""; continue }
    if (two == "/*") { block = 1; i++; continue }
    if (two == "//") break
    if (c == "\"" || c == "\047") quote = c
    out = out c
  }
  return out
}
# In capitals, all of them or the first, or in none; in the middle of a word it is an accident, as in
# "draws", unless it begins with a capital.
function names_a_cloud(code,    i, name, first) {
  for (i = 1; i <= cloud_count; i++) {
    name = cloud[i]; first = toupper(substr(name, 1, 1)) substr(name, 2)
    if (code ~ "(^|[^A-Za-z])(" name "|" first "|" toupper(name) ")" || code ~ "[a-z]" first) return 1
  }
  return 0
}
# Has one of the strings the id of a fact about a cloud, but for one in its own folder? Where
# `sources`, ids alone are what a number rests on.
function cites_a_cloud(code, sources,    text, i) {
  while (match(code, /"([^"\\]|\\.)*"/)) {
    text = substr(code, RSTART + 1, RLENGTH - 2); code = substr(code, RSTART + RLENGTH)
    if (sources && text ~ /^[A-Z][A-Za-z]*[- ][0-9. ]+(, [A-Z][A-Za-z]*[- ][0-9. ]+)*$/) continue
    for (i = 1; i <= prefix_count; i++)
      if (from != "cloud/" cloud[i] && text ~ "(^|[^A-Za-z])" prefix[i] "[0-9]") return 1
  }
  return 0
}
BEGIN {
  prefix_count = split(prefixes, prefix, " ")
  n = split("base 0 engine 1 net 2 design 3 bgp 3 bfd 3 flow 3 cloud 4 nva 4 fault 5 metric 5 " \
            "language 6 world 6 check 7 run 7 report 8 batch 9 cli 10", word, " ")
  for (i = 1; i < n; i += 2) level[word[i]] = word[i + 1] + 0
  cloud_count = split(clouds, cloud, " ")
  for (i = 1; i <= cloud_count; i++) level["cloud/" cloud[i]] = level["cloud"]
}
{
  file = $0; from = folder_of(file); line = 0; block = 0
  if (level_of(from) < 0) { offence("folder \047" from "\047 has no level"); next }
  while ((getline text < file) > 0) {
    line++
    code = strip(text)
    if (match(code, /^[ \t]*#[ \t]*include[ \t]*["<][^">]*[">]/)) {
      header = substr(code, RSTART, RLENGTH - 1)
      sub(/^[^"<]*["<]/, "", header)
      if (header ~ /^routesim\//) {
        to = folder_of(header)
        if (level_of(to) < 0) offence("folder \047" to "\047 has no level")
        else if (!allowed(file, from, to)) offence("level " level[from] " (" from ") includes level " level[to] " (" to ")")
      } else if (header ~ /\.\.\// || header ~ /^sim\//)
        offence("include \047" header "\047 goes round the public headers")
    }
    if (level[from] < level["cloud"] && names_a_cloud(code))
      offence("a cloud\047s name on level " level[from])
    if (file != "sim/language/hints.c" && cites_a_cloud(code, from ~ /^(language|nva|fault|cloud\/.*)$/))
      offence("a fact about a cloud outside its folder")
  }
  close(file)
}
END { if (offences) { print "check-layers: " offences " offences"; exit 1 } print "check-layers: " NR " files in order" }
'
