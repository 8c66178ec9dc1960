#!/bin/bash
# run.sh: the committed results and pictures are what the program gives, byte for byte.
#
# Of each scenario: its rows in every results/*.csv, and its pictures in plots/, from a batch with the
# runs that the file asks for; of each design to decide about also results/designs/NAME. `make results`
# rewrites them: look at the difference before you commit it. Its expectations hold. ONLY='NAME...': these. A scenario whose results are right holds the facts that
# its line "# Facts:" names.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
work=${SCRATCH:-$(mktemp -d)}/results
. tests/support/facts.sh
. tests/support/verdict.sh

chosen() { [[ -z ${ONLY:-} || " $ONLY " == *" $1 "* ]]; }

rows() { # rows NAME FILE
  awk -F, -v name="$1" 'NR == 1 || $1 == name' "$2"
}

for file in scenarios/*/*.yaml; do
  name=$(basename "$file" .yaml)
  chosen "$name" || continue
  rm -rf "$work"
  mkdir -p "$work/committed" "$work/given" || exit 1
  "$ROUTESIM" batch "$file" --quiet --out "$work/out" --plots "$work/given" >"$work/said" 2>&1 </dev/null
  code=$?
  for table in results/*.csv; do
    rows "$name" "$table" >"$work/committed/${table##*/}"
    cp "$work/out/${table##*/}" "$work/given" 2>>"$work/said"
  done
  for picture in timeline outage-cdf measured-cdf; do
    [ ! -e "plots/$name-$picture.svg" ] || cp "plots/$name-$picture.svg" "$work/committed"
  done
  problem=$([ $code -eq 0 ] || { echo "exit status $code"; head -n 10 "$work/said"; }
    diff -r "$work/committed" "$work/given" 2>&1 | head -n 20)
  verdict "results-$name" "$problem"
  [ -n "$problem" ] || facts_held "$file" "$file" || status=1
done

# What designs to decide about come to: surveys, years, and their pictures (designs.sh).
for file in scenarios/designs/*.yaml; do
  name=$(basename "$file" .yaml)
  chosen "$name" || continue
  rm -rf "$work"
  mkdir -p "$work/committed/designs" "$work/given/designs" || exit 1
  tests/results/designs.sh "$work/given" "$work/given" "$name" >"$work/said" 2>&1 </dev/null
  code=$?
  rm -f "$work/given/designs/$name"/.*.journal
  for picture in survey campaign; do
    cp "plots/$name-$picture.svg" "$work/committed" 2>>"$work/said"
  done
  cp -r "results/designs/$name" "$work/committed/designs" 2>>"$work/said"
  rm -f "$work/committed/designs/$name"/.*.journal
  verdict "results-of-design-$name" "$([ $code -eq 0 ] || { echo "exit status $code"; head -n 10 "$work/said"; }
    diff -r "$work/committed" "$work/given" 2>&1 | head -n 20)"
done

# What stands here of a scenario that is no more, and in another order than its neighbours.
if chosen rest; then
  mkdir -p "$work"
  for file in scenarios/*/*.yaml; do basename "$file" .yaml; done >"$work/names"
  for table in results/*.csv; do
    awk -F, -v table="$table" 'NR == FNR { place[$1] = FNR; next }
      FNR == 1 { last = 0; next }
      !($1 in place) { print table ": there is no scenario " $1; next }
      place[$1] < last { print table ": " $1 " stands too late" }
      { last = place[$1] }' "$work/names" "$table" | uniq
  done >"$work/others"
  for picture in plots/*.svg; do
    name=${picture##*/}
    grep -qx "$(sed -E 's/-(timeline|outage-cdf|measured-cdf|survey|campaign)\.svg$//' <<<"$name")" "$work/names" ||
      echo "$picture: there is no such scenario"
  done >>"$work/others"
  for folder in results/designs/*; do
    [ -e "scenarios/designs/${folder##*/}.yaml" ] || echo "$folder: there is no such design"
  done >>"$work/others"
  verdict results-nothing-else "$(cat "$work/others")"
fi
rm -rf "$work"
exit $status
