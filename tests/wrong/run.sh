#!/bin/bash
# run.sh: what is wrong is refused, in words that help, before anything runs.
#
# Each NAME.yaml of this folder is wrong. `check` and `run` must refuse it with exit status 2, print
# nothing on standard output and, on standard error, NAME.expected to the byte: messages in the order of
# the file, the first line "FILE:LINE:COLUMN: error: ..." or, where something before the first error
# calls for one, "FILE:LINE:COLUMN: warning: ..."; one of them is an error. A line of it that ends with
# " ..." may go on as it likes: so what has a list of all kinds does not change with each new kind.
# A line "# Facts: AZ-3.1" in front of them says which facts the refusal holds.
# WRONG_UPDATE=1 rewrites these files. Files that are large or no
# text are made here. Behind them come calls that are wrong and files that cannot be read. With
# ONLY='NAME...' in the environment, these files only, and what is made here if "rest" is among them.
set -u
cd "$(dirname "$0")/../.." || exit 1
here=$PWD/tests/wrong
work=${SCRATCH:-$(mktemp -d)}/wrong
mkdir -p "$work" || exit 1
. tests/support/facts.sh
. tests/support/verdict.sh
. tests/support/calls.sh

tell() { # tell NAME PROBLEM: and what the last call said where there is a problem
  verdict "wrong-$1" "${2:+$2
$(head -n 12 "$work/err" | cut -c 1-200 | sed 's/^/| /')}"
}

call() { # call ARGUMENT...: the exit status in `got`; what it says in $work/out and $work/err; no file takes
  # a minute of a processor's time
  (ulimit -t 60 && exec "$ROUTESIM" "$@") >"$work/out" 2>"$work/err" </dev/null
  got=$?
}

problem() { # problem STATUS: in what the last call was not as it should be
  if [ $got -ne "$1" ]; then
    echo "exit status $got, not $1"
  elif [ -s "$work/out" ]; then
    echo "printed on standard output: $(head -c 200 "$work/out")"
  elif ! grep -q . "$work/err"; then
    echo "said nothing"
  fi
}

located() { # the first line names a place, unless there is nothing in the file, and a line an error
  if ! head -n 1 "$work/err" | grep -Eq \
    '^[^ :]+:[1-9][0-9]*:[1-9][0-9]*: (error|warning): |^[^ :]+: error: the file is empty'; then
    echo "the first line names no place"
  elif ! grep -Eq '^[^ ]+: error: ' "$work/err"; then
    echo "no line is an error"
  fi
}

cut_as() { # cut_as EXPECTED: what the last call said, without what EXPECTED leaves open
  # NR == FNR would hold of all that follows an empty file.
  awk 'FILENAME == ARGV[1] { want[FNR] = $0; next }
    { open = want[FNR] ~ / \.\.\.$/ && index($0, substr(want[FNR], 1, length(want[FNR]) - 3)) == 1
      print open ? want[FNR] : $0 }' "$1" "$work/err"
}

# ---- files of this folder ------------------------------------------------------------------

for file in tests/wrong/*.yaml; do
  name=${file##*/}
  name=${name%.yaml}
  [[ -z ${ONLY:-} || " $ONLY " == *" $name "* ]] || continue
  expected=$here/$name.expected
  call run "$file" --runs 1
  wrong=$(problem 2)
  call check "$file"
  wrong=${wrong:-$(problem 2)}
  wrong=${wrong:-$(located)}
  grep '^# Facts:' "$expected" >"$work/facts"
  grep -v '^# Facts:' "$expected" >"$work/want"
  cut_as "$work/want" >"$work/cut"
  if [ -n "${WRONG_UPDATE:-}" ] && [ -z "$wrong" ]; then
    cat "$work/facts" "$work/cut" >"$expected"
  elif [ -z "$wrong" ] && ! diff -u "$work/want" "$work/cut" >"$work/diff"; then
    wrong="says something else:"$'\n'"$(cat "$work/diff")"
  fi
  tell "$name" "$wrong"
  [ -n "$wrong" ] || facts_held "tests/wrong/$name.yaml" "$expected" || status=1
done

[[ -z ${ONLY:-} || " $ONLY " == *" rest "* ]] || exit $status

# ---- files that are made here ---------------------------------------------------------------

# made NAME WORDS: refuses NAME, which stands in $work, and says WORDS.
made() {
  call check "$work/$1"
  local wrong
  wrong=$(problem 2)
  wrong=${wrong:-$(located)}
  [ -n "$wrong" ] || grep -qF -- "$2" "$work/err" || wrong="does not say: $2"
  [ -n "$wrong" ] || [ "$(wc -c <"$work/err")" -lt 60000 ] || wrong="says too much"
  tell "$1" "$wrong"
}

repeated() { # repeated COUNT TEXT
  head -c "$1" /dev/zero | sed "s/\\x00/$2/g"
}

{ printf 'name: x\nnetworks: '; repeated 100000 '['; } >"$work/nested-brackets"
made nested-brackets ':2:74: error: nested too deeply'
{ printf 'name: x\nnetworks: '; repeated 100000 '{a: '; } >"$work/nested-braces"
made nested-braces 'error: nested too deeply'
repeated 100000 '- ' >"$work/nested-dashes"
made nested-dashes 'error: nested too deeply'
awk 'BEGIN { for (i = 0; i < 2000; i++) printf "%*sa:\n", i, "" }' >"$work/nested-blocks"
made nested-blocks ':65:65: error: nested too deeply'
awk 'BEGIN { x = 1; for (i = 0; i < 4096; i++) { x = (x * 1103515245 + 12345) % 2147483648; printf "%c", int(x / 65536) % 256 } }' \
  >"$work/binary-noise"
made binary-noise 'error: '
printf 'name: x\ntitle: caf\351\nduration: 5m\n' >"$work/invalid-utf-8"
made invalid-utf-8 ':2:11: error: byte 0xe9 is not UTF-8 text'
printf 'name: x\ntitle: caf\303' >"$work/cut-utf-8"
made cut-utf-8 ':2:11: error: byte 0xc3 is not UTF-8 text'
printf '\377\376n\000a\000m\000e\000:\000' >"$work/utf-16"
made utf-16 ':1:1: error: the file is UTF-16'
printf 'name: x\ntitle: a\000b\n' >"$work/nul-byte"
made nul-byte ':2:9: error: control character 0x00'
printf 'name: x\ntitle: a\033[31mb\n' >"$work/control-character"
made control-character ':2:9: error: control character 0x1b'
printf 'title: \303\251\303\251\303\251\303\251\303\251\nname:\n\t- x\n' >"$work/tab-behind-accents"
made tab-behind-accents ':3:1: error: a tab cannot indent'
awk 'BEGIN { print "name: x"; for (i = 0; i < 100000; i++) print "key" i ": 1" }' >"$work/many-keys"
made many-keys ":2:1: error: unknown key 'key0'"
awk 'BEGIN { for (i = 0; i < 50000; i++) print "key" i ": 1\nkey" i ": 2" }' >"$work/many-keys-twice"
made many-keys-twice ":2:1: error: the key 'key0' stands twice"
{ printf 'title: "'; repeated 11000000 'x'; printf '"\n'; } >"$work/larger-than-10-mb"
call check "$work/larger-than-10-mb"
wrong=$(problem 2)
grep -qF 'larger than 10 MB' "$work/err" || wrong=${wrong:-"does not say why"}
tell larger-than-10-mb "$wrong"
{ printf 'title: '; repeated 9000000 'x'; printf '\nnmae: y\n'; } >"$work/long-line"
made long-line ":2:1: error: unknown key 'nmae' (did you mean 'name'?)"

# The same scenario with other line ends, and with a byte order mark, is right.
right=scenarios/compare/ecmp-pair.yaml
for kind in crlf cr bom; do
  case $kind in
  crlf) sed 's/$/\r/' $right ;;
  cr) tr '\n' '\r' <$right ;;
  bom) printf '\357\273\277' && cat $right ;;
  esac >"$work/$kind"
  call check "$work/$kind"
  wrong=
  [ $got -eq 0 ] || wrong="exit status $got, not 0"
  tell "not-$kind" "$wrong"
done

# ---- calls ------------------------------------------------------------------------------------

refused() { # refused NAME WORDS ARGUMENT...: exit status 2, WORDS in the first line
  local name=$1 words=$2 wrong
  shift 2
  call "$@"
  wrong=$(problem 2)
  [ -n "$wrong" ] || head -n 1 "$work/err" | grep -qF -- "$words" || wrong="the first line lacks: $words"
  tell "$name" "$wrong"
}

refused until-without-unit "--until-ci takes a width above 0, such as 500ms or 5%, not '1'" batch $right --until-ci 1
refused until-nothing "--until-ci takes a width above 0, such as 500ms or 5%, not '0%'" batch $right --until-ci 0%
refused until-time-of-bytes "--until-ci takes a width above 0, such as 10 or 5%, not '1s'" \
  batch $right --until-ci 1s --measure lost_bytes
refused until-greatest "--until-ci: 'max' has no interval" compare $right --until-ci 1s --stat max
refused until-one-run '--until-ci and --run contradict each other' batch $right --until-ci 1s --run 3
refused ranges-in-csv '--ranges has no place in CSV' compare $right --ranges --format csv
refused stat-without-until '--stat is for --until-ci WIDTH' batch $right --stat p50
refused set-without-value '--set takes PATH=VALUE' check $right --set nvas.r1.asn
refused set-without-path '--set takes PATH=VALUE' check $right --set =5
refused set-unknown-path "error: no 'r3' on the path 'nvas.r3.asn' (did you mean 'r1'?)" \
  check $right --set nvas.r3.asn=1
refused set-matches-nothing "error: the path 'nvas.x*.asn' matches nothing" \
  check $right --set 'nvas.x*.asn=1'
refused set-of-what-makes-variants "error: --set changes what variants hold, and cannot change 'sampling'" \
  check $right --set sampling.points=3
refused set-unknown-key "--set nvas.r1.boots:1:1: error: unknown key 'boots' (did you mean 'boot'?)" \
  check $right --set nvas.r1.boots=1s
refused set-without-unit '--set nvas.r1.boot:1:1: error: a duration needs a unit' check $right --set nvas.r1.boot=5
refused set-broken-yaml '--set nvas.r1.advertise:1:' check $right --set 'nvas.r1.advertise=[{prefix: 10.0.0.0/8'
refused set-not-utf-8 'routesim: ' check $right --set $'title=\351'
refused set-event-too-many "error: the path 'events.7.how' matches nothing" \
  check $right --set events.7.how=cut
refused two-files-of-one-name "are both named 'ecmp-pair'" \
  compare $right "$work/bom"

# ---- what cannot be read or written ------------------------------------------------------------

failed() { # failed NAME WORDS ARGUMENT...: exit status 3, WORDS in the first line
  local name=$1 words=$2 wrong
  shift 2
  call "$@"
  wrong=$(problem 3)
  [ -n "$wrong" ] || head -n 1 "$work/err" | grep -qF -- "$words" || wrong="the first line lacks: $words"
  tell "$name" "$wrong"
}

failed missing-file 'No such file or directory' check "$work/there-is-none.yaml"
failed directory 'Is a directory' check "$work"
failed missing-file-of-run 'No such file or directory' run "$work/there-is-none.yaml" --runs 1

cp $right "$work/unreadable.yaml"
chmod 000 "$work/unreadable.yaml"
chmod 755 "$work"
if as_nobody test -x "$work" -a -x "$ROUTESIM"; then # left out where that user cannot reach both
  as_nobody "$ROUTESIM" check "$work/unreadable.yaml" >"$work/out" 2>"$work/err" </dev/null
  got=$?
  wrong=$(problem 3)
  grep -q 'Permission denied' "$work/err" || wrong=${wrong:-"does not say why"}
  tell unreadable-file "$wrong"
fi
rm -f "$work/unreadable.yaml"

if [ -w /dev/full ]; then
  for arguments in "check $right" "run $right --runs 1" "compare $right --runs 1" "--help"; do
    # shellcheck disable=SC2086 # words
    "$ROUTESIM" $arguments >/dev/full 2>"$work/err" </dev/null
    got=$?
    : >"$work/out"
    tell "full-disk-${arguments%% *}" "$(problem 3)"
  done
fi

rm -rf "$work"
exit $status
