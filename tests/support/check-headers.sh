#!/bin/sh
# check-headers.sh CC FLAG...: each public header compiles alone, and twice, with CC and clang.
set -u
cc=$1
shift
compilers=$cc
if [ "$cc" != clang ] && command -v clang >/dev/null 2>&1; then compilers="$cc clang"; fi

count=0 bad=0
for header in $(find include -name '*.h' 2>/dev/null | LC_ALL=C sort); do
  count=$((count + 1))
  for compiler in $compilers; do
    printf '#include "%s"\n#include "%s"\n' "${header#include/}" "${header#include/}" |
      "$compiler" "$@" -Werror -fsyntax-only -x c - || {
      echo "$header: does not compile alone with $compiler"
      bad=$((bad + 1))
    }
  done
done
echo "check-headers: $count headers, $bad that do not compile alone ($compilers)"
[ $bad -eq 0 ]
