# calls.sh, read by shell tests of the command line: a scenario to play with, and somebody else's
# rights.
#
# scenario NAME RUNS: a small scenario of that name, on standard output.
# as_nobody WORD...: the call without the right to read everything.
scenario() {
  cat <<YAML
name: $1
title: A pair of firewalls, "quoted", with commas
duration: 10m
runs: $2
networks:
  hub:
    prefixes: [10.0.0.0/16]
    subnets:
      app: {prefix: 10.0.0.0/24, zone: a, vms: 4}
      fw-a: {prefix: 10.0.1.0/24, zone: a}
      fw-b: {prefix: 10.0.2.0/24, zone: b}
route_servers:
  rs:
    network: hub
    aws:
      asn: 65000
      endpoints: {a1: hub/fw-a, a2: hub/fw-a, b1: hub/fw-b, b2: hub/fw-b}
      propagate_to: [hub/app]
nvas:
  fw-a:
    kind: firewall
    subnet: hub/fw-a
    asn: 65010
    peers: {rs: {keepalive: 10s, hold: 30s}}
    advertise: [{prefix: 192.168.0.0/16}]
  fw-b:
    kind: firewall
    subnet: hub/fw-b
    asn: 65010
    peers: {rs: {keepalive: 10s, hold: 30s}}
    advertise: [{prefix: 192.168.0.0/16, prepend: 2, med: 100}]
sites:
  dc: {prefixes: [192.168.0.0/16], via: [fw-a, fw-b]}
traffic:
  app-to-dc: {from: hub/app, to: dc, flows: 100, rate: 1Gbps}
probes: {curl: {from: hub/app, to: dc, every: 1s}}
events:
  - {at: 60s, fail: fw-a, how: silent}
  - {at: 5m, restore: fw-a}
variants:
  fast: {nvas.*.peers.rs.hold: 9s, nvas.*.peers.rs.keepalive: 3s}
YAML
}
as_nobody() {
  if [ "$(id -u)" -ne 0 ]; then
    "$@"
  elif command -v setpriv >/dev/null; then
    setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
  else
    su -s /bin/sh nobody -c '"$0" "$@"' -- "$@"
  fi
}
