# facts-table.awk: for each fact, the rule that models it and the test that holds it.
#
#   awk -f facts-table.awk scenarios/facts.md scenarios/facts-left-out.md FILE...
#
# Reads the ids of the facts and the list of those left out with the reason, then looks for the
# ids in the other files: a place in sim/ or include/ models a fact, a place in tests/ tests it,
# and so does a scenario, whose output is a golden (a measurement that a scenario is compared with
# is modelled by what that scenario runs). "AZ-9.12 to 9.17" and "AZ-9.12, 9.13" stand for all of
# them. In a C test the place is the name of the test that cites the id, or that follows the
# comment which does. Ends with exit status 1 where an id is neither modelled nor left out, where
# it is both, or where the list names no fact.
function known_id(id) { return id in name }
function place(id) {
  if (!known_id(id)) return
  if (FILENAME ~ /^(sim|include)\//) {
    # The .c file says more than its header.
    if (!(id in rule) || (rule[id] ~ /^include/ && FILENAME ~ /^sim/)) rule[id] = FILENAME ":" FNR
  } else if (FILENAME ~ /^tests\/(unit|property)\//) {
    if (in_test != "") note_test(id, in_test)
    else waiting[id] = 1
  } else if (FILENAME ~ /^scenarios\//) {
    if (!(id in scenario)) scenario[id] = FILENAME
  } else note_test(id, FILENAME)
}
function note_test(id, where) { if (!(id in test)) test[id] = where }
function add(prefix, section, number) { place(prefix "-" section "." number) }
function scan(text,    rest, parts, prefix, section, number, last, i) {
  while (match(text, /(AWS|AZ)-[0-9]+\.[0-9]+/)) {
    split(substr(text, RSTART, RLENGTH), parts, /[-.]/)
    prefix = parts[1]; section = parts[2]; number = parts[3]
    add(prefix, section, number)
    text = substr(text, RSTART + RLENGTH)
    while (match(text, /^( to |, | and )((AWS|AZ)-)?[0-9]+\.[0-9]+/)) {
      rest = substr(text, RSTART, RLENGTH)
      last = rest
      sub(/^[^0-9]*/, "", last)
      split(last, parts, /\./)
      if (parts[1] != section || (rest ~ /AWS/ && prefix != "AWS") || (rest ~ /AZ/ && prefix != "AZ")) break
      for (i = rest ~ /^ to / ? number + 1 : parts[2]; i <= parts[2] + 0; i++) add(prefix, section, i)
      number = parts[2]
      text = substr(text, RSTART + RLENGTH)
    }
  }
}
FNR == 1 { in_test = ""; delete waiting; body = 0 }
FILENAME == "scenarios/facts.md" {
  if (/^\| *(AWS|AZ)-[0-9.]+ *\|/) {
    split($0, cell, /\|/)
    gsub(/^ +| +$/, "", cell[2]); gsub(/^ +| +$/, "", cell[3])
    order[++count] = cell[2]
    name[cell[2]] = cell[3]
  }
  next
}
FILENAME == "scenarios/facts-left-out.md" {
  if (/^\| *(AWS|AZ)-[0-9.]+ *\|/) {
    split($0, cell, /\|/)
    gsub(/^ +| +$/, "", cell[2]); gsub(/^ +| +$/, "", cell[3])
    if (!known_id(cell[2])) { print "facts-left-out.md: " cell[2] " is no fact" > "/dev/stderr"; failed = 1 }
    why[cell[2]] = cell[3]
  }
  next
}
FILENAME ~ /^tests\/(unit|property)\// && /^(Parameterized)?Test\(/ {
  split($0, cell, /[(,]/)
  gsub(/ /, "", cell[3]); sub(/\).*/, "", cell[3])
  in_test = FILENAME " " cell[3]
  for (id in waiting) note_test(id, in_test)
  delete waiting
}
# The heading of a section in a test file says what follows, not which test holds it.
FILENAME ~ /^tests\// && /^\/\* ----/ { next }
{ if ($0 ~ /(AWS|AZ)-[0-9]/) scan($0) }
FILENAME ~ /^tests\/(unit|property)\// && /^}/ { in_test = "" }
END {
  printf "| id | fact | state | modelled | tested |\n| --- | --- | --- | --- | --- |\n"
  for (i = 1; i <= count; i++) {
    id = order[i]
    if (id in scenario) {
      if (!(id in test)) test[id] = scenario[id]
      if (!(id in rule) && (id ~ /^AZ-11\./ || id ~ /^AWS-12\./ || id ~ /^AZ-9\./)) rule[id] = scenario[id]
    }
    if (id in why) {
      state = "left out: " why[id]; out++
      if (id in rule && rule[id] ~ /^sim/) { print id " is left out, and modelled in " rule[id] > "/dev/stderr"; failed = 1 }
      printf "| %s | %s | %s | | |\n", id, name[id], state
    } else if (id in rule && id in test) {
      both++
      printf "| %s | %s | modelled and tested | %s | %s |\n", id, name[id], rule[id], test[id]
    } else if (id in rule) {
      only++
      printf "| %s | %s | modelled only | %s | |\n", id, name[id], rule[id]
    } else {
      missing++
      printf "| %s | %s | MISSING | | %s |\n", id, name[id], test[id]
      print id " is neither modelled nor left out: " name[id] > "/dev/stderr"
    }
  }
  printf "\n%d facts: %d modelled and tested, %d modelled only, %d left out, %d missing\n", count, both, only, out, missing
  exit failed || missing > 0
}
