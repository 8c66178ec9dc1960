#!/bin/bash
# run.sh: the pictures of the tree tell what their titles say: every variant under every model, both
# directions, the event that matters; none is empty or flat. That they are what the program draws,
# holds tests/results.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
work=${SCRATCH:-$(mktemp -d)}/plots
rm -rf "$work"
mkdir -p "$work" || exit 1
. tests/support/verdict.sh

draw() { # draw NAME COMMAND WORD...: the pictures into $work/NAME
  local name=$1
  shift
  "$ROUTESIM" "$@" --plots "$work/$name" --quiet >"$work/out" 2>&1
}


# What a timeline has to name: each variant in each model's column, and ways in both directions.
timeline() { # timeline FILE SCENARIO
  local variant count
  grep -q '<title>forward: ' "$1" || echo 'no way forward'
  grep -q '<title>reverse: ' "$1" || echo 'no way in reverse'
  awk -F, -v s="$2" '$1 == s && !seen[$2, $3]++ { print $3 }' results/failovers.csv | sort |
    uniq -c >"$work/variants"
  [ "$(wc -l <"$work/variants")" -gt 1 ] || return 0 # base alone is not named
  while read -r count variant; do
    [ "$(grep -c ">$variant</text>" "$1")" -eq "$count" ] || echo "not $count times: $variant"
  done <"$work/variants"
}
# An area or curve that is not all there is: several ways, or steps that are not above each other.
flat() { # flat FILE
  awk -F'"' '
    /<path d=/ { areas[$2] = 1 }
    /<path fill="none"/ {
      for (i = 1; i < NF; i++) if ($i ~ / d=$/) curve = $(i + 1)
      curves[curve] = 1
      n = split(curve, points, /[ML]/)
      for (i = 2; i <= n; i++) { split(points[i], at, " "); xs[at[1]] = 1 }
    }
    /fill-opacity/ { band = 1 }
    END {
      for (x in xs) different++
      for (area in areas) ways++
      if (ways < 2 && different < 2 && !(different && band)) print "flat or empty"
    }' "$1"
}

# What a picture of ranges shows against the figures that it is of: a row for each, at its values as near as
# a point of the picture tells them, and no text on another.
ranges() { # ranges FILE RESULTS: both as panel|label|left|right|mark|share
  awk -f tests/plots/ranges.awk "$1" >"$work/shown"
  grep '^overlap' "$work/shown"
  awk -F'|' '
    FNR == NR { shown[$1 "|" $2] = $0; order[++rows] = $1 "|" $2; next }
    { wanted++; split(shown[$1 "|" $2], at, "|"); if (!(($1 "|" $2) in shown)) { print "not shown: " $0; next } }
    function far(a, b) { return a != b && (a !~ /^[0-9.]+$/ || b !~ /^[0-9.]+$/ || (a > b ? a - b : b - a) > 0.02 * (b > 0 ? b : 1) + width) }
    { width = $7 > 0 ? $7 : 0.01 }
    far(at[3], $3) || (far(at[4], $4) && $4 - $3 > width) || far(at[5], $5) || (at[6] != "-" && far(at[6], $6)) {
      print "shown: " shown[$1 "|" $2] ", and it is: " $0 }
    END { if (rows != wanted) print rows " rows, and there are " wanted }
  ' <(grep -v '^overlap' "$work/shown") "$2"
}
name_panels='function panel(model, variant) { return model (variant == "base" ? "" : ", variant " variant) }'
survey_rows() { # survey_rows FILE: of elements that cost something
  awk -F, "$name_panels"'
    $5 == "" && NR > 1 && $12 + $13 + $14 + $17 + $18 + $19 + $15 * ($15 > 1) > 0 {
      print panel($2, $3) "|" $4 "|0|" ($10 == "" ? "end" : $10) "|" ($9 == "" ? "-" : $9) "|" $11 "|" ($10 == "" ? 1 : $10 / 100 + 0.3)
    }' "$1"
}
campaign_rows() { # campaign_rows FILE: of designs
  awk -F, '$5 == "downtime_weighted" { print $2 "|" $3 "|" $8 "|" $9 "|" $7 "|-|" 2 }' "$1"
}

for file in plots/*.svg; do
  name=$(basename "$file" .svg)
  case $name in
  *-survey) survey_rows "results/designs/${name%-*}/survey.csv" >"$work/rows" ;;
  *-campaign) campaign_rows "results/designs/${name%-*}/campaign.csv" >"$work/rows" ;;
  *) problem=$(flat "$file") ;;
  esac
  case $name in
  *-survey | *-campaign) problem=$(ranges "$file" "$work/rows") ;;
  *-timeline) problem=$problem$(timeline "$file" "${name%-timeline}") ;;
  esac
  # On paper nobody can point at what is cut.
  problem=$problem$(grep -o '>[^<]*…</text>' "$file")
  if command -v xmllint >/dev/null; then
    problem=$problem$(xmllint --noout "$file" 2>&1)
  fi
  verdict "plots/$name" "$problem"
done

# Every scenario has a picture.
for file in scenarios/*/*.yaml; do
  name=$(sed -n 's/^name: *//p' "$file")
  ls plots/"$name"-*.svg >/dev/null 2>&1 || echo "$name"
done >"$work/without"
verdict plots/each-scenario "$(cat "$work/without")"

# The outage that the caption tells is one that the picture shows, in the direction that fails.
draw both run tests/cases/picture-both-directions.yaml
problem=$(awk '
  />event 0: outage / { sub(/.*outage /, ""); sub(/ s[,;<].*/, ""); outage = $0 }
  /<title>reverse: dropped from / {
    sub(/.*dropped from /, ""); sub(/ s to /, " "); sub(/ s<.*/, ""); shown = $2 - $1
  }
  END {
    differs = shown > outage ? shown - outage : outage - shown
    if (outage < 10 || differs > 0.11) print outage " s told, " shown " s shown"
  }
' "$work/both/picture-both-directions-timeline.svg")
verdict plots/both-directions "$problem"

# What an answer hangs on, as the rows tell it: an infinite one ends with an arrow, whole names are there.
draw sensitivity sensitivity scenarios/compare/firewall-pair.yaml --runs 5 --out "$work/hangs"
awk -F, "$name_panels"'NR > 1 {
  a = $(NF - 2) + 0; b = $(NF - 1) + 0 # what stands before may hold commas
  low = a < b ? a : b; high = a < b ? b : a
  if (high > low) print panel($2, $3) "|" ($7 == "all" ? "all together" : $7) "|" low "|" high }' \
  "$work/hangs/sensitivity.csv" >"$work/rows"
awk -f tests/plots/ranges.awk "$work/sensitivity/firewall-pair-sensitivity.svg" >"$work/shown"
problem=$(grep '^overlap' "$work/shown"; grep -o '>[^<]*…</text>' "$work/sensitivity/firewall-pair-sensitivity.svg"
  awk -F'|' 'FNR == NR { sub(/ \(set\)$/, "", $2); left[$1, $2] = $3; right[$1, $2] = $4; next }
    function near(a, b) { return (a > b ? a - b : b - a) < 0.3 }
    !near(left[$1, $2], $3) || !near(right[$1, $2], $4) { print $0 " is drawn from " left[$1, $2] " to " right[$1, $2] }
    END { if (FNR < 10) print FNR " rows" }' "$work/shown" "$work/rows")
verdict plots/sensitivity "$problem"

# `run` and `compare` draw what `batch` draws.
for call in run compare; do
  draw $call $call scenarios/compare/firewall-pair.yaml
  cmp "$work/$call/firewall-pair-timeline.svg" plots/firewall-pair-timeline.svg &&
    cmp "$work/$call/firewall-pair-outage-cdf.svg" plots/firewall-pair-outage-cdf.svg
  verdict "plots/$call" "$([ $? -eq 0 ] || echo differs)"
done

# The event that costs most is drawn, not the first one.
problem=$(grep -L 'event 2: edge-0 silent' plots/more-than-eight-nvas-outage-cdf.svg)
verdict plots/event-that-matters "$problem"

# Where variants share their outage, what tells them apart stands beside it.
problem=$(grep -L 'sessions broken, event 0: fw-2 silent' plots/ecmp-rehash-outage-cdf.svg)
verdict plots/what-variants-differ-in "$problem"

# An outage of 0 s is no success where nothing passed before; an event that costs none is named.
problem=$(grep -L 'dropped before, in the first run: azure 100 %' \
  plots/more-than-eight-nvas-outage-cdf.svg
  grep -L 'Not drawn, .*event 0 (relay-1 silent), event 1 (relay-1 restore)' \
    plots/more-than-eight-nvas-outage-cdf.svg)
verdict plots/what-costs-nothing "$problem"

# Sessions break also where no packet is lost, and each caption counts as failovers.csv does.
problem=$(awk -F, '$1 == "fail-back" && $4 == 0 && $6 == 1 { print $2, $24 }' \
  results/failovers.csv | while read -r model broken; do
  grep -q "event 1: no outage, $broken sessions broken<" plots/fail-back-timeline.svg ||
    echo "$model: not $broken sessions"
done)
verdict plots/sessions-broken "$problem"
exit $status
