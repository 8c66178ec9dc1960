#!/bin/bash
# run-inspect.sh: what show, reach and explain print, byte for byte, and what they refuse.
#
# Each case is a call from the top folder; its standard output is compared with
# tests/cli/expected/NAME.txt. GOLDEN_UPDATE=1 rewrites these files (`make golden-update`): look at the
# difference before you commit it. The scenarios are those of the tree and tests/cli/inspect.yaml.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
expected=tests/cli/expected
work=${SCRATCH:-$(mktemp -d)}/inspect
mkdir -p "$work" || exit 1
status=0

verdict() { # verdict NAME PROBLEM
  if [ -z "$2" ]; then
    echo "ok inspect-$1"
  else
    echo "not ok inspect-$1"
    printf '%s\n' "$2" | head -n 40 | cut -c 1-240 | sed 's/^/  /'
    status=1
  fi
}

prints() { # prints NAME WORD...: exit status 0, and the expected text
  local name=$1 problem=
  shift
  "$ROUTESIM" "$@" >"$work/out" 2>"$work/err" </dev/null || problem="exit status $?: $(head -c 300 "$work/err")"
  if [ -n "${GOLDEN_UPDATE:-}" ] && [ -z "$problem" ]; then
    mkdir -p "$expected"
    cp "$work/out" "$expected/$name.txt"
  fi
  problem=${problem:-$(diff -u "$expected/$name.txt" "$work/out" 2>&1)}
  verdict "$name" "$problem"
  seen="$seen $name.txt"
}

refuses() { # refuses NAME WORDS WORD...: exit status 2, nothing on standard output, WORDS said
  local name=$1 words=$2 problem=
  shift 2
  "$ROUTESIM" "$@" >"$work/out" 2>"$work/err" </dev/null
  [ $? -eq 2 ] || problem="exit status is not 2"
  [ ! -s "$work/out" ] || problem=${problem:-"printed on standard output"}
  grep -qF -- "$words" "$work/err" || problem=${problem:-"does not say: $words; but: $(head -c 300 "$work/err")"}
  verdict "$name" "$problem"
}

seen=
transitive=scenarios/compare/transitive.yaml
pair=scenarios/compare/firewall-pair.yaml
kinds=scenarios/compare/failure-kinds.yaml
damping=scenarios/published/azure-damping.yaml
rules=tests/cli/inspect.yaml

# ---- show: AZ-5.8, AZ-5.9, AZ-6.2, AZ-6.3; AWS-1.11, AWS-1.12, AWS-5.6 to AWS-5.8, AWS-6.17 ------

prints show-azure show $transitive --model azure
prints show-azure-one-instance-later show $transitive --model azure --at 90s hub/app
prints show-azure-user-route show $rules --model azure hub/app
prints show-azure-peer show $pair --model azure --at 30s fw-a
prints show-aws show $transitive --model aws
prints show-aws-blackhole show $transitive --model aws --at 80s hub/app
prints show-aws-rejected show $rules --model aws rs
prints show-aws-persisted show scenarios/published/aws-persisted-routes.yaml --at 2m rs
prints show-aws-on-its-way show $pair --model aws --at 61500ms rs
prints show-load-balancer show scenarios/compare/failover-methods.yaml --variant load-balancer hub/app
prints show-both-models show $rules app
prints show-csv show $pair hub/app --format csv
prints show-json show $pair fw-b --json
prints show-markdown show $pair --model aws hub/app --format markdown

# ---- reach: what each differing cell rests on ---------------------------------------------------

prints reach reach $transitive
prints reach-csv reach $transitive --format csv
prints reach-json reach $transitive --json
prints reach-markdown reach $transitive --format markdown
prints reach-without-branch-to-branch reach $transitive --variant no-branch-to-branch
prints reach-after-the-failure reach $transitive --at 75s
prints reach-rules reach $rules

# ---- explain ----------------------------------------------------------------------------------------

prints explain explain $pair
prints explain-json explain $pair --json
prints explain-csv explain $pair --model azure --format csv
prints explain-markdown explain $pair --model azure --format markdown
prints explain-replication explain $pair --run 3 --model aws
prints explain-still-forwarding explain $kinds --variant shutdown
prints explain-repaired explain $kinds --variant freeze --model azure
prints explain-no-outage explain $kinds --variant drain
prints explain-damped explain $damping --event 1
prints explain-one-traffic explain $transitive --traffic branch-to-dc
prints explain-next-hops explain scenarios/compare/ecmp-pair.yaml --model azure
prints explain-refresh explain scenarios/azure/peering-refresh-hazard.yaml --traffic hub-out
prints explain-other-event explain $pair --event 1 --model azure
prints explain-waits explain $pair --event 1 --model aws

# ---- compare: the values that were used, and where they stand ----------------------------------------

prints compare-values compare scenarios/compare/timers-and-bfd.yaml scenarios/aws/fail-back-too-early.yaml \
  --runs 1 --set 'route_servers.*.aws.bfd={multiplier: 5}'
prints compare-values-json compare scenarios/aws/fail-back-too-early.yaml --runs 1 --json

# ---- the sums agree with `run` ------------------------------------------------------------------------

"$ROUTESIM" run $pair --run 3 --format csv >"$work/rows" 2>"$work/err"
"$ROUTESIM" explain $pair --run 3 --json >"$work/json" 2>"$work/err"
problem=
for model in azure aws; do
  outage=$(awk -F, -v m=$model '$2 == m && $3 == "base" && $6 == 0 { print $16 }' "$work/rows")
  grep -q "\"model\": \"$model\".*\"outage_s\": $outage," "$work/json" ||
    problem="the outage under $model is $outage in run, not in explain"
done
verdict explain-agrees-with-run "$problem"

# ---- wrong calls -----------------------------------------------------------------------------------

refuses at-without-unit "--at takes a time such as 90s, not '5'" show $pair --at 5
refuses at-behind-the-end '--at is behind the end of the run, 10m' reach $pair --at 11m
refuses unknown-variant "the scenario has no variant 'slow-timer' (did you mean 'slow-timers'?)" \
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

for file in "$expected"/*.txt; do
  name=$(basename "$file")
  case "$seen " in
  *" $name "*) ;;
  *) verdict "${name%.txt}" "no case prints $file any more" ;;
  esac
done
rm -rf "$work"
exit $status
