# facts-table.awk: for each fact, the tests that hold it and ran, and the places that cite it.
#
#   awk -v collected=FILE -f facts-table.awk scenarios/facts.md scenarios/facts-left-out.md FILE SOURCE...
#
# A fact counts as modelled when a test that names it ran and passed: FILE is what FACTS(...) of the
# C tests and "# Facts:" of the shell tests appended in this run. The places in sim/ and include/ that
# cite the id are shown for the reader, and count for nothing. "AZ-9.12 to 9.17" and "AZ-9.12, 9.13"
# stand for all of them. Ends with exit status 1 where an id has neither such a test nor a line in
# facts-left-out.md, where it has both, or where the list names no fact; errors go to stderr.
function place(id) {
  # The .c file says more than its header.
  if (id in name && (!(id in rule) || (rule[id] ~ /^include/ && FILENAME ~ /^sim/)))
    rule[id] = FILENAME ":" FNR
}
function scan(text,    rest, parts, prefix, other, section, number, i) {
  while (match(text, /[A-Z]+-[0-9]+\.[0-9]+/)) {
    split(substr(text, RSTART, RLENGTH), parts, /[-.]/)
    prefix = parts[1]; section = parts[2]; number = parts[3]
    place(prefix "-" section "." number)
    text = substr(text, RSTART + RLENGTH)
    while (match(text, /^( to |, | and )([A-Z]+-)?[0-9]+\.[0-9]+/)) {
      rest = substr(text, RSTART, RLENGTH)
      other = match(rest, /[A-Z]+/) ? substr(rest, RSTART, RLENGTH) : prefix
      match(rest, /[0-9]+\.[0-9]+$/)
      split(substr(rest, RSTART), parts, /\./)
      if (parts[1] != section || other != prefix) break
      for (i = rest ~ /^ to / ? number + 1 : parts[2]; i <= parts[2] + 0; i++) place(prefix "-" section "." i)
      number = parts[2]
      text = substr(text, length(rest) + 1)
    }
  }
}
function trimmed(text) { gsub(/^ +| +$/, "", text); return text }
function told(text) { print text > "/dev/stderr"; failed = 1 }
FILENAME == "scenarios/facts.md" || FILENAME == "scenarios/facts-left-out.md" {
  if ($0 !~ /^\| *[A-Z]+-[0-9]+\.[0-9]+ *\|/) next # a decision (D-n) needs no test
  split($0, cell, /\|/)
  id = trimmed(cell[2])
  if (FILENAME == "scenarios/facts.md") {
    order[++count] = id
    name[id] = trimmed(cell[3])
  } else if (!(id in name)) told("facts-left-out.md: " id " is no fact")
  else if (id in why) told("facts-left-out.md: " id " stands there twice")
  else why[id] = trimmed(cell[3])
  next
}
FILENAME == collected {
  split($0, cell, /\t/)
  for (i = split(cell[2], ids, " "); i > 0; i--) {
    if (ids[i] in name && !(ids[i] in tests)) first[ids[i]] = cell[1]
    tests[ids[i]]++
  }
  next
}
/[A-Z]-[0-9]/ { scan($0) }
END {
  printf "| id | fact | test that ran and passed | places that cite it |\n| --- | --- | --- | --- |\n"
  for (i = 1; i <= count; i++) {
    id = order[i]
    held = id in tests ? first[id] (tests[id] > 1 ? " and " tests[id] - 1 " more" : "") : ""
    if (id in tests) ran++
    if (id in why) {
      out++
      if (id in tests) told(id " is left out, and held by " held)
      held = "left out: " why[id]
    } else if (!(id in tests)) {
      missing++
      told(id " has no test that ran and passed, and is not left out: " name[id])
      held = "MISSING"
    }
    printf "| %s | %s | %s | %s |\n", id, name[id], held, rule[id]
  }
  printf "\n%d facts: %d held by a test that ran and passed, %d left out, %d missing\n", count, ran, out, missing
  exit failed
}
