# facts-to-c.awk: the table rows of scenarios/facts.md as a C table (build/generated/facts.c).
#
# A row is "| ID | fact | value | basis | source |". Everything else in the file is prose. A row
# with the wrong number of cells, an empty cell, an unknown basis or a second use of an id stops
# the build.
function quoted(text,    out, c, i) { # a C string literal; "\?" so that no trigraph can arise
  out = "\""
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    if (c == "\\" || c == "\"" || c == "?") out = out "\\"
    out = out (c == "\t" ? " " : c)
  }
  return out "\""
}
function fail(text) {
  print FILENAME ":" FNR ": " text | "cat 1>&2"
  failed = 1
  exit 1
}
BEGIN {
  print "/* Made from scenarios/facts.md by tests/support/facts-to-c.awk: do not edit. */"
  print "#include \"sim/report/facts_private.h\"\n"
  print "const FactRow fact_rows[] = {"
}
/^\| *[A-Z]+-[0-9.]+ *\|/ {
  cells = split($0, cell, /\|/)
  if (cells != 7) fail("a fact has 5 cells, here are " cells - 2)
  for (i = 2; i <= 6; i++) {
    gsub(/^[ \t]+|[ \t\r]+$/, "", cell[i])
    if (cell[i] == "") fail("an empty cell")
  }
  if (cell[5] !~ /^(documented|measured|assumed|inferred)$/) fail("unknown basis: " cell[5])
  if (cell[2] in seen) fail("a second " cell[2])
  seen[cell[2]] = 1
  printf "  {%s, %s,\n   %s, %s,\n   %s},\n", quoted(cell[2]), quoted(cell[3]), quoted(cell[4]), quoted(cell[5]), quoted(cell[6])
  rows++
}
END {
  if (failed) exit 1
  if (!rows) fail("no facts")
  print "};\n\nconst guint fact_rows_count = " rows ";"
}
