#!/bin/bash
# run.sh: the scenarios of the tree give the committed results, byte for byte.
#
# For each scenarios/FOLDER/NAME.yaml: the CSV files of a batch of 3 runs and the table of
# `compare` with 5 runs, against tests/golden/FOLDER/NAME/. GOLDEN_UPDATE=1 rewrites what stands
# there (`make golden-update`): look at the difference before you commit it. ONLY='NAME...': these.
# A scenario whose results are right holds the facts that its line "# Facts:" names.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
work=${SCRATCH:-$(mktemp -d)}/golden
golden=tests/golden
status=0
. tests/support/facts.sh
rm -rf "$work"
mkdir -p "$work" || exit 1

produce() { # produce FILE DIR: all that is compared, into DIR; says what went wrong
  local code
  mkdir -p "$2/batch"
  "$ROUTESIM" batch "$1" --runs 3 --quiet --out "$2/batch" >"$2/said" 2>"$2/err" </dev/null
  code=$?
  # An expectation may fail over so few runs: exit status 1.
  [ $code -le 1 ] || { echo "batch: exit status $code"; head -n 20 "$2/err"; return; }
  mv "$2"/batch/*.csv "$2" 2>/dev/null || { echo "batch wrote no CSV file"; return; }
  "$ROUTESIM" compare "$1" --runs 5 --quiet >"$2/compare.txt" 2>"$2/err" </dev/null
  code=$?
  [ $code -le 1 ] || { echo "compare: exit status $code"; head -n 20 "$2/err"; return; }
  rm -rf "$2/batch" "$2/said" "$2/err"
}

verdict() { # verdict NAME PROBLEM
  if [ -z "$2" ]; then
    echo "ok golden-$1"
  else
    echo "not ok golden-$1"
    printf '%s\n' "$2" | head -n 40 | cut -c 1-240 | sed 's/^/  /'
    status=1
  fi
}

for file in scenarios/*/*.yaml; do
  name=${file#scenarios/}
  name=${name%.yaml}
  [[ -z ${ONLY:-} || " $ONLY " == *" ${name##*/} "* ]] || continue
  problem=$(produce "$file" "$work/$name")
  if [ -n "${GOLDEN_UPDATE:-}" ] && [ -z "$problem" ]; then
    rm -rf "${golden:?}/$name"
    mkdir -p "$golden/$name"
    cp "$work/$name"/* "$golden/$name"
  fi
  if [ -z "$problem" ] && [ ! -d "$golden/$name" ]; then
    problem="there is no $golden/$name: make golden-update"
  fi
  problem=${problem:-$(diff -ru "$golden/$name" "$work/$name")}
  verdict "$name" "$problem"
  [ -n "$problem" ] || facts_held "$file" "$file" || status=1
done

# What stands here for a scenario that is no more.
for folder in "$golden"/*/*/; do
  [ -d "$folder" ] || continue
  name=${folder#"$golden"/}
  name=${name%/}
  [ -e "scenarios/$name.yaml" ] && continue
  if [ -n "${GOLDEN_UPDATE:-}" ]; then
    rm -rf "$folder"
  else
    verdict "$name" "there is no scenarios/$name.yaml any more: make golden-update"
  fi
done

rm -rf "$work"
exit $status
