# verdict.sh, read by shell tests: how a case is told.
#
# verdict NAME [PROBLEM]: "ok NAME" where there is no problem; else "not ok NAME" with what is wrong below,
# and `status`, with which the script ends, is 1.
# judge NAME STATUS [TEXT...]: the same of an exit status; TEXT is shown where it is not 0.
status=0
verdict() {
  if [ -z "${2:-}" ]; then
    echo "ok $1"
    return
  fi
  echo "not ok $1"
  printf '%s\n' "$2" | head -n 40 | cut -c 1-240 | sed 's/^/  /'
  status=1
}
judge() {
  if [ "$2" -eq 0 ]; then
    verdict "$1"
  else
    verdict "$1" "$(printf '%s\n' "exit status $2" "${@:3}")"
  fi
}
