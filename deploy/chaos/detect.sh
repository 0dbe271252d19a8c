#!/usr/bin/env bash
# How long it takes until a loss is noticed, by setting, and then until training goes on: a cluster of processes, each on a host
# of its own (trial.sh), trains without end, while a worker, and the coordinator that runs the job, are killed (SIGKILL) and
# paused (SIGSTOP) in turn. None comes back before it has been noticed.
#
#   detect.sh [--times N] [--job FILE] [--programs DIR] [--out DIR] [--plain]
#
#   --times N       how often each (default 3)
#   --job FILE, --programs DIR, --out DIR, --plain   as for chaos.sh
#
# Prints a table: setting, who was lost and how, seconds until it was noticed (median, worst), milliseconds from then to the next
# step that was complete (median, worst).
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$here/trial.sh"
times=3 job=$top/deploy/jobs/digits-mlp.yaml programs= out= secured=tls extra=
patience=60       # seconds that anything here may take
settings_of=(
  "500ms 3s 3s"   # the defaults: heartbeat-interval, acceptable-pause, down-after
  "250ms 1s 1s"
  "100ms 500ms 500ms"
)
while [ $# -gt 0 ]; do
  case $1 in
    --times) times=$2 ;; --job) job=$2 ;; --programs) programs=$2 ;; --out) out=$2 ;;
    --plain) secured=key; shift; continue ;;
    *) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift 2 || fail "wanted a value behind the last flag, got nothing"
done
out=${out:-$(mktemp -d /tmp/detect-XXXXXX)}

within() {      # within WHAT COMMAND...: waits until it succeeds
  local what=$1 until; shift
  until=$(($(date +%s) + patience))
  until "$@" >/dev/null 2>&1; do [ "$(date +%s)" -lt $until ] || fail "wanted $what within $patience s; logs are in $out/logs"; sleep 0.1; done
}
lines() { cat "$out/logs/$1.log" | wc -l; }
line_after() { tail -n "+$(($2 + 1))" "$out/logs/$1.log" | grep -m1 -E "$3"; }      # line_after NODE LINES PATTERN
moment() { date -d "$(sed -E 's/^\[[A-Z]+\]\[([^]]*)\].*/\1/' <<<"$1")" +%s.%3N; }
spread() { sort -n | awk '{ s[NR] = $1 } END { printf "%s | %s", s[int((NR + 1) / 2)], s[NR] }'; }

lose() {        # lose SIGNAL WHO: takes the node away until its loss is noticed and training goes on; prints seconds and milliseconds
  local how=$1 victim=$2 watcher pattern before began noticed again
  if [[ $victim = worker-* ]]; then watcher=$(holder) pattern="C11[58] .*worker $victim"
  else watcher=$(standby) pattern='singleton .* runs here'; fi
  before=$(lines "$watcher"); touch "$out/hold-$victim"
  began=$(now); signal "$victim" "$how"
  within "the loss of $victim to be noticed" line_after "$watcher" "$before" "$pattern"
  within "training to go on without $victim" line_after "$watcher" "$before" 'C116 '
  noticed=$(moment "$(line_after "$watcher" "$before" "$pattern")")
  again=$(line_after "$watcher" "$before" 'C116 ' | sed -nE 's/.* ([0-9]+) ms after.*/\1/p')
  rm "$out/hold-$victim"; signal "$victim" CONT; signal "$victim" KILL
  echo "$(echo "$noticed - $began" | bc) $again"
  within "$victim to come back" ready "$victim"
  sleep 5       # its heartbeats are known, shards have moved to it
}

begin_trial
sed "s#source: *\(data/\)#source: $(dirname "$(realpath "$job")")/\1#" "$job" > "$out/job.yaml"
echo "| heartbeat, pause, down | lost | noticed after s, median | worst | then next step after ms, median | worst |"
echo "| --- | --- | --- | --- | --- | --- |"
trial=0
for setting in "${settings_of[@]}"; do
  read -r heartbeat pause down <<<"$setting"
  extra=$(printf 'heartbeat-interval: %s\nacceptable-pause: %s\ndown-after: %s' "$heartbeat" "$pause" "$down")
  trial=$((trial + 1))
  start_nodes
  for name in "${hosts[@]}"; do within "$name to be ready" ready "$name"; done
  within "the job to be accepted" cluster submit "$out/job.yaml" --set name="trial-$trial" --set training.epochs=1000000 --set "training.early-stopping={ patience: 1000000 }"
  within "the job to train" eval 'grep -q "job trial-'$trial': life" "$out"/logs/coordinator-*.log'
  sleep 5
  for who in worker holder; do
    for how in KILL STOP; do
      for ((i = 0; i < times; i++)); do
        victim=worker-$((i % 3 + 1)); [ $who = worker ] || victim=$(holder)
        lose $how "$victim"
      done > "$out/lost-$trial-$who-$how" || exit 1
      echo "| $setting | $who, SIG$how | $(cut -d' ' -f1 "$out/lost-$trial-$who-$how" | spread) | $(cut -d' ' -f2 "$out/lost-$trial-$who-$how" | spread) |"
    done
  done
  end_nodes
done
echo "logs: $out"
