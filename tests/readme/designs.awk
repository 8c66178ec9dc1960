# The answers of the designs side by side, 80 columns wide, of campaign.csv, causes.csv, survey.csv and
# survey_totals.csv as they come, of one design after the other:
#   -v what=years    downtime, nines and the main cause
#   -v what=points   single points of failure, what costs most of the rest, pairs
#   -v what=ways     the variants of one design in both clouds
BEGIN { FS = "," }
FNR == 1 { split("", at); for (i = 1; i <= NF; i++) at[$i] = i; next }
$1 == "two-firewalls" && what != "ways" { next }
{ key = what == "ways" ? $3 : $1 "," $2; model = $2 }
"nines" == $at["measure"] || ("pairs" in at) { if (!(key in seen)) { seen[key] = 1; order[++count] = key } }
!("measure" in at) { measure = "" }
"measure" in at {
  value = "(" figure($at["low"]) " to " figure($at["high"]) ")"
  if ($at["measure"] == "downtime_weighted") down[key, model] = figure($at["estimate"]) " " value
  if ($at["measure"] == "nines") nines[key, model] = sprintf("%.1f", $at["estimate"])
}
"minutes" in at && !((key, model) in cause) { cause[key, model] = sprintf("%.0f %% %s %s", 100 * $at["share"], $4, $5) }
"lost_for_good_share" in at {
  cost = $at["outage_p95_s"]
  if ($5 != "") pairs[key] += 1
  else if ($at["lost_for_good_share"] > 0) points[key] = points[key] (points[key] == "" ? "" : " ") $4
  else if (cost > worst[key]) { worst[key] = cost; worst_of[key] = figure(cost) " s " $4 }
}
"pairs" in at { all[key] = $at["pairs"]; made += $at["pair_runs_made"]; proven += $at["pair_runs_proven"] }
function figure(n) { return sprintf(n >= 100 ? "%.0f" : n >= 10 ? "%.1f" : "%.2f", n) }
function or_none(text) { return text == "" ? "-" : text }
function row_of_points(name, model, text,    n, i, words, line, first) { # wrapped
  n = split(text == "" ? "none" : text, words, " ")
  for (i = 1; i <= n; i++) {
    if (line != "" && length(line) + length(words[i]) > 20) { tell(line, first++); line = "" }
    line = line (line == "" ? "" : " ") words[i]
  }
  tell(line, first)
}
function tell(line, is_more) {
  if (is_more) printf "%24s%s\n", "", line
  else printf "%-16s %-5s  %-20s %-25s %3d/%d\n", part[1], part[2], line, or_none(worst_of[order[o]]), pairs[order[o]], all[order[o]]
}
END {
  if (what == "ways") printf "%-15s %-22s %5s   %-22s %5s\n", "", "azure: min a year", "nines", "aws: min a year", "nines"
  if (what == "years") printf "%-16s %-5s  %-20s  %5s  %s\n", "design", "cloud", "downtime, min a year", "nines", "most of it by"
  if (what == "points") printf "%-16s %-5s  %-20s %-25s %s\n", "design", "cloud", "single points", "worst of the rest (p95)", "  pairs"
  for (o = 1; o <= count; o++) {
    key = order[o]
    split(key, part, ",")
    if (what == "ways")
      printf "%-15s %-22s %5s   %-22s %5s\n", key == "base" ? "timers-10-30" : key, down[key, "azure"], nines[key, "azure"], down[key, "aws"], nines[key, "aws"]
    if (what == "years")
      printf "%-16s %-5s  %-20s  %5s  %s\n", part[1], part[2], down[key, part[2]], nines[key, part[2]], cause[key, part[2]]
    if (what == "points")
      row_of_points(part[1], part[2], points[key])
  }
  if (what == "points")
    printf "Of %d runs of pairs %d were made, %d proven to be without effect.\n", made + proven, made, proven
}
