#!/usr/bin/env bash
# Chaos: runs one job again and again on a cluster of processes, each on a host of its own (hosts.sh), while processes are
# killed and paused, links are cut and the database is restarted, at random moments. Each run must complete by itself with
# the model of the undisturbed run.
#
#   chaos.sh [--runs N] [--seed N] [--job FILE] [--faults LIST] [--programs DIR] [--out DIR] [--plain]
#
#   --runs N        how many disturbed runs (default 100)
#   --seed N        which faults, where and when (default 1); the moments within the machine's timing are its own
#   --job FILE      (default deploy/jobs/digits-mlp.yaml, made longer)
#   --faults LIST   of kill-worker, kill-holder, kill-standby, kill-seed, pause-worker, pause-holder, cut-worker, cut-holder,
#                   restart-database (default: all), separated by commas
#   --programs DIR  folders seed/, worker/ and coordinator/ as `dotnet publish` makes them (default: published into --out)
#   --out DIR       logs and results.csv (default: a folder under /tmp)
#   --plain         a shared key between the nodes instead of TLS with a certificate for each
#
# Needs root, iproute2, curl, jq, openssl, the .NET SDK (or --programs) and PostgreSQL's server programs.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
runs=100 seed=1 job=$top/deploy/jobs/digits-mlp.yaml programs= out= secured=tls
faults=kill-worker,kill-holder,kill-standby,kill-seed,pause-worker,pause-holder,cut-worker,cut-holder,restart-database
deadline=180      # seconds that a run may take: beyond it, it hangs

fail() { echo "chaos.sh: $*" >&2; exit 1; }
while [ $# -gt 0 ]; do
  case $1 in
    --runs) runs=$2 ;; --seed) seed=$2 ;; --job) job=$2 ;; --faults) faults=$2 ;; --programs) programs=$2 ;; --out) out=$2 ;;
    --plain) secured=key; shift; continue ;;
    *) sed -n '2,20s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift 2 || fail "wanted a value behind the last flag, got nothing"
done
IFS=, read -ra kinds <<<"$faults"
RANDOM=$seed
out=${out:-$(mktemp -d /tmp/chaos-XXXXXX)}
mkdir -p "$out/logs"; chmod 755 "$out"
for tool in ip curl jq openssl dotnet; do command -v "$tool" >/dev/null || fail "wanted the command $tool, got none"; done
database_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -x "$database_bin/initdb" ] || fail "wanted PostgreSQL's server programs in /usr/lib/postgresql, got none"

hosts=(seed-1 seed-2 coordinator-1 coordinator-2 worker-1 worker-2 worker-3)
token=$(openssl rand -hex 24)
address() { "$here/hosts.sh" address "$1"; }
on() { "$here/hosts.sh" run "$@"; }
signal() { ip netns pids "cluster-$1" | xargs -r kill "-$2" 2>/dev/null; }
now() { date +%s.%3N; }

# ---- the database, on this machine itself
database() { runuser -u postgres -- "$database_bin/pg_ctl" -D "$out/database" -l "$out/database/log" -w -t 30 "$@" >/dev/null 2>&1; }
make_database() {
  install -d -o postgres -m 700 "$out/database"
  runuser -u postgres -- "$database_bin/initdb" -D "$out/database" -A trust -U cluster >/dev/null || fail "initdb failed"
  echo "host all all 10.77.0.0/24 trust" >> "$out/database/pg_hba.conf"
  printf "listen_addresses = '10.77.0.1'\nport = 5499\nunix_socket_directories = '%s'\n" "$out/database" >> "$out/database/postgresql.conf"
  database start || fail "PostgreSQL did not start: see $out/database/log"
  runuser -u postgres -- "$database_bin/createdb" -h 10.77.0.1 -p 5499 -U cluster cluster
}

# ---- the nodes: each is started again when it ends, as a service manager does
program() {
  case $1 in
    seed-*) echo "$programs/seed/Cluster.Seed.dll" ;;
    coordinator-*) echo "$programs/coordinator/cluster.dll node coordinator" ;;
    worker-*) echo "$programs/worker/Cluster.Worker.dll" ;;
  esac
}
settings() {
  local name=$1 file=$out/$1.yaml
  {
    echo "name: $name"
    echo "listen: $(address "$name"):4053"
    echo "seeds: [$(address seed-1):4053, $(address seed-2):4053]"
    echo "health: $(address "$name"):8080"
    if [ $secured = tls ]; then
      printf 'certificate: %s\ncertificate-key: %s\nauthority: %s\n' "$out/certificates/$name.pem" "$out/certificates/$name.key" "$out/certificates/ca.pem"
    else
      echo "shared-key: $out/cluster.key"
    fi
    case $name in
      seed-*) printf 'http: %s:8081\nhttp-token-file: %s\n' "$(address "$name")" "$out/token" ;;
      coordinator-*) printf 'journal-connection: Host=10.77.0.1;Port=5499;Database=cluster;Username=cluster\nruns: %s\n' "$out/runs-$name" ;;
      worker-*) echo "threads: 1" ;;
    esac
  } > "$file"
}
supervise() {
  local name=$1
  while [ ! -e "$out/over" ]; do
    # shellcheck disable=SC2046
    on "$name" dotnet $(program "$name") --config "$out/$name.yaml" >> "$out/logs/$name.log" 2>&1
    sleep 0.5
  done
}

holder() {
  for name in coordinator-1 coordinator-2; do
    curl -fs -m 2 "http://$(address $name):8080/health/ready" 2>/dev/null | jq -e 'select(.duty | test("holds"))' >/dev/null && { echo $name; return; }
  done
  echo coordinator-1
}
standby() { [ "$(holder)" = coordinator-1 ] && echo coordinator-2 || echo coordinator-1; }
any_worker() { echo "worker-$((RANDOM % 3 + 1))"; }

disturb() {
  local kind=$1 target
  case $kind in
    *-worker) target=$(any_worker) ;; *-holder) target=$(holder) ;; *-standby) target=$(standby) ;; *-seed) target=seed-$((RANDOM % 2 + 1)) ;; *) target=database ;;
  esac
  local seconds=$((RANDOM % 12 + 1))
  case $kind in
    kill-*) signal "$target" KILL ;;
    pause-*) signal "$target" STOP; sleep $seconds; signal "$target" CONT ;;
    cut-*) "$here/hosts.sh" cut "$target"; sleep $seconds; "$here/hosts.sh" heal "$target" ;;
    restart-database) database restart -m immediate ;;
  esac
  echo "$kind($target)"
}

run() {      # run NAME: submits the job under this name; prints status, hash, seconds
  local name=$1 began answer=
  began=$(now)
  # A command that finds its seed gone before the job is accepted ends with exit code 4, and is simply given again.
  while [ -z "$answer" ] && [ "$(echo "$(now) - $began < $deadline" | bc)" = 1 ]; do answer=$(timeout -k 5 $deadline dotnet "$programs/coordinator/cluster.dll" train "$out/job.yaml" --set name="$name" \
    --connect "$(address seed-1):8081" --token-file "$out/token" --out "$out/runs/$name" --json 2>>"$out/logs/command.log" | tail -1); done
  jq -r --arg seconds "$(echo "$(now) - $began" | bc)" '[.status, .model_sha256, $seconds] | @tsv' <<<"$answer" 2>/dev/null || printf 'hangs\t-\t%s\n' "$deadline"
}

end() {
  touch "$out/over"
  for name in "${hosts[@]}"; do signal "$name" CONT; signal "$name" KILL; done
  "$here/hosts.sh" down 2>/dev/null
  database stop -m immediate
}
trap end EXIT

# ---- what is needed
if [ -z "$programs" ]; then
  programs=$out/programs
  for role in Seed Worker Coordinator; do
    dotnet publish "$top/Cluster.$role" -c Release -o "$programs/${role,,}" -v q --nologo || fail "Cluster.$role does not build"
  done
fi
"$here/hosts.sh" up "${hosts[@]}" || exit 1
umask 077
echo "$token" > "$out/token"; openssl rand -hex 32 > "$out/cluster.key"
for name in "${hosts[@]}"; do names+=("$name=$(address "$name")"); done
[ $secured = key ] || "$here/../certificates/make.sh" "$out/certificates" "${names[@]}" >/dev/null
umask 022
make_database
sed "s#source: *\(data/\)#source: $(dirname "$job")/\1#" "$job" > "$out/job.yaml"
for name in "${hosts[@]}"; do settings "$name"; supervise "$name" & done

# ---- the undisturbed run, then the others
IFS=$'\t' read -r status wanted whole < <(run undisturbed)
[ "$status" = completed ] || fail "the undisturbed run: wanted completed, got $status; logs are in $out/logs"
echo "undisturbed: $wanted in $whole s"
echo "run,faults,moments,status,same,seconds" > "$out/results.csv"
bad=0
for ((i = 1; i <= runs; i++)); do
  count=$((RANDOM % 2 + 1)); did=; moments=
  run "run-$i" > "$out/answer" & submitted=$!
  for ((k = 0; k < count; k++)); do
    wait_for=$(echo "scale=2; $whole * $((RANDOM % 80 + 5)) / 100 / $count" | bc)
    sleep "$wait_for"; moments+="${moments:+;}$wait_for"
    did+="${did:+;}$(disturb "${kinds[RANDOM % ${#kinds[@]}]}")"
  done
  wait $submitted
  IFS=$'\t' read -r status hash seconds < "$out/answer"
  same=no; [ "$hash" = "$wanted" ] && same=yes
  [ "$status" = completed ] && [ $same = yes ] || bad=$((bad + 1))
  echo "$i,$did,$moments,$status,$same,$seconds" | tee -a "$out/results.csv"
done
echo "$((runs - bad)) of $runs runs completed with the model of the undisturbed one; seconds: $(tail -n +2 "$out/results.csv" | cut -d, -f6 | sort -n |
  awk '{ s[NR] = $1 } END { printf "median %.1f, worst %.1f", s[int((NR + 1) / 2)], s[NR] }'); results and logs: $out"
[ $bad -eq 0 ]
