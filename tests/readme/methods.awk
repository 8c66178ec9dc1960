# The summary of a comparison as a short table: the README's view of it.
BEGIN {
  printf "%-23s %-6s %24s %24s %16s\n", "variant", "model", "detected: median, p95", "outage: median, p95", "sessions broken"
}
$6 == "detected" { detected = sprintf("%.1f s, %.1f s", $13, $14) }
$6 == "outage" { outage = $13 == "" ? "not over" : sprintf("%.1f s, %.1f s", $13, $14) }
$6 == "sessions_broken" {
  printf "%-23s %-6s %24s %24s %16d\n", $3 == "base" ? "(route server)" : $3, $2, detected, outage, $13
}
