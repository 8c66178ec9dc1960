#!/bin/bash
# run-until.sh: --until-ci ends with enough runs and no more, and leaves what --runs with as many would.
#
# Prints "ok NAME" or "not ok NAME" for each case. ROUTESIM is the program, SCRATCH a folder that
# may be filled.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
. tests/support/verdict.sh
file=$PWD/scenarios/compare/ecmp-pair.yaml
years=$PWD/scenarios/designs/single-appliance.yaml
other=$PWD/scenarios/compare/firewall-pair.yaml
rm -rf "$SCRATCH/until" && mkdir -p "$SCRATCH/until" && cd "$SCRATCH/until" || exit 1

batch() { # batch FOLDER ARGUMENT...
  "$ROUTESIM" batch "$file" --quiet --out "$@"
}
runs_of() { # of a manifest
  sed -n 's/.*"runs": \([0-9]*\), "sha256".*/\1/p' "$1/manifest.json" | sort -u
}
widest() { # widest FOLDER: interval of the mean outage, by the columns of the summary
  awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["measure"] == "outage" { w = $at["mean_high"] - $at["mean_low"]; if (w > most) most = w }
    END { printf "%.6f\n", most }' "$1/summary.csv"
}
equal() { # equal FOLDER FOLDER: tables; the manifest and the journal tell which call it was
  diff -r -x manifest.json -x .journal "$1" "$2" >differences
}

batch narrow --until-ci 500ms --jobs 1 >out 2>err
runs=$(runs_of narrow)
batch enough --runs "$runs" --jobs 3 >>out 2>>err && equal narrow enough
judge until-equals-as-many-runs $? "$runs runs" "$(cat err differences)"

# 500 ms more than before: it was not enough with half as many.
batch half --runs $((runs / 2)) >out 2>err
awk -v now="$(widest narrow)" -v before="$(widest half)" 'BEGIN { exit !(now <= 0.5 && before > 0.5) }'
judge until-no-more-than-enough $? "$runs runs: $(widest narrow) s, half of them $(widest half) s"

grep -q '"until-ci": "500ms", "measure": "outage", "stat": "mean"' narrow/manifest.json
judge until-in-the-manifest $? "$(cat narrow/manifest.json)"

# One number of runs for all files: that of the one which needs more.
"$ROUTESIM" batch "$file" "$other" --quiet --until-ci 1s --out both >out 2>err &&
  [ "$(runs_of both | wc -l)" -eq 1 ] && [ "$(runs_of both)" -gt 100 ] &&
  "$ROUTESIM" batch "$file" "$other" --quiet --runs "$(runs_of both)" --out both-enough >out 2>err &&
  equal both both-enough
judge until-one-number-for-all-files $? "$(runs_of both)" "$(cat err differences)"

"$ROUTESIM" batch "$file" --until-ci 1ms --runs 150 --out most >out 2>err
[ "$(runs_of most)" = 150 ] && grep -q 'wide after 150 runs, not within --until-ci 1ms$' err
judge until-the-most-runs $? "$(runs_of most)" "$(cat err)"

# A run that ends before it is over has no outage, and leaves no mean to wait for.
"$ROUTESIM" batch "$file" --until-ci 1% --set events.0.at=239s --set duration=241s --out over >out 2>err
[ "$(runs_of over)" = 100 ] && grep -q 'has no interval: not over at the end in 100 of 100 runs' err
judge until-what-is-never-over $? "$(runs_of over)" "$(cat err)"

# Killed once the number of runs was found: the journal has it, and no table is there yet.
cp -r narrow killed && sed -n "1,/^end	runs $runs\$/p" narrow/.journal >killed/.journal &&
  rm killed/*.csv killed/manifest.json && batch killed --until-ci 500ms --resume >out 2>err &&
  diff -r narrow killed >differences
judge until-resumed $? "$(cat err differences)"
# What it found is taken from there: with a number that the search would not find, it goes on with that.
cp -r narrow told && sed -n "1,/^begun\$/p" narrow/.journal >told/.journal && rm told/*.csv told/manifest.json &&
  printf 'end\truns 100\n' >>told/.journal && batch told --until-ci 500ms --resume >out 2>err &&
  [ "$(runs_of told)" = 100 ]
judge until-resumed-with-what-was-found $? "$(runs_of told)" "$(cat err)"
batch narrow --until-ci 400ms --resume >out 2>err
[ $? -eq 2 ] && grep -q -- '--until-ci was 500ms, now it is 400ms' err
judge until-resumed-with-another-width $? "$(cat err)"
batch narrow --until-ci 500ms --resume >out 2>err
judge until-resumed-when-done $? "$(cat err)"

"$ROUTESIM" compare "$file" --quiet --until-ci 500ms >out 2>err && grep -q "($runs runs: median / p95)" out
judge until-compared $? "$(cat out err)"

# On a terminal the bar tells how far it is and how wide the interval is by then. It comes after half a
# second, so the runs have to take longer.
if command -v script >/dev/null; then
  script -qec "'$ROUTESIM' batch '$file' --until-ci 1ms --runs 3200" /dev/null </dev/null >terminal
  grep -aEq '\] [0-9]+ of [0-9]+ runs, [0-9]+ a second, [0-9]+ s left, interval [0-9.]+ m?s wide' terminal
  judge until-told-on-a-terminal $? "$(tail -c 600 terminal | tr '\r\033' '\n.')"
  script -qec "'$ROUTESIM' campaign '$years' --years 2000" /dev/null </dev/null >terminal
  grep -aEq '\] [0-9]+ of [0-9]+ years, [0-9]+ a second, [0-9]+ s left, interval [0-9.]+ min wide' terminal
  judge until-campaign-told-on-a-terminal $? "$(tail -c 600 terminal | tr '\r\033' '\n.')"
fi
# Elsewhere there is no bar.
"$ROUTESIM" batch "$file" --until-ci 1ms --runs 3200 >out 2>err
! grep -aq $'[\r\033#]' err
judge until-no-bar-in-a-file $? "$(cat err)"
exit $status
