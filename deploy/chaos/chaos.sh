#!/usr/bin/env bash
# Chaos: runs one job again and again on a cluster of processes, each on a host of its own (trial.sh), while processes are
# killed and paused, links are cut and the database is restarted, at random moments. Each run must complete by itself with
# the model of the undisturbed run, and that must be the one that `cluster train` makes on this machine without any network.
# Every second run spreads the parameters over two servers, where the job can, so that servers of a range are lost as well.
#
#   chaos.sh [--runs N] [--seed N] [--job FILE] [--faults LIST] [--programs DIR] [--out DIR] [--plain]
#
#   --runs N        how many disturbed runs (default 100)
#   --seed N        which faults, where and when (default 1); the moments within the machine's timing are its own
#   --job FILE      (default deploy/jobs/digits-mlp.yaml)
#   --faults LIST   of kill-, pause-, cut- and delay- with worker, holder, standby or seed, and restart-database (default: all),
#                   separated by commas; the holder is the coordinator that runs the job and its parameter server
#   --programs DIR  folders seed/, worker/ and coordinator/ as `dotnet publish` makes them (default: published into --out)
#   --out DIR       logs and results.csv (default: a folder under /tmp)
#   --plain         a shared key between the nodes instead of TLS with a certificate for each
#
# At the end it tells how long training stood still, from the moment at which a loss was noticed to the next step that was
# complete: the median and the worst of all losses in all runs, as the coordinators logged them (C116).
# Needs root, iproute2, curl, jq, bc, openssl, the .NET SDK (or --programs) and PostgreSQL's server programs.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$here/trial.sh"
runs=100 seed=1 job=$top/deploy/jobs/digits-mlp.yaml programs= out= secured=tls extra= faults=
deadline=180      # seconds that a run may take: beyond it, it hangs

while [ $# -gt 0 ]; do
  case $1 in
    --runs) runs=$2 ;; --seed) seed=$2 ;; --job) job=$2 ;; --faults) faults=$2 ;; --programs) programs=$2 ;; --out) out=$2 ;;
    --plain) secured=key; shift; continue ;;
    *) sed -n '2,20s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift 2 || fail "wanted a value behind the last flag, got nothing"
done
[ -n "$faults" ] || faults=$(printf '%s,' {kill,pause,cut,delay}-{worker,holder,standby,seed})restart-database
IFS=, read -ra kinds <<<"$faults"
RANDOM=$seed
out=${out:-$(mktemp -d /tmp/chaos-XXXXXX)}

target() {
  case $1 in
    *-worker) echo "worker-$((RANDOM % 3 + 1))" ;; *-holder) holder ;; *-standby) standby ;; *-seed) echo "seed-$((RANDOM % 2 + 1))" ;; *) echo database ;;
  esac
}
disturb() {      # disturb KIND TARGET SECONDS
  case $1 in
    kill-*) signal "$2" KILL ;;
    pause-*) signal "$2" STOP; sleep "$3"; signal "$2" CONT ;;
    cut-*) "$here/hosts.sh" cut "$2"; sleep "$3"; "$here/hosts.sh" heal "$2" ;;
    delay-*) "$here/hosts.sh" delay "$2" 100ms 5%; sleep "$3"; "$here/hosts.sh" delay "$2" ;;
    restart-database) database restart -m immediate ;;
  esac
}
alone() {      # alone NAME FLAG...: trains the job in one process on this machine; prints the hash
  local name=$1; shift
  dotnet "$programs/coordinator/cluster.dll" train "$out/job.yaml" --set name="$name" "$@" --out "$out/runs/$name" --json 2>>"$out/logs/$name.log" |
    tail -1 | jq -er 'select(.status == "completed") | .model_sha256'
}
run() {      # run NAME FLAG...: submits the job under this name; prints status, hash, seconds
  local name=$1 began answer=; shift
  began=$(now)
  # A command that finds its seed gone before the job is accepted ends with exit code 4, and is simply given again.
  while [ -z "$answer" ] && [ "$(echo "$(now) - $began < $deadline" | bc)" = 1 ]; do
    answer=$(timeout -k 5 $deadline dotnet "$programs/coordinator/cluster.dll" train "$out/job.yaml" --set name="$name" "$@" \
      --connect "$(address seed-1):8081" --token-file "$out/token" --out "$out/runs/$name" --json 2>>"$out/logs/command.log" | tail -1)
  done
  jq -r --arg seconds "$(echo "$(now) - $began" | bc)" '[.status, .model_sha256, $seconds] | @tsv' <<<"$answer" 2>/dev/null || printf 'hangs\t-\t%s\n' "$deadline"
}
recoveries() { sed -nE "s/.*C116 job $1: .* ([0-9]+) ms after a loss.*/\1/p" "$out"/logs/coordinator-*.log | sort -n; }
spread() { awk '{ s[NR] = $1 } END { if (NR) printf "median %.'"$1"'f, worst %.'"$1"'f of %d", s[int((NR + 1) / 2)], s[NR], NR; else printf "none" }'; }

begin_trial
if ! "$here/hosts.sh" delay seed-1 1ms 2>/dev/null; then
  echo "this kernel has no netem: nothing is delayed"
  mapfile -t kinds < <(printf '%s\n' "${kinds[@]}" | grep -v '^delay-')
else
  "$here/hosts.sh" delay seed-1
fi
[ ${#kinds[@]} -gt 0 ] || fail "wanted at least one fault, got none that this kernel can do"
sed "s#source: *\(data/\)#source: $(dirname "$(realpath "$job")")/\1#" "$job" > "$out/job.yaml"

# ---- the same job on this machine alone, then undisturbed over the hosts
local_hash=$(alone local) || fail "the run on this machine alone: wanted completed, got a failure; see $out/logs/local.log"
spread_flags=(--set training.servers=2)
if spread_hash=$(alone local-two-servers "${spread_flags[@]}"); then
  [ "$spread_hash" = "$local_hash" ] || fail "wanted the model $local_hash with two servers too, got $spread_hash"
elif grep -q 'training.servers' "$out/logs/local-two-servers.log"; then
  echo "this job takes one server: no run has two"
  spread_flags=()
else
  fail "the run with two servers: wanted completed, got a failure; see $out/logs/local-two-servers.log"
fi
start_nodes
IFS=$'\t' read -r status wanted whole < <(run undisturbed)
[ "$status" = completed ] || fail "the undisturbed run: wanted completed, got $status; logs are in $out/logs"
[ "$wanted" = "$local_hash" ] || fail "wanted the model of this machine alone, $local_hash, of the undisturbed run, got $wanted; logs are in $out/logs"
echo "undisturbed: $wanted in $whole s, the model that this machine alone makes"

# ---- the disturbed ones
echo "run,servers,faults,moments,status,same,seconds,recoveries_ms" > "$out/results.csv"
bad=0
for ((i = 1; i <= runs; i++)); do
  count=$((RANDOM % 2 + 1)); did=; moments=; servers=1; flags=()
  [ $((i % 2)) = 1 ] || [ ${#spread_flags[@]} = 0 ] || { servers=2; flags=("${spread_flags[@]}"); }
  run "run-$i" "${flags[@]}" > "$out/answer" & submitted=$!
  for ((k = 0; k < count; k++)); do
    wait_for=$(echo "scale=2; $whole * $((RANDOM % 55 + 3)) / 100 / $count" | bc)
    kind=${kinds[RANDOM % ${#kinds[@]}]}; seconds=$((RANDOM % 12 + 1))
    case $kind in *-worker|*-seed) victim=$(target "$kind") ;; *) victim= ;; esac      # chance is not drawn in between: a seed repeats its faults
    sleep "$wait_for"; moments+="${moments:+;}$wait_for"
    disturb "$kind" "${victim:=$(target "$kind")}" $seconds
    did+="${did:+;}$kind($victim)"
  done
  wait $submitted
  IFS=$'\t' read -r status hash seconds < "$out/answer"
  same=no; [ "$hash" = "$wanted" ] && same=yes
  [ "$status" = completed ] && [ $same = yes ] || bad=$((bad + 1))
  echo "$i,$servers,$did,$moments,$status,$same,$seconds,$(recoveries "run-$i" | paste -sd';')" | tee -a "$out/results.csv"
done
echo "$((runs - bad)) of $runs runs completed with the model of the undisturbed one; seconds: $(tail -n +2 "$out/results.csv" | cut -d, -f7 | sort -n | spread 1)"
echo "from a loss being noticed to the next step, ms: $(recoveries 'run-[0-9]+' | spread 0); results and logs: $out"
[ $bad -eq 0 ]
