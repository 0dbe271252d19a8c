#!/usr/bin/env bash
# Makes certificates for a trial: one authority, and one certificate a node that serves as client and server.
#
#   make.sh FOLDER NAME[=ADDRESS[,ADDRESS...]] ...
#
# writes FOLDER/ca.pem, and for each NAME its NAME.pem and NAME.key (readable by the owner alone). An ADDRESS is a host name
# or an IP address that others use for the node; NAME itself, localhost and 127.0.0.1 are always among them. What is there
# already stays, so that nodes can be added later. For real use take the certificates of your own authority instead:
# the key of this one lies unprotected in FOLDER/ca.key.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
folder=$1; shift
days=${DAYS:-90}
umask 077
mkdir -p "$folder"

if [ ! -f "$folder/ca.key" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days "$days" -subj '/CN=Cluster trial authority' \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout "$folder/ca.key" -out "$folder/ca.pem" 2>/dev/null
  chmod 644 "$folder/ca.pem"
fi

for node in "$@"; do
  name=${node%%=*}
  [[ $name =~ ^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$ ]] || { echo "$0: wanted a node's name of letters, digits, '.' and '-', got '$name'" >&2; exit 2; }
  [ ! -f "$folder/$name.pem" ] || { echo "$folder/$name.pem stays"; continue; }
  addresses=$name,localhost,127.0.0.1
  [ "$node" = "$name" ] || addresses+=,${node#*=}
  alternatives=
  for address in ${addresses//,/ }; do
    if [[ $address =~ ^[0-9.]+$|: ]]; then kind=IP; else kind=DNS; fi
    alternatives+=${alternatives:+,}$kind:$address
  done
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$name" \
    -keyout "$folder/$name.key" -out "$folder/$name.csr" 2>/dev/null
  openssl x509 -req -in "$folder/$name.csr" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -CAcreateserial -days "$days" -out "$folder/$name.pem" \
    -extfile <(printf '%s\n' "subjectAltName=$alternatives" 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' \
      'extendedKeyUsage=serverAuth,clientAuth') 2>/dev/null
  rm "$folder/$name.csr"
  chmod 644 "$folder/$name.pem"
  echo "$folder/$name.pem for $alternatives"
done
