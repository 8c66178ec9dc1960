#!/bin/bash
# check-threads.sh PROGRAM: a program built for ThreadSanitizer finds no data race, and many threads
# write the rows that one writes. GLib's own allocator is not instrumented: malloc is.
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export G_SLICE=always-malloc TSAN_OPTIONS=halt_on_error=1
for jobs in 1 4; do
  "$program" batch scenarios/compare/firewall-pair.yaml scenarios/compare/site-routers.yaml \
    --runs 20 --jobs $jobs --quiet --out "$scratch/$jobs" >/dev/null
done
for file in "$scratch"/1/*.csv; do
  cmp "$file" "$scratch/4/${file##*/}"
done
echo "threads: no data race, the same bytes by 1 and by 4"
