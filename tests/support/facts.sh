# facts.sh, read by shell tests: what FACTS(...) is to a C test.
#
# facts_held NAME FILE: the test NAME passed as a whole, and holds the facts that a line
# "# Facts: AZ-9.6, AWS-3.7" of FILE names (several such lines add up). It appends NAME and the ids
# to the file `ran` of the folder ROUTESIM_FACTS, and does nothing where that is not set. An id that
# scenarios/facts.md does not have is a failed test: "not ok" and exit status 1.
facts_held() {
  local ids id
  ids=$(sed -n 's/^# Facts: *//p' "$2" | tr ',' ' ')
  [[ -n ${ids// /} ]] || return 0
  for id in $ids; do
    grep -qF "| $id |" scenarios/facts.md && continue
    echo "not ok facts-of-$1"
    echo "  $2: $id is no fact of scenarios/facts.md"
    return 1
  done
  [ -n "${ROUTESIM_FACTS:-}" ] || return 0
  # shellcheck disable=SC2086 # words
  printf '%s\t%s\n' "$1" "$(echo $ids)" >>"$ROUTESIM_FACTS/ran"
}
