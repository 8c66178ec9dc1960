#!/bin/bash
# lint.sh FLAG...: clang-format, cppcheck and clang-tidy over the sources, each if it is installed.
# FLAG... are the compiler's. ANALYZE=1 has clang's analyzer follow every path too, which takes ten
# times as long. Exit status 1 on any finding.
set -u
status=0
mapfile -t all < <(find sim include tests -name '*.[ch]' 2>/dev/null | LC_ALL=C sort)
mapfile -t sources < <(find sim -name '*.c' 2>/dev/null | LC_ALL=C sort)
[ ${#sources[@]} -gt 0 ] || exit 0

have() { command -v "$1" >/dev/null 2>&1 || { echo "lint: no $1 here, left out"; return 1; }; }

if have clang-format; then
  clang-format --dry-run --Werror "${all[@]}" || status=1
fi
if have cppcheck; then
  cppcheck --quiet --std=c11 --library=gtk --enable=warning,performance,portability \
    --inline-suppr --suppress=missingInclude --suppress=unknownMacro --error-exitcode=1 \
    -Iinclude "${sources[@]}" || status=1
fi
if have clang-tidy; then
  checks=-clang-analyzer-\*
  [ -z "${ANALYZE:-}" ] || checks=
  printf '%s\0' "${sources[@]}" | xargs -0 -P "$(nproc)" -n 8 sh -c '
    checks=$1 flags=$2; shift 2; clang-tidy --quiet ${checks:+"--checks=$checks"} "$@" -- $flags 2>/dev/null
  ' lint "$checks" "$*" || status=1
fi
exit $status
