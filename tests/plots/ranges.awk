# ranges.awk: what a picture of ranges shows, read off its coordinates: a line for each row,
#   panel|label|left|right|mark|share
# in the units of its axis ("-": none; "end": the bar ends with an arrow), and "overlap: ..." for texts that lie
# on each other or beyond the edge, as far as the widths of letters can be told.
function attribute(name) { return match($0, " " name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : "" }
function text_of() { sub(/^[^>]*>/, ""); sub(/<.*/, ""); return $0 }
function value(x) { return first + (x - first_x) / (last_x - first_x) * (last - first) }
function flush_row() {
  if (label != "") print panel "|" label "|" left "|" right "|" mark "|" share
  label = ""
}
/^<svg/ { width = attribute("width") + 0 }
/^<text/ {
  x = attribute("x") + 0; y = attribute("y") + 0; size = attribute("font-size") + 0; anchor = attribute("text-anchor")
  bold = attribute("font-weight") == "bold"
  text = text_of()
  long = 0.52 * size * length(text)
  from = anchor == "middle" ? x - long / 2 : anchor == "end" ? x - long : x
  for (i = 1; i <= texts; i++)
    if (ys[i] - y < size && y - ys[i] < size && from < tos[i] && froms[i] < from + long) print "overlap: " names[i] " and " text
  texts++; ys[texts] = y; froms[texts] = from; tos[texts] = from + long; names[texts] = text
  if (from < 0 || from + long > width) print "overlap: " text " and the edge"
  if (bold && size == 13) { flush_row(); panel = text; ticks = 0 }
  else if (size == 11 && anchor == "middle" && text ~ /^[0-9.]+$/) { if (!ticks++) { first = text; first_x = x }; last = text; last_x = x }
  else if (size == 12 && !bold && y > 60) { flush_row(); label = text; left = right = mark = share = "-"; goes_on = 0 }
  else if (size == 11 && text ~ / %$/) { share = text; sub(/ %$/, "", share); share /= 100 }
  next
}
/fill-opacity="0.75"/ { left = value(attribute("x")); right = value(attribute("x") + attribute("width")) }
/^<line/ && attribute("stroke") == "#222222" { mark = value(attribute("x1")) }
/^<line/ && label != "" && attribute("stroke") != "#222222" && attribute("stroke") != "#dddddd" { right = "end" }
END { flush_row() }
