#!/usr/bin/env bash
# Runs the numeric tests and a few short jobs on an emulated arm64 processor, whose vectors are NEON's, and compares the jobs'
# models with those that this machine's own processor makes. All must have the same bits. Says nothing of speed.
#
#   arm64.sh [--tests NAME,NAME...] [--all-tests] [--work DIR]
#
#   --tests NAMES  parts of the names of tests in Cluster.Ml.Tests (default: Numerics.,Randomness.)
#   --all-tests    all of them, which takes ten minutes more on two cores
#   --work DIR     where the emulator, the libraries and the programs go, to be used again (default: a folder under /tmp)
#
# Needs the .NET SDK, Debian's apt-get and jq. The emulator (qemu's user mode) and arm64's C library are fetched as Debian packages and
# unpacked into the folder; nothing is installed, and root is not needed.
set -uo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
work=/tmp/cluster-arm64 names=(Numerics. Randomness.)
while [ $# -gt 0 ]; do
  case $1 in
    --tests) IFS=, read -ra names <<<"${2:?wanted names behind --tests, got nothing}"; shift ;;
    --all-tests) names=() ;;
    --work) work=${2:?wanted a folder behind --work, got nothing}; shift ;;
    *) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift
done
stop() { echo "$1" >&2; exit 1; }
mkdir -p "$work" && work=$(cd "$work" && pwd) || stop "no folder $work"

# Package lists of its own, of both processors, so that those of this machine stay as they are.
fetch() {
  local own; own=$(dpkg --print-architecture)
  mkdir -p "$work"/apt/{state/lists,cache/archives}/partial "$work/packages" "$work/root" "$work/tools"
  : >"$work/apt/status"
  cat >"$work/apt/apt.conf" <<-CONF
	APT::Architecture "$own";
	APT::Architectures { "$own"; "arm64"; };
	APT::Sandbox::User "";
	Dir::State "$work/apt/state";
	Dir::State::status "$work/apt/status";
	Dir::Cache "$work/apt/cache";
	CONF
  export APT_CONFIG=$work/apt/apt.conf
  apt-get update -qq || return
  local openssl=libssl3t64      # as newer releases call it
  apt-cache show "$openssl:arm64" >/dev/null 2>&1 || openssl=libssl3
  (cd "$work/packages" && apt-get download -q qemu-user-static {libc6,libgcc-s1,libstdc++6,"$openssl"}:arm64) || return
  for package in "$work"/packages/*_arm64.deb; do dpkg -x "$package" "$work/root" || return; done
  dpkg -x "$work"/packages/qemu-user-static_*.deb "$work/tools"
}

# The runtime would write code through a second mapping, where the emulator does not see that what it has translated is out of date.
emulated() { DOTNET_EnableWriteXorExecute=0 "$work/tools/usr/bin/qemu-aarch64-static" -L "$work/root" "$@"; }

publish() { dotnet publish "$top/$1" -c Release -v q -nologo "${@:2}" >"$work/publish.log" 2>&1 || { cat "$work/publish.log"; stop "$1 cannot be published"; }; }

echo "== the emulator, and the programs for both processors"
[ -x "$work/tools/usr/bin/qemu-aarch64-static" ] || fetch >"$work/fetch.log" 2>&1 || { tail -5 "$work/fetch.log"; stop "the emulator cannot be fetched"; }
tests=$top/tests/Cluster.Ml.Tests/bin/arm64      # below the repository, where the tests look for their files
publish tests/Cluster.Ml.Tests -r linux-arm64 --self-contained -o "$tests"
publish Cluster.Coordinator -r linux-arm64 --self-contained -o "$work/arm64"
publish Cluster.Coordinator -o "$work/here"
passed=0 failed=0

echo "== tests, emulated"
emulated "$tests/Cluster.Ml.Tests" "${names[@]}" && passed=$((passed + 1)) || failed=$((failed + 1))

# train RUNNER PROGRAM JOB FLAG... - the SHA-256 of the model that the program makes
train() { "$1" "$2" train "${@:3}" --json 2>"$work/train.log" | tail -1 | jq -r '.model_sha256 // empty'; }

# compare JOB FLAG... - the model of one worker here, and of two that are emulated
compare() {
  local job=$1 expected model; shift
  rm -rf "$work/runs"
  expected=$(train command "$work/here/cluster" "$top/deploy/jobs/$job.yaml" "$@" --workers 1 --out "$work/runs/here")
  model=$(train emulated "$work/arm64/cluster" "$top/deploy/jobs/$job.yaml" "$@" --workers 2 --out "$work/runs/arm64")
  if [ -n "$model" ] && [ "$model" = "$expected" ]; then
    echo "same       $job $*: $model"; passed=$((passed + 1))
  else
    cat "$work/train.log"; echo "different  $job $*: wanted ${expected:-a model}, got ${model:-none}"; failed=$((failed + 1))
  fi
}

echo "== jobs, here and emulated"
head -c 20000 "$top/deploy/jobs/data/shakespeare.txt" >"$work/text.txt"
compare diabetes-linear
compare iris-kmeans
compare digits-mlp --set training.epochs=3
compare digits-mlp --set training.epochs=1 --set training.compression=int8
compare digits-cnn --set training.epochs=1
compare digits-lstm --set training.epochs=1
compare digits-vae --set training.epochs=1
compare digits-gan --set training.epochs=1
printf '7%.0s' $(seq 64) >"$work/secret"
compare digits-private --set training.epochs=1 --privacy-secret-file "$work/secret"
compare char-lstm --set training.epochs=1 --set "data.source=$work/text.txt"
compare word2vec --set training.epochs=1 --set "data.source=$work/text.txt"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
