#!/usr/bin/env bash
# Hosts for a trial on one Linux machine: network namespaces on one bridge, each with its own address and a link that can be
# cut. Needs root and iproute2; nothing stays after `down`.
#
#   hosts.sh up NAME...         makes hosts 10.77.0.11, 10.77.0.12, ... in this order; this machine itself is 10.77.0.1
#   hosts.sh address NAME       prints a host's address
#   hosts.sh run NAME CMD...    runs a command on a host
#   hosts.sh cut NAME           takes its link away: nothing reaches it, nothing leaves it, nobody is told
#   hosts.sh heal NAME          gives the link back
#   hosts.sh delay NAME TIME LOSS%   delays and loses what it sends, where the kernel has netem; `delay NAME` ends it
#   hosts.sh down               ends every process on the hosts and removes them
set -euo pipefail
bridge=cluster0
prefix=cluster-

usage() { sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }
namespace() { ip netns list | grep -qE "^$prefix$1( |\$)" || { echo "$0: wanted a host of $(ip netns list | sed -n "s/^$prefix\([^ ]*\).*/\1/p" | xargs), got '$1'" >&2; exit 2; }; echo "$prefix$1"; }
link() { cat "/run/netns-links/$(namespace "$1")"; }

case ${1:-} in
  up)
    shift; [ $# -gt 0 ] || usage
    ip link show "$bridge" >/dev/null 2>&1 && { echo "$0: hosts are up already; 'hosts.sh down' removes them" >&2; exit 1; }
    # An address of its own: else the bridge takes a link's, and changes it when that link is cut, and nobody finds this machine.
    ip link add "$bridge" address 02:00:0a:4d:00:01 type bridge; ip addr add 10.77.0.1/24 dev "$bridge"; ip link set "$bridge" up
    mkdir -p /run/netns-links
    number=10
    for name in "$@"; do
      number=$((number + 1)); host=$prefix$name
      ip netns add "$host"
      ip link add "cl$number" type veth peer name eth0 netns "$host"
      ip link set "cl$number" master "$bridge" up
      ip -n "$host" addr add "10.77.0.$number/24" dev eth0
      ip -n "$host" link set lo up; ip -n "$host" link set eth0 up
      echo "cl$number" > "/run/netns-links/$host"
    done ;;
  address) host=$(namespace "${2:?}"); ip -n "$host" -4 -o addr show eth0 | sed -E 's/.* inet ([0-9.]+).*/\1/' ;;
  run) host=$(namespace "${2:?}"); shift 2; exec ip netns exec "$host" "$@" ;;
  cut) ip link set "$(link "${2:?}")" nomaster ;;
  heal) ip link set "$(link "${2:?}")" master "$bridge" ;;
  delay)
    device=$(link "${2:?}")
    if [ -z "${3:-}" ]; then ip netns exec "$(namespace "$2")" tc qdisc del dev eth0 root; exit; fi
    ip netns exec "$(namespace "$2")" tc qdisc replace dev eth0 root netem delay "$3" loss "${4:-0%}" ||
      { echo "$0: this kernel has no netem: $device keeps its speed" >&2; exit 3; } ;;
  down)
    for host in $(ip netns list | sed -n "s/^\($prefix[^ ]*\).*/\1/p"); do
      ip netns pids "$host" | xargs -r kill -9
      ip netns del "$host"; rm -f "/run/netns-links/$host"
    done
    ip link del "$bridge" 2>/dev/null || true ;;
  *) usage ;;
esac
