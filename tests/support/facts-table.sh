#!/bin/sh
# facts-table.sh: the table of `make facts`; see facts-table.awk. With "--trace SEED COUNT" the rows
# of so many ids that are modelled and tested, drawn at random.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
files=$(find sim include tests scenarios -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.yaml' \
  -o -name '*.expected' \) | grep -v '^tests/support/facts' | sort)
table() { # shellcheck disable=SC2086
  awk -f tests/support/facts-table.awk scenarios/facts.md scenarios/facts-left-out.md $files
}
if [ "${1:-}" = --trace ]; then
  table 2>/dev/null | grep '| modelled and tested |' |
    awk -v seed="$2" -v count="$3" '
      { row[NR] = $0 }
      END { # Park and Miller 1988, so that every awk draws the same
        for (state = seed; count > 0; count--) {
          do { state = (state * 16807) % 2147483647; i = state % NR + 1 } while (i in drawn)
          drawn[i] = 1
          print row[i]
        }
      }'
else
  table
fi
