# What a trial of a whole cluster on one machine needs, sourced by chaos.sh and detect.sh: hosts made of network namespaces
# (hosts.sh), PostgreSQL on the machine itself, certificates, and two seeds, two coordinators and three workers, each on a
# host of its own and started again when it ends, as a service manager does.
#
# It reads   top, here, out (a folder), programs (may be empty), secured (tls or key), extra (lines for every node's settings)
# It leaves  nothing behind: everything ends with the script that sourced it.

hosts=(seed-1 seed-2 coordinator-1 coordinator-2 worker-1 worker-2 worker-3)
fail() { echo "$(basename "$0"): $*" >&2; exit 1; }
address() { "$here/hosts.sh" address "$1"; }
on() { "$here/hosts.sh" run "$@"; }
signal() { ip netns pids "cluster-$1" | xargs -r kill "-$2" 2>/dev/null; }
now() { date +%s.%3N; }
cluster() { dotnet "$programs/coordinator/cluster.dll" "$@" --connect "$(address seed-1):8081" --token-file "$out/token"; }

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

# ---- the nodes
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
    [ -z "$extra" ] || echo "$extra"
    if [ "$secured" = tls ]; then
      printf 'certificate: %s\ncertificate-key: %s\nauthority: %s\n' "$out/certificates/$name.pem" "$out/certificates/$name.key" "$out/certificates/ca.pem"
    else
      echo "shared-key: $out/cluster.key"
    fi
    case $name in worker-*|coordinator-*) echo "data-roots: [/]" ;; esac      # the jobs are the trial's own
    case $name in
      seed-*) printf 'http: %s:8081\nhttp-token-file: %s\n' "$(address "$name")" "$out/token" ;;
      coordinator-*) printf 'journal-connection: Host=10.77.0.1;Port=5499;Database=cluster;Username=cluster\nruns: %s\n' "$out/runs-$name" ;;
      worker-*) echo "threads: 1" ;;
    esac
  } > "$file"
}
supervise() {      # until $out/over is there; while $out/hold-NAME is there, it stays down
  local name=$1
  while [ ! -e "$out/over" ]; do
    # shellcheck disable=SC2046
    [ -e "$out/hold-$name" ] || on "$name" dotnet $(program "$name") --config "$out/$name.yaml" >> "$out/logs/$name.log" 2>&1
    sleep 0.5
  done
}
start_nodes() {
  local name
  rm -f "$out/over" "$out"/hold-*
  for name in "${hosts[@]}"; do settings "$name"; supervise "$name" & supervisors+=($!); done
}
end_nodes() {
  local name
  touch "$out/over"
  for name in "${hosts[@]}"; do signal "$name" CONT; signal "$name" KILL; done
  wait "${supervisors[@]}" 2>/dev/null
  supervisors=()
}

ready() { curl -fs -m 2 "http://$(address "$1"):8080/health/ready" 2>/dev/null; }
holder() {
  for name in coordinator-1 coordinator-2; do ready $name | jq -e 'select(.duty | test("holds"))' >/dev/null && { echo $name; return; }; done
  echo coordinator-1
}
standby() { [ "$(holder)" = coordinator-1 ] && echo coordinator-2 || echo coordinator-1; }

end_trial() {
  end_nodes
  "$here/hosts.sh" down 2>/dev/null
  database stop -m immediate
}
begin_trial() {
  local tool name role names=()
  supervisors=()
  for tool in ip curl jq openssl bc dotnet; do command -v "$tool" >/dev/null || fail "wanted the command $tool, got none"; done
  database_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
  [ -x "$database_bin/initdb" ] || fail "wanted PostgreSQL's server programs in /usr/lib/postgresql, got none"
  mkdir -p "$out/logs"; chmod 755 "$out"
  if [ -z "$programs" ]; then
    programs=$out/programs
    for role in Seed Worker Coordinator; do
      dotnet publish "$top/Cluster.$role" -c Release -o "$programs/${role,,}" -v q --nologo || fail "Cluster.$role does not build"
    done
  fi
  "$here/hosts.sh" up "${hosts[@]}" || exit 1
  trap end_trial EXIT
  trap 'exit 130' INT TERM HUP
  umask 077
  openssl rand -hex 24 > "$out/token"; openssl rand -hex 32 > "$out/cluster.key"
  for name in "${hosts[@]}"; do names+=("$name=$(address "$name")"); done
  [ "$secured" = key ] || "$here/../certificates/make.sh" "$out/certificates" "${names[@]}" >/dev/null
  umask 022
  make_database
}
