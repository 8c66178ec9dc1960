#!/bin/bash
# run-output.sh: output that cannot hurt: what stands where a file shall go, batches that are killed,
# resumed or run twice at once, systems that give too little, and text that is none.
#
# Prints "ok NAME" or "not ok NAME" for each case. ROUTESIM is the program, SCRATCH a folder that
# may be filled, KILLS how often a batch is killed.
#
# A program that replaces what it shall write to would, as root, replace the machine's own devices. So
# nothing here names one before /dev is a folder of this script's own, in a mount namespace of its
# own, where that can be had. Where it cannot and we could do harm, those cases are left out.
set -u
export LC_ALL=C
unset NO_COLOR
if [ "${1:-}" != --apart ]; then
  unshare -m --propagation private true 2>/dev/null &&
    exec unshare -m --propagation private bash "$0" --apart
fi

own_devices() { # own_devices FOLDER: mounts devices of our own over /dev
  local name number
  mkdir -p "$1" && mount -t tmpfs -o mode=755 none "$1" || return 1
  while read -r name number; do
    # shellcheck disable=SC2086
    mknod -m 666 "$1/$name" c $number || return 1
  done <<'DEVICES'
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
DEVICES
  ln -s /proc/self/fd "$1/fd" && ln -s fd/0 "$1/stdin" && ln -s fd/1 "$1/stdout" &&
    ln -s fd/2 "$1/stderr" && mkdir "$1/shm" && mount --bind "$1" /dev &&
    sh -c 'echo x >/dev/null' # not where tmpfs carries no devices
}
if [ "${1:-}" = --apart ] && own_devices "$SCRATCH/dev" 2>"$SCRATCH/dev.err"; then
  devices=own
elif [ ! -w /dev ]; then
  devices=safe
else
  devices=
fi

repository=$(cd "$(dirname "$0")/../.." && pwd)
. "$repository/tests/support/verdict.sh"
. "$repository/tests/support/calls.sh"
work=$(mktemp -d "$SCRATCH/output.XXXXXX") || exit 1
chmod 755 "$work"
cd "$work" || exit 1

refused() { # refused NAME STATUS PATTERN WORD...: the call ends with this status and one message
  local name=$1 wanted=$2 pattern=$3 got
  shift 3
  "$@" >out 2>err </dev/null
  got=$?
  [ $got -eq "$wanted" ] && [ "$(wc -l <err)" -eq 1 ] && grep -Eq -- "^routesim: $pattern" err
  judge "output-$name" $? "status $got, not $wanted: $*" "$(head -c 500 err)"
}

left_out() { # left_out NAME WHY
  echo "ok output-$1 # left out: $2"
}

scenario pair 3 >pair.yaml
mkdir folder
for name in one two three; do
  scenario $name 60 >folder/$name.yaml
done

# ---- what stands where a file shall go --------------------------------------------------------

log() { # log PATH: the peers' event log, written there
  "$ROUTESIM" run pair.yaml --quiet --peer-log "$1" >out 2>err </dev/null
}
is_log() { # is_log FILE: all of it, and nothing else
  [ "$(wc -l <"$1")" -eq 6 ] && ! grep -Evq '^\{"event_timestamp": .*\}$' "$1"
}
kind_and_inode() { stat -c '%F %i' "$1"; }

log new.log && is_log new.log
judge output-new-file $? "$(cat err)"
echo old >mine.log && chmod 640 mine.log
log mine.log && is_log mine.log && [ "$(stat -c %a mine.log)" = 640 ]
judge output-file-keeps-its-mode $? "$(ls -l mine.log)" "$(cat err)"

echo old >target.log && ln -s target.log link.log
before=$(kind_and_inode target.log)
log link.log && [ "$(readlink link.log)" = target.log ] && is_log target.log &&
  [ "$(kind_and_inode target.log)" = "$before" ]
judge output-link $? "$(ls -l link.log target.log)" "$(cat err)"
ln -s later.log nowhere.log
log nowhere.log && [ "$(readlink nowhere.log)" = later.log ] && is_log later.log
judge output-link-to-nowhere $? "$(ls -l nowhere.log later.log)" "$(cat err)"
echo old >first.log && ln first.log second.log
log first.log && is_log second.log && [ "$(stat -c %h first.log)" -eq 2 ]
judge output-file-with-two-names $? "$(ls -li first.log second.log)" "$(cat err)"

mkfifo pipe.log
cat pipe.log >piped.log &
log pipe.log && : <>pipe.log && wait $! && is_log piped.log && [ -p pipe.log ] # whoever still waits reads nothing
judge output-pipe $? "$(ls -l pipe.log)" "$(cat err)"
if [ -n "$devices" ]; then
  log /dev/null && [ -c /dev/null ]
  judge output-device $? "$(cat err)"
  refused full-device 3 'cannot write /dev/full: No space left on device$' \
    "$ROUTESIM" run pair.yaml --quiet --peer-log /dev/full
  for name in /dev/stdout /proc/self/fd/1 /dev/fd/1; do
    log $name && tail -n 6 out >tail.log && is_log tail.log && [ "$(wc -l <out)" -gt 10 ]
    judge "output-standard-output-as-${name//\//-}" $? "$(cat out err)"
  done
  "$ROUTESIM" run pair.yaml --quiet --peer-log /dev/stdout 2>err | tail -n 6 >tail.log
  is_log tail.log
  judge output-standard-output-is-a-pipe $? "$(cat tail.log err)"
  "$ROUTESIM" run pair.yaml --quiet --peer-log /dev/fd/7 7>seven.log >out 2>err && is_log seven.log
  judge output-open-descriptor $? "$(cat seven.log err)"
else
  left_out devices "/dev is the machine's own: $(cat "$SCRATCH/dev.err" 2>&1)"
fi
"$ROUTESIM" run pair.yaml --quiet --peer-log both.log >both.log 2>err
tail -n 6 both.log >tail.log
is_log tail.log && [ "$(wc -l <both.log)" -gt 10 ]
judge output-standard-output-is-the-file $? "$(cat both.log err)"
ln -s pair.yaml pair.link
refused log-over-the-scenario 2 '--peer-log: pair.link is the scenario itself$' \
  "$ROUTESIM" run pair.yaml --quiet --peer-log pair.link
mkdir is-a-folder
refused folder-as-file 3 'cannot write is-a-folder: Is a directory$' \
  "$ROUTESIM" run pair.yaml --quiet --peer-log is-a-folder
refused no-folder 3 'cannot write nowhere/x: No such file or directory$' \
  "$ROUTESIM" run pair.yaml --quiet --peer-log nowhere/x
for option in --out --plots; do
  refused "empty-name-of$option" 2 "$option takes a name" "$ROUTESIM" batch pair.yaml $option ''
done

# A file that is mounted where it stands, and links to a device.
if [ "$devices" = own ]; then
  echo old >inner && touch point && mount --bind inner point
  log point && is_log inner && umount point
  judge output-mounted-file $? "$(cat err)"
  ln -s /dev/stdout out.link
  log out.link && tail -n 6 out >tail.log && is_log tail.log && [ -L out.link ] && [ -L /dev/stdout ]
  judge output-link-to-standard-output $? "$(cat out err)"
else
  left_out mounted-file 'nothing can be mounted here'
fi

# Files of a folder are no others.
mkdir linked && echo old >elsewhere.csv && ln -s ../elsewhere.csv linked/failovers.csv
[ -z "$devices" ] || ln -s /dev/null linked/routes.csv
"$ROUTESIM" batch pair.yaml --quiet --out plain >out 2>err &&
  "$ROUTESIM" batch pair.yaml --quiet --out linked >out 2>err
[ -L linked/failovers.csv ] && cmp -s elsewhere.csv plain/failovers.csv &&
  { [ -z "$devices" ] || { [ -L linked/routes.csv ] && [ -c /dev/null ]; }; } && cmp -s linked/summary.csv plain/summary.csv && [ ! -e linked/.parts ]
judge output-links-in-a-folder $? "$(ls -l linked)" "$(cat err)"
"$ROUTESIM" batch pair.yaml --quiet --out linked --resume >out 2>err && cmp -s elsewhere.csv plain/failovers.csv
judge output-links-in-a-folder-resumed $? "$(cat err)"
mkdir precious trap && echo mine >precious/mine.csv && ln -s ../precious trap/.parts
refused parts-are-no-link 3 'cannot write trap/.parts: it is a link$' \
  "$ROUTESIM" batch pair.yaml --quiet --out trap
[ "$(cat precious/mine.csv)" = mine ]
judge output-parts-elsewhere-stay $?
mkdir foreign && echo 'dear diary' >foreign/.journal
refused foreign-journal 3 'foreign/.journal is not a journal of routesim' \
  "$ROUTESIM" batch pair.yaml --quiet --out foreign
[ "$(cat foreign/.journal)" = 'dear diary' ]
judge output-foreign-journal-stays $?

# ---- killed and resumed -------------------------------------------------------------------------

batch() { # batch NAME [OPTION...]: into NAME, pictures into a folder that all have in common by name
  local name=$1
  shift
  (cd "$name" && exec "$ROUTESIM" batch ../folder --out out --plots plots --jobs 2 --quiet "$@")
}
start() { # start NAME [OPTION...]: the same in the background; pid is its process
  local name=$1
  shift
  { cd "$name" && exec "$ROUTESIM" batch ../folder --out out --plots plots --jobs 2 --quiet "$@"; } \
    >out 2>err &
  pid=$!
}
end() { # kills what start() started
  kill -KILL $pid 2>/dev/null
  wait $pid 2>/dev/null
}
mkdir whole killed
: >differences
batch whole >out 2>err
judge output-whole $? "$(cat err)"
# It is killed at one line of the journal after the other, and goes on with what is there. It cannot end
# before that: a file that it comes to behind the line is a pipe that nobody reads.
KILLS=${KILLS:-6}
reaches() { # reaches LINES FILE: waits until the file has so many, without a sleep in which more came
  local lines=()
  while kill -0 $pid 2>/dev/null && [ ${#lines[@]} -lt "$1" ]; do
    [ ! -e "$2" ] || mapfile -t lines <"$2"
  done
}
before_two=$(grep -n '^end	three$' whole/out/.journal | cut -d : -f 1)
before_manifest=$(grep -n '^end	two$' whole/out/.journal | cut -d : -f 1) # the rest comes at once
line=1 problem=
for _ in $(seq "$KILLS"); do
  if [ "$line" -gt "$before_manifest" ]; then
    rm -rf killed/* && line=1
  fi
  pipe=killed/plots/two-timeline.svg
  if [ "$line" -gt "$before_two" ]; then
    [ ! -p $pipe ] || rm $pipe
    pipe=killed/out/manifest.json
  fi
  mkdir -p killed/plots killed/out
  [ -p $pipe ] || mkfifo $pipe
  start killed --resume
  reaches "$line" killed/out/.journal
  kill -0 $pid 2>/dev/null || problem="it ended before it was killed at line $line"
  end
  [ -z "$problem" ] && [ ! -s err ] || break
  line=$((line + (before_manifest + KILLS - 1) / KILLS))
done
[ -z "$problem" ] && [ ! -s err ]
judge output-killed-at-lines-of-the-journal $? "$problem" "$(cat err)"
rm -f $pipe
batch killed --resume >out 2>err && diff -r whole killed >differences
judge output-resumed-to-equal-bytes $? "$(cat err differences)" "$(ls -a killed/out)"

# ---- what a folder is resumed from ---------------------------------------------------------------

# A folder with one piece that is done: the first picture of the second is a pipe that nobody reads, at
# which the batch stands until it is killed.
half_done() { # half_done: a copy of it as half/
  rm -rf half && cp -a half.kept half
}
stands() { # stands PATTERN FILE: waits for a line that start() leads to, however slow the machine is
  while kill -0 $pid 2>/dev/null && ! grep -qs "$1" "$2"; do
    sleep 0.01
  done
}
mkdir -p half/plots
mkfifo half/plots/two-timeline.svg
start half
stands '^end' half/out/.journal
end
rm half/plots/two-timeline.svg
[ -e half/out/.parts/one.failovers.csv ] && ! grep -q '^end	\.$' half/out/.journal
judge output-half-done $? "$(cat half/out/.journal)"
mv half half.kept

refuses_half() { # refuses_half NAME STATUS PATTERN [OPTION...]: and leaves all as it is
  local name=$1 status=$2 pattern=$3
  shift 3
  cp -a half half.before
  refused "$name" "$status" "cannot go on in out: $pattern.*; without --resume" \
    bash -c 'cd half && exec "$0" batch ../folder --out out --plots plots --quiet --resume "$@"' \
    "$ROUTESIM" "$@"
  diff -r half half.before >differences
  judge "output-$name-changes-nothing" $? "$(cat differences)"
  rm -rf half.before
}
half_done && truncate -s -7 half/out/.parts/one.failovers.csv
refuses_half cut-file 3 'out/\.parts/one\.failovers\.csv has [0-9]+ bytes, not the [0-9]+ that were written'
half_done && sed -i '2s/65/66/; 2s/,60\.0/,61.0/' half/out/.parts/one.failovers.csv
refuses_half changed-digit 3 'out/\.parts/one\.failovers\.csv is not what was written: its checksum differs'
half_done && rm half/out/.parts/one.summary.csv
refuses_half missing-file 3 'out/\.parts/one\.summary\.csv is not there'
half_done && truncate -s -7 half/plots/one-timeline.svg
refuses_half cut-picture 3 'plots/one-timeline\.svg has '
half_done && sed -i 's/^file\(.*\)one.failovers.csv\t./file\1one.failovers.csv\t9/' half/out/.journal
refuses_half changed-journal 3 'out/\.parts/one\.failovers\.csv has '
half_done && sed -i '3s/^fact/fcat/' half/out/.journal
refuses_half damaged-journal 3 'out/\.journal:3 is not a line that a batch writes'
half_done && rm half/out/.journal && touch half/out/manifest.json
refuses_half no-journal 3 'it has results, but no journal that proves them'
# A journal that was cut before it was begun proves no more than none, of whole results and of parts.
begun=$(grep -b '^begun' half.kept/out/.journal | cut -d : -f 1)
for length in 0 1 9 18 19 40 $((begun - 1)) "$begun" $((begun + 5)); do
  half_done && truncate -s "$length" half/out/.journal
  refuses_half "journal-cut-to-$length" 3 'it has results, but no journal that proves them' --seed 5
  half_done && rm -r half/out/.parts && touch half/out/routes.csv && truncate -s "$length" half/out/.journal
  refuses_half "journal-of-whole-results-cut-to-$length" 3 'it has results, but no journal that proves them'
done
half_done && truncate -s $((begun + 6)) half/out/.journal
refuses_half journal-cut-behind-its-beginning 2 'seed of scenario one was 1, now it is 5' --seed 5
half_done
refuses_half other-seed 2 'seed of scenario one was 1, now it is 2' --seed 2
refuses_half other-runs 2 'number of runs of scenario one was 60, now it is 61' --runs 61
refuses_half other-run 2 'first run of scenario one was 0, now it is 3' --run 3
refuses_half other-model 2 '--model was not given, now it is aws' --model aws
refuses_half other-detail 2 '--detail was not given, now it is all' --detail all
refuses_half other-liveness 2 '--liveness was not given, now it is packet' --liveness packet
refuses_half other-set 2 '--set was not given, now it is duration=11m' --set duration=11m
refuses_half other-scenario 2 'scenario pair was not given, now it is given' ../pair.yaml
sed -i 's/version of routesim\t/&9./' half/out/.journal
refuses_half other-version 2 'version of routesim was 9\.[0-9.]+, now it is '
sed -i '1s/1$/7/' half/out/.journal
refuses_half other-format 2 'format of the journal was 7, now it is 1'
half_done
cp folder/two.yaml two.kept && echo '# changed' >>folder/two.yaml
refuses_half changed-scenario 2 'SHA-256 of scenario two was [0-9a-f]{64}, now it is [0-9a-f]{64}'
mv folder/three.yaml three.kept && cp two.kept folder/two.yaml
refuses_half scenario-less 2 'scenario three was given, now it is not given'
mv three.kept folder/three.yaml

# A line that was torn counts for nothing, and neither does a piece without an end.
printf 'file\t.parts/two.failovers.csv\t12' >>half/out/.journal
batch half --resume >out 2>err && diff -r whole half >differences
judge output-torn-line $? "$(cat err differences)"
refused plots-left-out 2 'cannot go on in out: --plots was plots, now it is not given' \
  bash -c 'cd half && exec "$0" batch ../folder --out out --quiet --resume' "$ROUTESIM"
sed -i '2s/one/eno/' half/out/failovers.csv
refuses_half changed-result 3 'out/failovers\.csv is not what was written'
batch half >out 2>err && diff -r whole half >differences
judge output-anew-without-resume $? "$(cat err differences)"

# ---- two at once -----------------------------------------------------------------------------------

mkdir -p twice/plots
mkfifo twice/plots/one-timeline.svg
start twice
stands '^begun' twice/out/.journal
for option in '' --resume; do
  refused "two-at-once$option" 3 'twice/out is in use: another process writes its results there' \
    "$ROUTESIM" batch pair.yaml --out twice/out --quiet $option
done
refused two-at-once-run 3 'twice/out is in use' "$ROUTESIM" run pair.yaml --out twice/out --quiet
refused two-at-once-pictures 3 'twice/plots is in use: another process writes its pictures there' \
  "$ROUTESIM" batch pair.yaml --plots twice/plots --quiet
end
rm twice/plots/one-timeline.svg
"$ROUTESIM" batch pair.yaml --out twice/out --plots twice/plots --quiet >out 2>err
judge output-killed-leaves-no-lock $? "$(cat err)"

# ---- too little of everything ---------------------------------------------------------------------

limited() { # limited NAME LIMIT PATTERN WORD...: ulimit LIMIT, then the call: a message, status 3
  local name=$1 limit=$2 pattern=$3
  shift 3
  # shellcheck disable=SC2016
  refused "$name" 3 "$pattern" bash -c 'ulimit $0 && exec "$@"' "$limit" "$@"
}
if nm "$ROUTESIM" 2>/dev/null | grep -q '__[at]san_init'; then
  left_out memory 'sanitizers need all the address space'
else
  for space in 40000 60000; do
    limited "memory-$space" "-v $space" '(out of memory|cannot start thread [12] of 2: )' \
      "$ROUTESIM" batch pair.yaml --runs 100000 --jobs 2 --out small --quiet
  done
  limited memory-of-rows '-v 200000' 'out of memory$' \
    "$ROUTESIM" batch pair.yaml --runs 5000000 --jobs 2 --out small --quiet
  # A heap a thread does not fit: slower by nothing, not by a hundred times.
  bash -c 'ulimit -v 90000 -t 60; exec "$0" batch pair.yaml --jobs 2 --runs 500 --out small --quiet' \
    "$ROUTESIM" >out 2>err
  judge output-memory-of-few-threads $? "$(cat err)"
fi
limited file-size '-f 8' 'cannot write limited/.*: File too large$' \
  "$ROUTESIM" batch pair.yaml --runs 200 --out limited --quiet
[ ! -e limited/failovers.csv ] && [ ! -e limited/manifest.json ]
judge output-file-size-leaves-no-part $? "$(ls -a limited)"
"$ROUTESIM" batch pair.yaml --runs 200 --out limited --quiet --resume >out 2>err &&
  "$ROUTESIM" batch pair.yaml --runs 200 --out unlimited --quiet >out 2>err && diff -r limited unlimited
judge output-file-size-resumed $? "$(cat err)"
limited files '-n 4' 'cannot write .*: Too many open files$' \
  "$ROUTESIM" batch pair.yaml --out few-files --quiet
cp "$ROUTESIM" program && chmod 755 program
if [ "$(id -u)" -eq 0 ] && as_nobody ./program --version >out 2>err; then
  refused threads 3 'cannot start thread [12] of 4: the system allows no more threads or memory$' \
    as_nobody env ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" \
    prlimit --nproc=1 ./program batch pair.yaml --jobs 4 --quiet
  mkdir closed open && echo old >closed/mine.log && chmod 666 closed/mine.log && chmod 755 closed
  as_nobody ./program run pair.yaml --quiet --peer-log closed/mine.log >out 2>err && is_log closed/mine.log
  judge output-file-in-a-closed-folder $? "$(cat err)"
  chmod 444 closed/mine.log && chmod 777 open && cp closed/mine.log open
  for path in closed/new.log closed/mine.log open/mine.log; do
    refused "not-allowed-${path//\//-}" 3 "cannot write $path: Permission denied\$" \
      as_nobody ./program run pair.yaml --quiet --peer-log $path
  done
  refused folder-not-allowed 3 'cannot write closed/.journal: Permission denied$' \
    as_nobody ./program batch pair.yaml --out closed --quiet
else
  left_out threads 'no other user can run the program here'
fi

# A disk that fills up: what is done stays, and goes on when there is room.
if [ "$devices" = own ] && mkdir disk && mount -t tmpfs -o size=200k none disk; then
  refused full-disk 3 'cannot write disk/out/.*: No space left on device$' \
    "$ROUTESIM" batch folder --out disk/out --quiet
  [ ! -e disk/out/manifest.json ] && grep -q '^end	one$' disk/out/.journal
  judge output-full-disk-keeps-what-is-done $? "$(ls -a disk/out disk/out/.parts)"
  mount -o remount,size=10m disk && "$ROUTESIM" batch folder --out disk/out --quiet --resume >out 2>err &&
    "$ROUTESIM" batch folder --out undisturbed --quiet >out 2>err && diff -r disk/out undisturbed
  judge output-full-disk-resumed $? "$(cat err)"
  umount disk
else
  left_out full-disk 'nothing can be mounted here'
fi

# A stream that was closed is no file's.
bash -c '"$0" batch pair.yaml --out closed-out --quiet >&- 2>err' "$ROUTESIM"
[ $? -eq 3 ] && diff -r closed-out plain >differences
judge output-closed-output $? "$(cat err differences)"
bash -c '"$0" batch pair.yaml --out closed-err --quiet >out 2>&- <&-' "$ROUTESIM" && diff -r closed-err plain
judge output-closed-streams $?

# ---- text that is none -------------------------------------------------------------------------------

raw() { # raw FILE: has it bytes that a terminal would obey, or text that is reordered or hidden?
  grep -aPq '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xa9]' "$1"
}
evil=$repository/tests/cases/text-that-is-not-text.yaml
for command in run batch compare check show reach explain; do
  for format in table csv json markdown; do
    "$ROUTESIM" $command "$evil" --format $format >text.out 2>text.err
    [ $? -le 1 ] && ! raw text.out && ! raw text.err &&
      { [ $format != markdown ] || ! grep -q '<' text.out; }
    judge "output-text-of-$command-as-$format" $? "$(head -c 300 text.out)"
  done
done
"$ROUTESIM" batch "$evil" --out text --plots text-plots >out 2>err
! raw text/variants.csv && ! raw text-plots/text-that-is-not-text-timeline.svg
judge output-text-in-files $?
if command -v xmllint >/dev/null; then
  xmllint --noout text-plots/*.svg 2>err
  judge output-text-in-pictures $? "$(head -c 300 err)"
fi
name=$'e\e[31m\xc2\x9b\xe2\x80\xae\xff\nvil'
cp pair.yaml "$name.yaml"
sed 's/prepend/prepned/' pair.yaml >"wrong-$name.yaml"
{ cat pair.yaml; echo 'expect: [{model: aws, event: 0, measure: outage, stat: p95, at_most: 1s}]'; } >"promise-$name.yaml"
for call in check run reach batch; do
  for file in "$name.yaml" "wrong-$name.yaml" "missing-$name.yaml" "promise-$name.yaml"; do
    "$ROUTESIM" $call "$file" >text.out 2>text.err
    status=$?
    ! raw text.out && ! raw text.err && [ $status -le 3 ]
    judge "output-name-of-file-${file%%e?\[*}$call" $? "$(head -c 300 text.out text.err)"
  done
done
for call in "run pair.yaml --seed" "run pair.yaml --model" "run pair.yaml --set" "run pair.yaml --format" \
  "run pair.yaml --peer-log no/" "batch pair.yaml --out pair.yaml/" "batch pair.yaml --plots pair.yaml/" \
  "show pair.yaml --at" "explain pair.yaml --event" "explain pair.yaml --traffic" "facts" "" "run --" \
  "batch pair.yaml --out ./"; do
  # shellcheck disable=SC2086
  if [ "${call%/}" = "$call" ]; then
    "$ROUTESIM" $call "$name" >text.out 2>text.err
  else
    "$ROUTESIM" ${call% *} "${call##* }$name" >text.out 2>text.err
  fi
  ! raw text.out && ! raw text.err
  judge "output-word-of-${call// /-}" $? "$(head -c 300 text.out text.err)"
done
