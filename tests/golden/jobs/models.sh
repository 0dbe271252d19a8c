#!/bin/sh
# Writes models.tsv: the settings that shorten each job stay, its model's SHA-256 is that of the command given.
# Usage: models.sh 'dotnet PATH/cluster.dll' FOLDER_OF_DATA_SETS > models.new
set -eu
here=$(cd "$(dirname "$0")" && pwd); jobs=$here/../../../deploy/jobs; work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/state"     # a private job's budget is this list's own
printf '%064d' 0 | tr 0 7 >"$work/secret"
train() { # name, settings, folder
  set -- "$1" "$3" $(printf '%s\n' $2 | sed "s#DATA#$data#;s#START#$work/start/model.cluster#;s#^#--set #")
  name=$1; out=$2; shift 2
  $command train "$jobs/$name.yaml" --workers 2 --out "$out" --privacy-secret-file "$work/secret" --json "$@" 2>>"$work/log" | tail -1 | sed -n 's/.*"model_sha256":"\([0-9a-f]*\)".*/\1/p'
}
command=$1; data=$2
train mnist-low-digits "data.source=DATA/mnist training.epochs=1" "$work/start" >/dev/null
while IFS="$(printf '\t')" read -r name settings _; do
  printf '%s\t%s\t%s\n' "$name" "$settings" "$(train "$name" "$settings" "$work/run-$name" </dev/null)"
  rm -rf "$work/run-$name"
done <"$here/models.tsv"
