#!/bin/bash
# run-inspect.sh: what show, reach and explain refuse, and that they agree with `run`; what they print is
# in tests/golden.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
work=${SCRATCH:-$(mktemp -d)}/inspect
mkdir -p "$work" || exit 1
. tests/support/verdict.sh

refuses() { # refuses NAME WORDS WORD...: exit status 2, nothing on standard output, WORDS said
  local name=$1 words=$2 problem=
  shift 2
  "$ROUTESIM" "$@" >"$work/out" 2>"$work/err" </dev/null
  [ $? -eq 2 ] || problem="exit status is not 2"
  [ ! -s "$work/out" ] || problem=${problem:-"printed on standard output"}
  grep -qF -- "$words" "$work/err" || problem=${problem:-"does not say: $words; but: $(head -c 300 "$work/err")"}
  verdict "inspect-$name" "$problem"
}

pair=scenarios/compare/firewall-pair.yaml
damping=scenarios/published/azure-damping.yaml

# ---- the sums agree with `run` ------------------------------------------------------------------------

"$ROUTESIM" run $pair --run 3 --format csv >"$work/rows" 2>"$work/err"
"$ROUTESIM" explain $pair --run 3 --json >"$work/json" 2>"$work/err"
problem=
for model in azure aws; do
  outage=$(awk -F, -v m=$model '$2 == m && $3 == "base" && $6 == 0 { print $16 }' "$work/rows")
  grep -q "\"model\": \"$model\".*\"outage_s\": $outage," "$work/json" ||
    problem="the outage under $model is $outage in run, not in explain"
done
verdict inspect-explain-agrees-with-run "$problem"

# ---- wrong calls -----------------------------------------------------------------------------------

refuses at-without-unit "--at takes a time such as 90s, not '5'" show $pair --at 5
refuses at-behind-the-end '--at is behind the end of the run, 10m' reach $pair --at 11m
refuses unknown-variant "the scenario has no variant 'slow-timer' (did you mean 'slow-timers'?); there are: base, " \
  explain $pair --variant slow-timer
refuses unknown-event 'the scenario has no event 2: it has 2' explain $pair --event 2
refuses unknown-traffic "the scenario has no traffic 'app-to-d' (did you mean 'app-to-dc'?)" \
  explain $pair --traffic app-to-d
refuses unknown-name "there is nothing to show about 'fw-c' (did you mean 'fw-" show $pair fw-c
refuses unnamed-model 'the scenario does not name the model aws' show $damping --model aws
refuses three-arguments 'show takes' show $pair fw-a fw-b
refuses two-files 'reach takes one scenario, and addresses behind it' reach $pair $pair
refuses runs-of-one 'Unknown option' show $pair --runs 3
refuses at-of-explain 'Unknown option' explain $pair --at 90s

rm -rf "$work"
exit $status
