#!/bin/bash
# run.sh: small designs whose right answer was known before the program gave it, from facts and from
# people who run such networks. Each line tells what a user asks and what the answer has to hold.
#
#   holds NAME 'TEXT' COMMAND...   exit status 0 and a line with TEXT (a basic regular expression)
#   lacks NAME 'TEXT' COMMAND...   exit status 0 and no such line
#   count NAME N 'TEXT' COMMAND... exit status 0 and N such lines
#   breaks NAME 'TEXT' COMMAND...  exit status 1 and a line with TEXT: an expectation does not hold
#   fails NAME 'TEXT' COMMAND...   exit status 2 and a line with TEXT: refused
#   rows NAME VARIANT EVENT 'COLUMN=VALUE ...'   in each model, of the event's row of failovers.csv
#   right NAME                     `expect` of the file holds
#   within NAME EVENT 'COLUMN LEAST MOST' WORD...  what `run` says of the event in that column lies
#                                  there in every row; with `COLUMN -` the field is empty
# When all lines of a NAME passed, the line "# Facts:" of its file says which facts they hold.
# A command has the file tests/cases/NAME.yaml put behind its first word. With ONLY='NAME...' in the
# environment, the lines of these names only.
set -u
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 1
work=${SCRATCH:-$(mktemp -d)}/cases
mkdir -p "$work" || exit 1
number=0
declare -A seen
. tests/support/facts.sh
. tests/support/verdict.sh

tell() { # tell NAME PROBLEM: one line of this script, and what the call said where there is a problem
  chosen "$1" || return
  number=$((number + 1))
  verdict "case-$1-$number" "${2:+$2
$(cut -c 1-200 "$work/out" | head -n 30 | sed 's/^/| /')}"
  if [ -z "$2" ]; then
    seen[$1]=${seen[$1]:-passed}
  else
    seen[$1]=failed
  fi
}

chosen() { [[ -z ${ONLY:-} || " $ONLY " == *" $1 "* ]]; }

call() { # call NAME COMMAND WORD...: both streams in $work/out, the exit status in $code
  local name=$1 command=$2
  shift 2
  code=0
  : >"$work/out"
  chosen "$name" || return
  "$ROUTESIM" "$command" "tests/cases/$name.yaml" "$@" >"$work/out" 2>&1 </dev/null
  code=$?
}

holds() {
  chosen "$1" || return
  local name=$1 text=$2 problem=
  shift 2
  call "$name" "$@"
  [ $code -eq 0 ] || problem="$*: exit status $code"
  grep -q -- "$text" "$work/out" || problem="$*: no line with: $text"
  tell "$name" "$problem"
}

lacks() {
  chosen "$1" || return
  local name=$1 text=$2 problem=
  shift 2
  call "$name" "$@"
  [ $code -eq 0 ] || problem="$*: exit status $code"
  grep -q -- "$text" "$work/out" && problem="$*: a line with: $text"
  tell "$name" "$problem"
}

count() {
  chosen "$1" || return
  local name=$1 many=$2 text=$3 problem=
  shift 3
  call "$name" "$@"
  [ $code -eq 0 ] || problem="$*: exit status $code"
  [ "$(grep -c -- "$text" "$work/out")" -eq "$many" ] || problem="$*: not $many lines with: $text"
  tell "$name" "$problem"
}

breaks() { # breaks NAME 'TEXT' COMMAND...: exit status 1 and a line with TEXT
  chosen "$1" || return
  local name=$1 text=$2 problem=
  shift 2
  call "$name" "$@"
  [ $code -eq 1 ] || problem="$*: exit status $code"
  grep -q -- "$text" "$work/out" || problem="$*: no line with: $text"
  tell "$name" "$problem"
}

fails() {
  chosen "$1" || return
  local name=$1 text=$2 problem=
  shift 2
  call "$name" "$@"
  [ $code -eq 2 ] || problem="$*: exit status $code"
  grep -q -- "$text" "$work/out" || problem="$*: no line with: $text"
  tell "$name" "$problem"
}

# rows NAME VARIANT EVENT 'COLUMN=VALUE ...': in failovers.csv, in each of the models.
rows() {
  chosen "$1" || return
  local problem
  call "$1" run --format csv --quiet --runs 1
  problem=$(awk -F, -v variant="$2" -v event="$3" -v wanted="$4" '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    $column["variant"] != variant || $column["event"] != event { next }
    { found++
      for (i = split(wanted, wants, " "); i > 0; i--) {
        split(wants[i], want, "=")
        if ($column[want[1]] != want[2])
          print $column["model"] ", event " event ": " want[1] " is " $column[want[1]] ", not " want[2]
      } }
    END { if (!found) print "no row of event " event }' "$work/out")
  [ $code -eq 0 ] || problem="exit status $code"
  tell "$1" "$problem"
}

right() { lacks "$1" 'expect failed' run --runs 1; }

within() {
  chosen "$1" || return
  local name=$1 event=$2 want=$3 problem
  shift 3
  call "$name" run --format csv --quiet "$@"
  problem=$(awk -F, -v event="$event" -v want="$want" '
    BEGIN { split(want, w, " ") }
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == w[1]) c = i; next }
    $6 != event { next }
    { rows++ }
    w[2] == "-" ? $c != "" : $c == "" || $c + 0 < w[2] + 0 || $c + 0 > w[3] + 0 {
      print $2 " " $3 " run " $4 ": " w[1] " is " $c
    }
    END { if (!rows) print "no row of event " event }
  ' "$work/out" | head -n 5)
  [ $code -eq 0 ] || problem="exit status $code"
  tell "$name" "$problem"
}

# carries NAME VARIANT SECOND 'TRAFFIC,DIRECTION,VIA' BITS: what the rows of traffic.csv add up to,
# in each of the models; TRAFFIC and DIRECTION may be `*`.
carries() {
  chosen "$1" || return
  local problem out=$work/carries
  rm -rf "$out"
  call "$1" run --quiet --out "$out"
  problem=$(awk -F, -v variant="$2" -v at="$3" -v want="$4" -v bits="$5" '
    BEGIN { split(want, w, ",") }
    $3 != variant { next }
    { models[$2] += 0 }
    $5 + 0 <= at + 0 && at + 0 < $6 + 0 && (w[1] == "*" || w[1] == $7) &&
      (w[2] == "*" || w[2] == $8) && w[3] == $9 { models[$2] += $11 }
    END { for (m in models) { many++; if (models[m] != bits) print m ": " want " is " models[m] }
          if (!many) print "no rows" }' "$out/traffic.csv")
  [ $code -eq 0 ] || problem="exit status $code"
  tell "$1" "$problem"
}

# From one place to another, as a row of the CSV says: yes, no or partly, and how.
cell() { # cell NAME 'FROM,TO,VERDICT,FORWARD,REVERSE' WORD...
  local name=$1 text=$2
  shift 2
  holds "$name" ",$text" reach --format csv "$@"
}

# ---- Azure's tables (AZ-6.20 to AZ-6.23, AZ-6.26) -------------------------------------------------

right azure-udr-default-spoke-to-spoke
cell azure-udr-default-spoke-to-spoke 'spoke-1/app,spoke-2/app,yes,nva,nva'
right azure-peering-beats-bgp
cell azure-peering-beats-bgp 'spoke-x/w,spoke-y/w,yes,direct,direct'
cell azure-peering-beats-bgp 'spoke-x/w,spoke-y/w,yes,direct,direct' --variant longer
lacks azure-peering-beats-bgp '10.3.0.0.*VirtualNetworkGateway' show spoke-x --at 1s
lacks azure-peering-beats-bgp '10.3.0.0.*VirtualNetworkGateway' show spoke-x --at 1s --variant longer
right azure-range-of-a-vnet-not-served
cell azure-range-of-a-vnet-not-served 'spoke-1/vm,hub-2/vm,yes,nva,nva'
lacks azure-range-of-a-vnet-not-served 'AZ-6.4' check
holds azure-range-of-a-served-vnet 'west/a -> east/a: .*AZ-6.4' reach
holds azure-range-of-a-served-vnet 'west/a -> east/a: .*AZ-6.4' reach --variant equal
right azure-next-hop-not-peered
holds azure-next-hop-not-peered 'warning.*AZ-6.23' check
cell azure-next-hop-not-peered 'a/w,b/w,no,,,next-hop-out-of-reach,a/w,AZ-6.23'
cell azure-public-space-no-peering 'a/w,b/w,no,,,not-on-internet'
right azure-internet-without-translation
cell azure-internet-without-translation 'spoke/app,internet,no,,,not-translated,n,AZ-6.26'
# Two load balancers choose each for itself, one alike for both directions.
cell azure-load-balancer-sandwich 's1/a,s2/a,partly,.*,asymmetric,f.,AZ-10.6'
cell azure-load-balancer-sandwich 's1/a,s2/a,yes,fa or fb or fc,fa or fb or fc' --variant snat
cell azure-load-balancer-sandwich 's1/a,s2/a,yes,fa or fb or fc,fa or fb or fc' --variant one
cell azure-load-balancer-sandwich 's1/a,s2/a,yes,fa or fb or fc,fc or fb or fa' --variant routers
right azure-load-balancer-of-a-cluster
lacks azure-load-balancer-of-a-cluster 'health-check-gave-up' run --trace --quiet
limits=azure-limits-at-the-start
cell $limits 'hub/app,dc,no,.*,AZ-3.11'
cell $limits 'sd,dc,no,.*,AZ-3.11'
cell $limits 'hub/app,sd,yes'
cell $limits 'hub/app,dc,yes' --variant fewer
for end in hub/app sd; do
  cell $limits "dc,$end,no,.*,AZ-3.12" --variant circuit
  cell $limits "$end,dc,no,.*,\(blackhole\|not-announced\),.*,AZ-3.12" --variant circuit
  cell $limits "br,$end,no,.*,AZ-3.13" --variant vpn
  cell $limits "$end,br,no,.*,AZ-3.13" --variant vpn
done
cell $limits 'hub/app,dc,yes' --variant circuit-fewer
cell $limits 'hub/app,br,yes' --variant vpn-fewer
cell $limits 'dc,sd,no,.*,AZ-3.4' --variant appliance
cell $limits 'br,dc,no,,,no-route,br,,' --variant appliance
holds $limits "dvice: too many prefixes keep the session of 'er' with 'c1' down .*AZ-3.11" check
holds $limits "dvice: too many prefixes keep the session of 'vpn' with 'br' down .*AZ-3.13.*'vpn'" check
holds $limits "arning: .* 4001 routes, .*AZ-3.4.*'appliance'" check
lacks $limits 'AZ-3\..*fewer' check
lacks $limits 'session-[a-z]*  *[^ ]*er/' run --trace --quiet # down since long
cell azure-limit-of-a-gateway 'hub/app,dc,no,.*,AZ-3.13'
cell azure-limit-of-a-gateway 'hub/app,dc,no,.*,blackhole,.*,AZ-3.12' --variant circuit
cell azure-limit-of-a-gateway 'hub/app,dc,yes' --variant fewer
holds azure-limit-of-a-gateway "dvice: .* of 'c' with 'dc' .*AZ-3.12.*'circuit'" check
way=azure-way-to-the-route-server
holds $way 'AZ-2.18, AZ-2.19' check
for host in 4 5; do
  holds $way 'AZ-2.18, AZ-2.19' check \
    --set "route_tables.x.routes=[{to: 10.1.9.$host/32, via: none}]"
done
for host in 3 6 9; do # nobody's
  lacks $way 'AZ-2' check --set "route_tables.x.routes=[{to: 10.1.9.$host/32, via: none}]"
done
lacks $way 'AZ-2' check \
  --set 'route_tables.x.routes=[{to: 10.1.0.0/16, via: m}, {to: 10.1.9.0/26, via: local}]'
gateways=route_tables.x.subnets=GatewaySubnet
holds $way 'AZ-2.20' check --set $gateways --set 'route_tables.x.routes=[{to: 10.1.8.0/22, via: n}]'
holds $way 'AZ-2.20' check --set $gateways --set 'route_tables.x.routes=[{to: 10.1.8.0/22, via: none}]'
for host in 4 5; do
  holds $way 'AZ-2.20' check --set $gateways \
    --set "route_tables.x.routes=[{to: 10.1.9.$host/32, via: n}]"
done
for host in 3 6; do
  lacks $way 'AZ-2' check --set $gateways \
    --set "route_tables.x.routes=[{to: 10.1.9.$host/32, via: n}]"
done
lacks $way 'AZ-2' check --set $gateways --set 'route_tables.x.routes=[{to: 10.1.0.0/22, via: n}]'
lacks $way 'AZ-2' check --set $gateways \
  --set 'route_tables.x.routes=[{to: 10.1.8.0/22, via: n}, {to: 10.1.9.0/26, via: local}]'
right azure-way-out-of-a-site
cell azure-way-out-of-a-site 'hub/app,internet,yes' --variant branch
lacks azure-way-out-of-a-site 'AZ-6.26' check
no_default='sites.dc.advertise=[{prefix: 192.168.0.0/16}]'
cell azure-way-out-of-a-site 'hub/app,internet,no,.*,AZ-6.26' --set "$no_default"
holds azure-way-out-of-a-site 'AZ-6.26' check --set "$no_default"
holds azure-no-ipv6 '2001:db8:9::/48 (AZ-1.11)' check
holds azure-no-ipv6 '2001:db8::/32 (AZ-1.11)' check
cell azure-no-ipv6 'hub/app,2001:db8:9::1,no,.*,AZ-1.11' 2001:db8:9::1
lacks azure-no-ipv6 'AZ-1.11' check --set 'nvas.n.advertise=[{prefix: 192.168.0.0/16}]'
# Both clouds keep the first four addresses of a subnet and its last.
right kept-addresses
holds addresses-of-their-own '192.168.1.0/24 .*10.0.1.5 .*fw-a' show # the front end has 10.0.1.4
cell aws-gateway-of-a-full-vpc 'hub/app,s,yes,vpn/0,vpn/0'
holds vip-inside-a-network ':15:.*here 10.0.0.200/32 in that of .hub. (AZ-6.4)' check
holds vip-inside-a-network ':15:.*announces 10.0.0.200/32 inside .*(AWS-5.23' check
holds kept-addresses 'nobody stands at 10.0.2.255: clouds keep' check
lacks kept-addresses 'nobody stands at 10.0.[23].[24]:' check
right own-route-to-none-wins
right announcing-is-not-owning
cell announcing-is-not-owning 'hub/app,s1/app,no,,,loop'

# A tunnel without BGP takes what it was told of, as one with BGP does, by length.
for variant in base static list; do
  cell azure-static-tunnel-by-length 'hub/vm,172.21.0.1,no,,,no-route,s0' --variant "$variant"
  cell azure-static-tunnel-by-length 'br,172.21.0.1,no,,,no-route,s0' --variant "$variant"
  cell azure-static-tunnel-by-length 'br,x,no,,,no-route,s0' --variant "$variant"
  cell azure-static-tunnel-by-length 'hub/vm,8.8.8.8,yes,direct,' --variant "$variant"
done
for variant in public public-static public-list; do
  cell azure-static-tunnel-by-length 'hub/vm,8.8.8.8,yes,vpn/0' --variant $variant
  cell azure-static-tunnel-by-length 'br,8.8.8.8,yes,vpn/0' --variant $variant
done

# Only the peered subnets see each other; what the appliance announces around them enters.
holds azure-subnet-peering '10.2.0.0/24  *VNetPeering' show hub/nva --at 1s
holds azure-subnet-peering '10.2.0.0/16  *VirtualNetworkGateway  *10.1.1.4' show hub/nva --at 1s
lacks azure-subnet-peering 'VNetPeering' show hub/app --at 1s
holds azure-subnet-peering '10.2.0.0/16  *VirtualNetworkGateway  *10.1.1.4' show hub/app --at 1s
holds azure-subnet-peering '10.1.1.0/24  *VNetPeering' show spoke/web --at 1s
lacks azure-subnet-peering '10.1.0.0/16' show spoke/web --at 1s
lacks azure-subnet-peering 'VNetPeering\|VirtualNetworkGateway' show spoke/db --at 1s
cell azure-subnet-peering 'hub/app,spoke/web,yes,n,n'
cell azure-subnet-peering 'hub/app,spoke/db,no,,,peering-refuses\|hub/app,spoke/db,no,,,loop'
cell azure-subnet-peering 'spoke/db,hub/app,no,'
holds azure-subnet-peering '10.2.0.0/24 ' show n --at 1s
lacks azure-subnet-peering '10.2.0.0/16  *10.1.255' show n --at 1s
cell azure-subnet-peering 'spoke/db,hub/app,yes,direct,direct' --variant whole
holds azure-subnet-peering '10.2.0.0/16  *VNetPeering' show hub/app --at 1s --variant whole

# ---- gateways (AZ-6.25, AZ-8.18 to AZ-8.21, AWS-5.26, AWS-5.27, AWS-11.14) -------------------------

right azure-circuit-before-vpn
# AZ-5.13 is about next hops that are nobody's, AZ-5.12 and AZ-6.26 are about appliances; what is not
# there is told with the network that it would lie in.
holds azure-next-hop-is-a-host 'of route table t, 10.0.2.5, is an address of hosts of hub/vm, which pass nothing on$' reach
holds azure-next-hop-is-a-host '10.0.2.4, is an address of hosts of hub/vm, which pass nothing on$' reach 172.20.0.1
holds azure-next-hop-is-a-host "10.0.1.9, is nobody's address (AZ-5.13)$" reach 172.21.0.1
holds azure-next-hop-is-a-host 's1/a -> 10.0.9.9: azure no: no host stands at 10.0.9.9 in hub$' reach 10.0.9.9
holds azure-gateway-and-site-go-round 'packets go round by vpn/0 > dc > vpn/0$' reach
holds azure-gateway-and-site-go-round 'at vpn/0 packets leave for the Internet with the source of another, and nothing comes back$' reach 8.8.8.8

# A VNet has the gateway of another over use_remote_gateway alone.
holds azure-gateway-not-used ":16:.*'s3' does not use.*(AZ-6.8, AZ-6.25)" check
holds azure-gateway-not-used ":17:.*'un' does not use.*(AZ-6.8, AZ-6.25)" check
lacks azure-gateway-not-used ":15:" check
holds azure-gateway-never-used ":18:.*'own' does not use.*nor may it.*(AZ-1.17)" check
holds azure-gateway-never-used ":19:.*'other' does not use.*nor may it.*(AZ-1.17)" check
holds azure-gateway-never-used ":20:.*'spoke' does not use.*; a peering with .use_remote_gateway: on. would" check
cell azure-gateway-not-used 's1/a,dc,yes,vpn/'
cell azure-gateway-not-used 's3/a,dc,no,,,blackhole,s3/a,"AZ-6.8, AZ-6.25"'
cell azure-gateway-not-used 's3/a,dc,no,,,blackhole,s3/a,"AZ-6.8, AZ-6.25"' --at 4m
cell azure-gateway-not-used 'un/a,dc,no,,,blackhole,un/a,"AZ-6.8, AZ-6.25"'
holds azure-gateway-not-used 'route table t3 leads to vpn, a gateway that s3 does not use' reach
cell azure-gateway-not-used 's3/a,dc,yes,vpn/' --variant used
cell azure-circuit-before-vpn 'hub/app,dc,yes,er/0+c1/0 or er/1+c1/1'
cell azure-circuit-before-vpn 'hub/app,dc,yes,vpn/0 or vpn/1' --at 10m
cell azure-preference-beside-exchange 'hub/app,dc,yes,er/'
cell azure-preference-beside-exchange 'hub/app,dc,yes,er/' --variant exchange-off
cell azure-halves-over-vpn-gateway 'onprem,8.8.8.8,no,'
cell azure-halves-over-vpn-gateway 'onprem,8.8.8.8,yes,vpn/.*+nva' --variant halves
for variant in '' er rs; do
  cell azure-forced-tunnelling 'spoke/vm,8.8.8.8,yes,vpn/.*+dc' ${variant:+--variant $variant}
  cell azure-forced-tunnelling 'spoke/vm,dc,yes,vpn/' ${variant:+--variant $variant}
done
for variant in '' er rs rs-nva; do
  cell azure-on-premises-summary 'spoke/vm,dc,yes,vpn/' ${variant:+--variant $variant}
done
right gateway-as-target
cell gateway-as-target 'vpc/app,dc,yes,vgw/' --model azure
cell gateway-as-target 'vpc/app,dc,yes,vgw/' --model aws
right aws-internet-is-the-gateway
cell aws-internet-is-the-gateway 'v/y,internet,yes,igw,igw'
for variant in base lb rs; do # AWS-5.14, AWS-5.15, AWS-5.19
  chosen="--variant $variant"
  [ $variant != base ] || chosen=
  for table in edge v/a; do
    holds aws-written-routes-as-announced '10.0.1.0/24  *\(fw-a\|rs/load-balancer\)' show $table $chosen
    lacks aws-written-routes-as-announced '10.0.1.128' show $table $chosen
  done
  lacks aws-written-routes-as-announced '192.168\|0.0.0.0/0' show edge $chosen
  holds aws-written-routes-as-announced '192.168' show v/a $chosen
done
holds aws-written-routes-as-announced '10.0.0.0/16  *fw-a ' show v/a # AWS-5.20
right aws-routes-for-what-comes-by
lacks aws-routes-for-what-comes-by 'carries nothing.*(under aws)$' check
holds aws-routes-for-what-comes-by "carries nothing.*(in variant 'idle')" check
same_as='have the same AS number, so neither takes'
lacks sites-of-one-as "$same_as.*9.1.2)\( (under [a-z]*)\)*$" check # AWS-8.1, AWS-11.14, AZ-5.4
holds sites-of-one-as "'b1' and 'b2' $same_as.* (under azure) (in variant 'branches')" check
holds sites-of-one-as "'b1' and 'b2' $same_as.*9.1.2) (in variant 'appliance')" check
holds sites-of-one-as "'b3' and 'b4' $same_as.*9.1.2) (in variant 'gateway')" check
lacks sites-of-one-as "$same_as.*in variant.*static" check
holds sites-of-one-as "'b1' and 'b2' $same_as" check --set nvas.n.peers.m={}
right aws-edge-table-of-a-vgw
cell aws-edge-table-of-a-vgw 'dc,vpc/app,yes,vgw/0+fw,fw+vgw/0'
right aws-one-vgw
right aws-static-vpns-apart
cell aws-static-vpns-apart 'b1,b2,no,,,not-announced,b1,AWS-11.14'
cell aws-static-vpns-apart 'b1,b2,no,' --variant watched
cell aws-static-vpns-apart 'office,b1,no,' --variant watched
cell aws-static-vpns-apart 'vpc/app,b2,yes,dx/0+vpn/0' --variant watched
cell aws-static-vpns-apart 'b1,b2,yes,vpn/0,vpn/0' --variant dynamic
right aws-line-before-vpn
holds aws-line-before-vpn '192.168.0.0/16  *dx/0 ' show vpc/app --at 1s
holds aws-line-before-vpn '192.168.0.0/16  *vpn/0 .*(VPN)' show vpc/app --at 5m
holds aws-line-before-vpn '172.16.0.0/13  *vpn/0 .*(static)' show vpc/app --at 1s
holds aws-line-before-vpn '172.16.0.0/13 .*itself .*best .*AWS-11.1' show vpn --at 1s
lacks aws-line-before-vpn 'multipath' show vpn --at 1s
holds aws-line-before-vpn '172.16.0.0/13  *dx/0 ' show vpc/app --at 1s --variant announced
cell aws-line-before-vpn 'b-bgp,dc,yes,vpn/0+dx/0+c1/0,c1/0+dx/0+vpn/0'
lacks aws-line-before-vpn 'AZ-' show --at 1s # each cloud's rules cite its own facts
for variant in '' vpn; do # AWS-5.13
  cell aws-site-announces-a-subnet 'dc,vpc/pub,yes,' ${variant:+--variant $variant}
  cell aws-site-announces-a-subnet 'lab,vpc/pub,yes,' ${variant:+--variant $variant}
  cell aws-site-announces-a-subnet 'vpc/app,dc,yes,' ${variant:+--variant $variant}
done
cell aws-site-announces-a-subnet 'lab,vpc/pub,yes,' --variant whole
right aws-site-announces-a-subnet
cell aws-default-to-a-vgw 'vpc/app,branch,yes,vgw/0'
cell aws-default-to-a-vgw 'vpc/app,dc,yes,vgw/0+dx/0+c1/0'
cell aws-default-to-a-vgw 'vpc/app,internet,no,,,no-route,vgw,AWS-5.26'
holds explain-one-traffic 'were lost because of the event; 1000 sessions broke' explain --traffic t
holds explain-one-traffic '^No flow of v was interrupted' explain --traffic v
lacks explain-one-traffic 'lost\|broke' explain --traffic v
lacks aws-default-to-a-vgw '#' explain
fails azure-circuit-gateway-as-target 'error.*AZ-6.25' check
fails azure-default-udr-on-gatewaysubnet 'error.*AZ-6.24' check
fails azure-remote-gateway-beside-own 'error.*AZ-1.17' check
fails azure-two-remote-gateways 'error.*AZ-1.17' check
holds azure-route-map-documentation-asn ': ok' check
fails azure-route-map-on-remote-peer 'error.*AZ-9.24' check

# What check says of a limited peering is what the tables do.
check_says='never injects.*here'
lacks azure-limited-peering "$check_says 10.1.2.0/24 .*in variant 'inject'" check
holds azure-limited-peering '10.1.2.0/24  *VirtualNetworkGateway' show hub/vm --at 1s --variant inject
for prefix in 10.1.1.0/24 10.1.1.128/25 10.1.1.192/26; do
  holds azure-limited-peering "$check_says $prefix .*in variant 'inject'" check
  lacks azure-limited-peering "$prefix  *VirtualNetworkGateway" show hub/vm --at 1s --variant inject
done
holds azure-limited-peering "$check_says 10.1.2.0/24 .*in variant 'whole'" check
lacks azure-limited-peering '10.1.2.0/24  *VirtualNetworkGateway' show hub/vm --at 1s --variant whole
holds azure-next-hop-left-out ':14:.*the next hop lies in network .hub., in none .*AZ-5.16.*AZ-6.23' check
holds azure-next-hop-left-out "'m' lies in network 'hub', in none .*AZ-5.16.*AZ-6.23" check
holds azure-next-hop-left-out "'n' lies in .* leaves subnet 's1/b' out (AZ-5.16).*AZ-6.23" check
lacks azure-next-hop-left-out ':13:.*AZ-6.23' check
for address in 10.77.0.1 8.8.8.8; do
  holds azure-next-hop-left-out "'$address' lies in no network.*AZ-6.23" check
done
holds azure-next-hop-left-out ':14:.*the next hop lies in no network.*AZ-6.23' check
cell azure-next-hop-left-out 's1/a,y,no,,,next-hop-out-of-reach,s1/a@rs/0,AZ-5.16'
cell azure-next-hop-left-out 's1/b,x,no,,,next-hop-out-of-reach,s1/b@rs/0,AZ-5.16'
cell azure-next-hop-left-out 's1/a,x,yes,n,n'
holds azure-vms-in-gatewaysubnet "warning: VMs stand in GatewaySubnet.*in variant 'five'" check
cell azure-vms-in-gatewaysubnet 'hub/GatewaySubnet,hub/vm,yes' --variant five
lacks azure-vms-in-gatewaysubnet ',hub/GatewaySubnet,' reach --format csv
holds sites-found-by-a-cover "warning.*nobody announces site 'far'" check
holds sites-found-by-a-cover "warning.*nobody announces site 'ghost'" check
for via in igw internet nat none; do
  holds site-that-no-route-leads-to "nobody announces site 'l', and no route" check --set route_tables.a.routes.0.via=$via
done
holds site-that-no-route-leads-to "nobody announces site 'l', and no route" check --set 'route_tables.a.routes=[{to: 172.16.0.0/16, via: p}]'
lacks site-that-no-route-leads-to "nobody announces" check --set route_tables.a.routes.0.via=n
lacks sites-found-by-a-cover "nobody announces site 'branch'" check
lacks sites-found-by-a-cover "nobody announces site 'hq'" check
cell sites-found-by-a-cover 'hub/vm,branch,yes,n,n'
cell sites-found-by-a-cover 'hub/vm,ghost,no'

cell aws-static-tunnel-after-direct-connect 'vpc/app,dc,yes,aa/0+zz/0+c9/0,aa/0'
cell aws-static-tunnel-after-direct-connect 'vpc/app,dc,yes,aa/0+zz/0+c9/0,aa/0' --variant static
for variant in base as; do
  cell aws-transit-site-over-two-vpns 'v1/app,v2/app,yes,g1/0+dc+g2/0,' --variant "$variant"
done
for variant in base asn; do
  cell aws-vpcs-on-one-line 'v1/app,v2/app,no,,,no-route' --variant "$variant"
  cell aws-vpcs-on-one-line 'v1/app,dc,yes,g1/0+c/0,' --variant "$variant"
done
for variant in base other-as list; do
  cell azure-static-site-has-no-as-number 'br,dc,yes,vg/0' --variant "$variant"
  cell azure-static-site-has-no-as-number 'dc,br,yes,c1/0' --variant "$variant"
done
for to in br st so; do
  cell azure-static-routes-off-a-dead-instance "hub/app,$to,yes,vg/1,vg/1" --at 20m
done
lacks static-routes-off-a-dead-gateway 'expect failed' run --runs 20 --quiet
for at in 126s 9m; do # AWS-11.15
  cell static-routes-off-a-dead-gateway 'hub/app,dc,yes,vpn/0' --at $at
  lacks static-routes-off-a-dead-gateway ' 192.168.0.0/16 .*er/[01] ' show hub/app --at $at
done
cell azure-internet-snat-of-public-space 'sp/w,dc,yes,n+er/0'
cell azure-internet-snat-of-public-space 'sp/w,dc,yes,n+er/0' --variant snat
holds aws-line-back-without-a-hole '1: circuit/c1 restore .* 0 s  *0 s  *0 ' run --quiet
cell aws-one-gateway-two-sides 'vpc/app,office,yes,vpn/0+er/0+c1/0,'
cell aws-one-gateway-two-sides 'vpc/db,dc,yes,er/0+vpn/0,'
cell aws-one-gateway-two-sides 'vpc/app,office,yes,er/0+c1/0,' --variant vpn-down --at 5m
cell aws-one-gateway-two-sides 'vpc/db,dc,yes,vpn/0,' --variant line-down --at 5m
lacks aws-one-gateway-two-sides ',dc,office,yes' reach --format csv # AWS-11.14: not by static routes
within aws-side-that-is-not-heard 0 'outage_s 0 92' --runs 10
for variant in base cut silent; do
  cell aws-side-that-is-not-heard 'hub/app,office,yes,vpn/0,vpn/0' --at 300s --variant $variant
done
within aws-side-that-is-not-heard 0 'outage_s 0 15' --runs 10 --set circuits.c1.hold=9s \
  --set circuits.c1.keepalive=3s --set gateways.er.aws.hold=9s --set gateways.er.aws.keepalive=3s

# ---- what kept a session from opening -------------------------------------------------------------

for run in 0 2 4; do
  holds old-session-of-the-far-end 's1 loses its session with dc: TCP reset' explain --run $run
  count old-session-of-the-far-end 1 'over: wait before connecting' explain --run $run
  lacks old-session-of-the-far-end '[1-9][.0-9]* s wait before connecting' explain --run $run
done
holds old-session-of-the-far-end '1.00 s wait before connecting' explain --variant free
lacks old-session-of-the-far-end 'TCP reset' explain --variant free

# ---- every element fails in turn --------------------------------------------------------------------

holds survey-pair 'azure: 1 of 7 elements is a single point of failure: link/dc/fw-a (100 % of flows lost for good)' survey
holds survey-pair 'Of the rest, fw-a costs most' survey
holds survey-pair '^Costs nothing: fw-b, link/dc/fw-b, rs, rs/0, rs/1$' survey
for pair in 'fw-a  *fw-b' 'fw-b  *fw-a' 'fw-a  *link/dc/fw-b' 'link/dc/fw-b  *fw-a' 'rs  *fw-a'; do
  holds survey-pair "^  $pair  *100 %  not over" survey --pairs
done
holds survey-pair '^  link/dc/fw-a  *fw-a  *0 %.* mends$' survey --pairs
count survey-pair 1 'mends$' survey --pairs
holds survey-pair '^Of 42 ordered pairs 6 cost more' survey --pairs
# A flow that both failures of a pair interrupt is one flow.
count survey-pair 13 '^survey-pair,azure,base,.*,[01]\.[0-9]*,0\.000000,' survey --pairs --format csv
holds survey-one-firewall 'azure: 2 of 5 elements are single points of failure: fw (100 % of flows lost for good), link/dc/fw (100 %)\.' survey
holds survey-one-firewall 'aws: 3 of 5 elements are single points of failure: .*, rs (100 %)\.' survey
breaks survey-one-firewall ':19:5: expect failed: outage_p95_s of rs silent under aws is not over before it is restored, at most 20 s$' \
  survey --set 'expect.0.except=[fw, link/dc/fw]'
breaks survey-one-firewall ':20:5: expect failed: lost_for_good_share of fw silent under azure is 1, at most 0$' \
  survey --set 'expect.1.except=[link/dc/fw]'
holds survey-one-firewall ':20:5: note: not judged: nothing was failed in this way, which --how asks for' survey --how crash \
  --set expect.1.how=cut
holds survey-one-firewall ':19:5: note: not judged: it is about a survey: routesim survey judges it$' run

# ---- years of failures -------------------------------------------------------------------------------

for measure in downtime_any downtime_weighted downtime_all; do
  holds campaign-fixed-times ",$measure,min,720.000000,720.000000,720.000000," campaign --years 3 --format csv
done
holds campaign-fixed-times ',nines,nines,2.863323,2.863323,2.863323,' campaign --years 3 --format csv
holds campaign-fixed-times ',failures,failures,12.000000,12.000000,12.000000,' campaign --years 3 --format csv
holds campaign-fixed-times ',worst_outage,s,3600.000000,3600.000000,3600.000000,' campaign --years 3 --format csv
holds campaign-fixed-times 'azure: 720 min of downtime a year, 99.863014 %; 100 % of it by link/dc/fw silent\.' campaign
count campaign-fixed-times 12 'day [0-9]* [0-9:.]*  link/dc/fw fails: silent$' campaign --run 7
holds campaign-fixed-times '^  *day 30 00:00:00.000  link/dc/fw fails: silent$' campaign --run 7
holds campaign-fixed-times '^  *day 360 11:00:00.000  link/dc/fw fails: silent$' campaign --run 7
for method in biased split; do
  fails campaign-fixed-times "--method $method cannot draw link/dc/fw: its time between failures is not exponential; --method plain can" \
    campaign --method $method
done

# The command of the worst year shows that year, drawn in the same way.
if chosen campaign-fixed-times; then
  for method in plain biased split; do
    said=$("$ROUTESIM" campaign tests/golden/campaign-designs.yaml --years 20 --model aws --quiet --method $method |
      sed -n 's/^The worst year of aws: \(.*\) min, `routesim \(.*\)`$/\1|\2/p')
    again=$(eval "\"\$ROUTESIM\" ${said#*|} --quiet" | sed -n 's/^Downtime \(.*\) min, of any.*/\1/p')
    tell campaign-fixed-times "$(grep -qx -- "${said%%|*}" <<<"$again" || echo "$method: $said, and again: $again")"
  done
fi

# ---- what an answer hangs on ---------------------------------------------------------------------------

# Both ends of a trait give what a batch with that setting gives, to the digit.
for end in 'at_low 900ms 12' 'at_high 5600ms 13'; do
  set -- $end
  chosen sensitivity-pair || continue
  moved=$("$ROUTESIM" sensitivity tests/cases/sensitivity-pair.yaml --runs 5 --quiet --format csv |
    grep ',azure,base,.*,route_servers.\*.azure.program,' | cut -d , -f "$3")
  batch=$("$ROUTESIM" batch tests/cases/sensitivity-pair.yaml --runs 5 --quiet --format csv \
    --set "route_servers.*.azure={program: $2}" | grep ',azure,base,0,.*,outage,' | cut -d , -f 13)
  problem=
  [ -n "$moved" ] && [ "$moved" = "$batch" ] || problem="$1: $moved, and a batch gives $batch"
  tell sensitivity-pair "$problem"
done
holds sensitivity-pair '^azure: outage p50 of event 0 is 1[01].[0-9]* s; .* It hangs on route_servers.\*.azure.program' sensitivity
holds sensitivity-pair 'azure.program (900ms to 5600ms: [89].[0-9]* s to 1[34].[0-9]* s)' sensitivity
lacks sensitivity-pair 'joint points are none' sensitivity
holds sensitivity-pair 'nvas.fw-a.boot (set) *10s *200s' sensitivity --measure programmed --event 1
fails sensitivity-pair '--event 7: .* has 2 events, from 0' sensitivity --event 7
fails sensitivity-pair "this scenario has no trait 'azure.programm' that can be moved" sensitivity --range azure.programm=1s..2s
holds sensitivity-pair 'azure.program (2s to 3s: ' sensitivity --range azure.program=2s..3s

# ---- AWS's tables (AWS-4.1, AWS-5.19 to AWS-5.24, AWS-8.6) -----------------------------------------

right aws-internet-reaches-interfaces # AWS-5.21, AWS-5.15
cell aws-internet-reaches-interfaces 'internet,10.9.0.50,yes,igw+n,n+igw'
cell aws-internet-reaches-interfaces 'internet,10.9.1.50,no,,,no-route,dark'
holds aws-internet-reaches-interfaces 'internet -> v/out: .*the way there passes igw, the way back passes it by: it goes vgw/0+dc by your own route 0.0.0.0/0 of route table out$' reach
right aws-source-check-own-packets
cell aws-source-check-own-packets 'v/app,10.255.0.1,no,,,source-dest-check,l'
cell aws-source-check-own-packets 'v/app,172.31.0.1,no,,,source-dest-check,r'
right site-with-a-way-out
for model in azure aws; do
  cell site-with-a-way-out 'hq,internet,yes,direct,direct' --model $model
  cell site-with-a-way-out 'hq,internet,yes,direct,direct' --model $model --variant router
done
right aws-internet-to-another-vpc
cell aws-internet-to-another-vpc 'two/a,internet,no,,,not-translated,igw,AWS-5.21'
cell aws-local-target-replaced 'vpc/app,vpc/db,yes,fw,fw'
cell aws-local-target-replaced 'vpc/app,vpc/db,no,,,next-hop-down,fw' --at 40s
cell aws-refused-by-the-peering 'peerclient/c,172.16.1.1,no,,,peering-refuses,px,AWS-8.6'
cell aws-refused-by-the-peering 'tgwclient/c,172.16.1.1,yes,tgw+n1'
lacks aws-route-reflector 'warning' check
holds aws-routing-database-whole 'in-fib.*n0\|n0.*in-fib' show --at 1s
holds aws-routing-database-whole 'in-rib.*n1\|n1.*in-rib' show --at 1s
# What an entry holds: prefix, path, MED, next hop, endpoint, peer, status, and the table it is in.
entry='192.168.0.0/16  *65001  *0  *10.1.1.4  *rs/e1  *n0  *in-fib  *hub/app  *installed'
holds aws-routing-database-whole "$entry" show --at 1s \
  --set 'route_servers.rs.aws.propagate_to=[hub/app]'
cell aws-static-route-removed 'vpc/app,dc,no,,,next-hop-down,fw-a' --at 299s
cell aws-static-route-removed 'vpc/app,dc,yes,fw-b' --at 306s
cell aws-two-legs-loop 'internet,vpc/app-b,no,,,loop'
cell aws-vgw-preferred 'vpc/app,dc,yes,vgw/0'
cell aws-vgw-preferred 'vpc/app,dc,yes,vgw/0' --at 59s --set start=cold
cell aws-vgw-preferred 'vpc/app,dc,yes,fw-b' --at 10m
cell aws-vgw-preferred 'vpc/app,dc,yes,fw-b' --at 10m --set start=cold
holds aws-endpoints-nobody-peers-with "warning.*'b1'" check
holds aws-endpoints-nobody-peers-with "warning.*'b2'" check

# ---- what the oracle found (tests/oracle) ----------------------------------------------------------

right snat-answer-over-its-element
# Who translates gets the answers, so these need no way to the site or the Internet.
right snat-answer-needs-no-route
holds snat-answer-needs-no-route 'event 0 (link/dc/fw cut): outage 60.0 s' run --runs 1
right snat-from-the-internet # AWS-5.21: in by the gateway of the network, to fw by its edge table
holds snat-from-the-internet 'edge .*10.0.0.0/24  fw ' explain
right azure-snat-from-the-internet # AZ-6.26: in by the appliance's public address
# Of several active appliances the answer picks one by its own hash.
cell azure-internet-inwards 'internet,s1/a,partly,fa or fb,fa or fb,asymmetric,f.,AZ-6.14'
cell azure-internet-inwards 'internet,s1/a,partly,fa or fb,fa or fb,asymmetric,f.,' --variant ilb
cell azure-internet-inwards 'internet,s1/a,partly,fa or fb,fa or fb,' --variant routers
cell azure-internet-inwards 'internet,s1/a,yes,fa,fa' --variant one
cell azure-internet-inwards 'internet,s1/a,yes,fa,fa' --variant standby
cell azure-internet-inwards 'internet,s1/a,yes,fa or fb,fa or fb' --variant all
cell azure-internet-inwards 's1/a,internet,yes,fa or fb,fa or fb'
# In by whatever translates and gets the answers, beside the destination or elsewhere.
cell azure-published-elsewhere 'internet,hub/vm,yes,f,f'
cell azure-published-elsewhere 'internet,s1/a,yes,f,f'
cell azure-published-elsewhere 'internet,s1/b,yes,f,f'
cell azure-published-elsewhere 'internet,x,yes,f,f'
cell azure-published-elsewhere 'internet,far/a,no,,,not-announced,internet,'
cell azure-published-elsewhere 'internet,s1/a,no,,,next-hop-down,f,' --at 40s
cell azure-published-elsewhere 'internet,s1/a,yes,e,e' --variant two
cell azure-published-elsewhere 'internet,s1/a,yes,e,e' --variant two --at 40s
for variant in out dark; do
  cell azure-published-elsewhere 'internet,s1/a,no,,,not-announced,internet,' --variant $variant
done
holds azure-published-elsewhere 'internet -> s1/c: .*on the way back your own route 10.0.1.0/24 of' reach
right snat-not-told # AWS-8.1: what the site was not told of it does not send
right site-way-is-told # RFC 1997: what must not be passed on, what one peer alone is told

# ---- what `check` says under aws -------------------------------------------------------------------

holds aws-check-warnings '(AWS-8.6): `use_remote_gateway`' check
# What check says of a next hop is what the tables do (AWS-4.19).
for line in 20 21 22 23 24; do
  holds aws-next-hops ":$line:.*no network interface of an appliance in 'hub'.*(AWS-4.19, assumed)" check
  holds aws-next-hops "172.20.$((line - 19)).0/24 .*rejected .*(AWS-4.19)" show
done
lacks aws-next-hops ':\(29\|3.\):.*AWS-4.19' check
for number in 1 2 3 4; do
  holds aws-next-hops "172.21.$number.0/24 .*installed" show
done
holds aws-check-warnings 'announces 121 prefixes.*(AWS-9.5)' check
holds aws-check-warnings 'more than the 100 prefixes.*(AWS-9.6)' check
lacks aws-check-warnings 'AWS-5.10' check # its only table takes no routes of gateways
holds aws-check-warnings 'AWS-5.10' check --set route_tables.app.propagate=on
lacks aws-check-warnings 'out of range' check # AWS-2.2: up to 4294967295

right aws-peering-carries-a-site # AWS-8.6: nothing from beyond the VPC
for variant in '' '--variant beside'; do # one answer, with a route server and without
  # shellcheck disable=SC2086 # an empty variant is no word
  cell azure-static-site-and-bgp-sites 'bgp-1,fixed,yes,vpn/0 or vpn/1,vpn/0 or vpn/1' $variant
  # shellcheck disable=SC2086
  cell azure-static-site-and-bgp-sites 'hub/vm,fixed,yes,vpn/0 or vpn/1,vpn/0 or vpn/1' $variant
done
right gateway-as-target-of-what-it-was-not-told
right way-out-over-one-link
right gateway-that-took-nothing # AZ-8.4: what it refused it was not told
right gateway-follows-a-route-inside-its-network
holds aws-kept-out-yet-outranks '30.0.1.0/24  *v1  *active  *Advertisement' show n0/fb --at 1s
lacks vpn-gateway-takes-what-is-inside-a-served-network '10.3.0.0/24' show n2/app --at 1s
right aws-attachment-next-door # AWS-11.3

# ---- BGP speakers (RFC 4271 9.1.2, RFC 1997, D-18, D-19) -------------------------------------------

holds next-hop-unreachable '10.100.0.0/16 .* B  *65002.*best' show dut --at 60s
holds next-hop-unreachable '10.100.0.0/16 .* dut  *65000' show oE --at 60s
holds no-export-subconfed '10.100.0.0/16' show dut --at 60s
lacks no-export-subconfed '10.100.0.0/16' show oE --at 60s
cell nva-own-prefix-to-one-peer 'branch,hub/app,yes,edge,edge'
cell nva-own-prefix-to-one-peer 'branch,hub/app,yes,edge,edge' --variant announce-to-other
for name in route-server sister static clients site dc; do
  sed "s/route-server/$name/" tests/cases/name-must-not-matter.yaml >"$work/named.yaml"
  "$ROUTESIM" reach "$work/named.yaml" --format csv >"$work/out" 2>&1
  problem=
  [ "$(grep -c ',hub/app,dc,yes,' "$work/out")" -eq 2 ] || [ "$name" = dc ] || problem="a circuit called $name"
  tell name-must-not-matter "$problem"
done

for name in er hub t c1 e1 app link zone vpn; do
  sed "s/site: er/site: $name/; s/to: er/to: $name/; s/from: er/from: $name/; s/sites: {er/sites: {$name/" \
    tests/cases/site-named-as-gateway.yaml >"$work/named.yaml"
  problem=
  "$ROUTESIM" run "$work/named.yaml" --format csv --quiet --runs 5 >"$work/out" 2>&1 || problem="exit status $?"
  [ "$(awk -F, '$16 >= 7 && $16 <= 10.001 && $21 == 1500' "$work/out" | wc -l)" -eq 10 ] ||
    problem="$problem a site called $name"
  tell site-named-as-gateway "$problem"
done

# ---- reasons ---------------------------------------------------------------------------------------

holds passive-member 'dc -> internet: .*nobody told dc of a way to' reach
lacks passive-member 'is down\|is a passive member' reach
for model in azure aws; do
  holds passive-is-no-reason 'dc -> lab, lab -> dc: .*fw-b is a passive member of its cluster' reach --model $model
  holds passive-is-no-reason 'dc -> internet: .*nobody told dc of a way to' reach --model $model
  holds passive-is-no-reason 'dc -> lab: .*link/dc/fw-b is down' reach --at 100s --model $model
  holds passive-is-no-reason 'dc -> internet: .*nobody told dc of a way to' reach --at 100s --model $model
done
right aws-peering-beyond-its-vpc # AWS-8.6
holds aws-peering-beyond-its-vpc 'two/b -> three/c: .*: the packets come from outside one' reach
lacks aws-peering-beyond-its-vpc 'limited' reach
lacks reach-names-own-udr 'AZ-6.4' reach
holds reach-names-own-udr 's1/app -> s2/app: .*your own route 10.2.0.0/16 of route table s1 leads to none' reach
# Whoever is named as the reason decides: a route server that has the route, somebody who knew a way.
no_server=aws-reason-no-route-server
cell $no_server 'd1,d4,no,,,no-route,d1,AWS-8.1'
cell $no_server 'd1,d4,no,,,no-route,d1,,' --variant alone
cell $no_server 'd1,internet,no,,,no-route,d1,,'
cell $no_server 'd1,w/x,no,,,no-route,d1,,'
cell $no_server 'd1,d2,yes,n,n'
cell $no_server 'd1,d2,no,,,no-route,d1,,' --variant list
cell $no_server 'd1,d4,no,,,no-route,d1,,' --variant list
cell $no_server 'd4,d1,no,,,no-route,d4,AWS-8.1' --variant list
cell azure-reason-no-route-server 'dc,internet,no,,,no-route,dc,AZ-5.1'
cell azure-reason-no-route-server 'dc,internet,no,,,no-route,dc,,' --variant alone
for model in azure aws; do
  for at in 0s 100s; do
    cell nobody-told-whoever-is-down 'dc,internet,no,,,not-announced,dc' --at $at --model $model
  done
  cell nobody-told-whoever-is-down 'dc,far,yes,n,n' --model $model
  cell nobody-told-whoever-is-down 'dc,far,no,,,next-hop-down,n' --at 100s --model $model
done
lacks reach-names-asymmetry 'AZ-6.14' reach
holds reach-names-asymmetry 'passes fw, the way back passes it by: it goes direct by route 10.1.0.0/16' reach
# AZ-6.14 is about a hash of each direction: one that passes no member of the set has none.
while read -r variant ends rule; do
  [ "$variant" = base ] && variant=
  cell azure-reason-one-sided-choice "$ends,[^,]*,.*asymmetric,f.,$rule," \
    ${variant:+--variant "$variant"}
done <<EOF
base a/w,b/w
base b/w,a/w
base a/w,dc
base dc,a/w
one a/w,b/w
one dc,a/w
equal b/w,dc
equal dc,b/w
hash a/w,b/w AZ-6.14
hash b/w,a/w AZ-6.14
EOF
# AZ-6.8, AZ-6.20: beside a default route of one's own to the Internet that of the hub is of no use.
cell azure-reason-no-help 'b/u,a/w,no,,,blackhole,b/u,AZ-6.6'
cell azure-reason-no-help 'a/w,b/u,no,,,blackhole,b/u,AZ-6.6'
cell azure-reason-no-help 'b/w,a/w,no,,,blackhole,b/w,AZ-6.8'
cell azure-reason-no-help 'a/w,b/w,no,,,blackhole,b/w,AZ-6.8'
cell azure-reason-no-help 'b/u,dc,no,,,blackhole,b/u,AZ-6.8'
cell azure-reason-no-help 'b/w,a/w,yes,n,n' --variant uses
cell azure-reason-no-help 'b/u,a/w,no,,,blackhole,b/u@rs/.,AZ-6.6' --variant uses
# One look-up has one reason, whoever sent the packets there; a gateway's default route is
# offered to a spoke as a route server's is.
for variant in '' rs; do
  for ends in sp/w,sq/w sq/w,sp/w sq/w,dc dc,sq/w; do
    cell azure-reason-transit-off "$ends,no,.*,AZ-6.8," ${variant:+--variant "$variant"}
  done
done
cell azure-reason-transit-off 'sp/w,sq/w,no,.*,AZ-6.8,' --variant summary
cell azure-reason-transit-off 'sq/w,sp/w,no,.*,AZ-6.8,' --variant summary
cell azure-reason-transit-off 'sq/w,sp/w,no,.*,AZ-6.6,' --variant plain
cell azure-reason-transit-off 'sp/w,sq/w,yes' --variant uses
# It is the route server that an appliance peers with that would tell of a network, wherever
# the appliance itself stands.
cell azure-reason-server-elsewhere 'dc,hub/app,no,.*,AZ-6.8,'
cell azure-reason-server-elsewhere 'hub/app,dc,no,.*,AZ-6.8,'
cell azure-reason-server-elsewhere 'dc,hub/app,no,.*,AZ-6.8,' --variant list
cell azure-reason-server-elsewhere 'dc,hub/app,yes,n,n' --variant uses
# A network with a gateway of its own may use no other one's: to turn that on is no remedy.
cell azure-reason-own-gateway 'sp/w,dc,no,.*,AZ-1.17,'
cell azure-reason-own-gateway 'dc,sp/w,no,.*,AZ-1.17,'
cell azure-reason-own-gateway 'sq/w,dc,no,.*,AZ-6.8,'
cell azure-reason-own-gateway 'dc,sq/w,no,.*,AZ-6.8,'
cell azure-reason-own-gateway 'far,hub/app,no,.*,no-route,far,AZ-1.17,'
cell azure-reason-own-gateway 'hub/app,far,no,.*,AZ-1.17,'
between=azure-reason-between-branches
cell $between 'br,br2,no,,,no-route,br,AZ-5.4'
cell $between 'br,dc,no,,,no-route,br,AZ-5.3'
cell $between 'dc,br,no,,,no-route,dc,AZ-5.3'
cell $between 'br,br2,no,,,no-route,br,AZ-4.17' --variant same
cell $between 'dc,br,no,,,no-route,dc,AZ-4.7' --variant marked
cell azure-reason-clients 'hq,p2s,no,,,no-route,hq,AZ-5.5'
cell azure-reason-clients 'p2s,hq,no,,,no-route,p2s,AZ-5.5'
cell azure-reason-clients 'hq,p2s,no,.*,AZ-5.5,' --variant exchange-off
cell azure-reason-clients 'p2s,hq,no,.*,AZ-5.5,' --variant exchange-off
cell azure-reason-clients 'hq,br,yes'
cell azure-reason-one-instance 'hub/vm,x,partly,n,n,blackhole,hub/vm@rs/1,"AZ-2.6, AZ-2.7"'
cell azure-reason-one-instance 'x,hub/vm,partly,n,n,blackhole,hub/vm@rs/1,"AZ-2.6, AZ-2.7"'
cell azure-reason-one-instance 'hub/p,x,no,,,blackhole,hub/p@rs/.,AZ-6.7'
cell azure-reason-one-instance 'x,y,no,,,no-route,x,"AZ-2.6, AZ-2.7"'
cell azure-reason-one-instance 'x,y,yes,n+m,m+n' --variant both
cell azure-reason-one-instance 'x,y,no,,,no-route,x,,' --variant apart
cell azure-reason-one-instance 'hub/vm,x,yes,n,n' --at 59s
cell azure-reason-route-map 'hub/vm,x,no,,,blackhole,hub/vm@rs/0,"AZ-9.18, AZ-9.20"'
cell azure-reason-route-map 'y,x,no,,,no-route,y,"AZ-9.18, AZ-9.20"'
cell azure-reason-route-map 'y,x,no,,,no-route,y,"AZ-9.18, AZ-9.20"' --variant out
cell azure-reason-route-map 'hub/vm,x,yes,n,n' --variant out
cell azure-reason-route-map 'y,x,yes,m+n,n+m' --variant none
cell azure-reason-own-default 'hub/vm,internet,no,,,loop,n > n,AZ-5.11'
cell azure-reason-own-default 'hub/vm,internet,yes,n,n' --variant udr
# What unrelated networks lack is told alike, whichever of them the route server tells of itself.
for to in hub/vm s/a; do
  cell azure-reason-own-default "far/a,$to,no,,,blackhole,far/a,AZ-6.1"
  cell azure-reason-own-default "far/a,$to,no,,,blackhole,far/a,AZ-6.6" --variant none
done
# Answers to what f translates are for f.
holds azure-reason-translated 'x -> s2/a: azure no: nobody told x of a way to 10.2.1.4 (AZ-6.8)$' reach
holds azure-reason-translated 'x -> s1/b.*: on the way back your own route 10.0.1.0/24 of route table b leads to none$' reach
cell azure-reason-translated 'x,s1/a,yes,f,f'
cell azure-reason-translated 'x,s1/b,no,,,not-announced,x,AZ-5.16' --variant limited
cell azure-reason-one-circuit 'h2/vm,br,no,.*,AZ-5.6'
cell azure-reason-one-circuit 'h2/vm,br,no,.*,AZ-6.6' --variant two
cell azure-reason-own-as 'sw/a,se/a,no,.*,AZ-4.15'
cell azure-reason-own-as 'sw/a,se/a,yes' --variant override
while read -r ends rule; do
  cell azure-reason-withheld "$ends,no,.*,$rule,"
done <<EOF
s1/p,s2/a AZ-6.7
s1/p,172.16.5.1 AZ-6.7
s1/p,ghost AZ-6.6
s1/p,172.22.0.1 AZ-6.6
s4/a,s2/a AZ-6.8
s4/a,172.16.5.1 AZ-6.8
s4/a,ghost AZ-6.6
s4/a,172.22.0.1 AZ-6.6
ghost,s4/a AZ-6.8
EOF
# The next hop that the failing flows take, and not the first of the equal ones.
while read -r variant ends hop rule; do
  [ "$variant" = base ] && variant=
  holds azure-reason-equal-hops "^$ends: azure in part via n., else no: .*@rs/0, $hop.*$rule" reach \
    ${variant:+--variant "$variant"}
done <<EOF
base sp/w.->.dc n2,.stands.in.hub,.and.peering.a.with (AZ-5.16)$
nobody hub/app.->.dc 10.1.1.77,.is.nobody's.address (AZ-5.13)$
nobody sp/w.->.dc 10.1.1.77,.is.nobody's.address (AZ-5.13)$
host hub/app.->.dc 10.1.0.4,.is.an.address.of.hosts.of.hub/app on$
host sp/w.->.dc 10.1.0.4,.stands.in.hub,.and.peering.a.with (AZ-5.16)$
far-host hub/app.->.dc 10.2.1.200,.stands.in.far,.with.which.no.peering.joins.hub (AZ-6.23)$
far-host sp/w.->.dc 10.2.1.200,.stands.in.far,.with.which.no.peering.joins.sp (AZ-6.23)$
far-nobody hub/app.->.dc 10.2.2.77,.stands.in.far,.with.which.no.peering.joins.hub (AZ-6.23)$
far-appliance hub/app.->.dc f,.stands.in.far,.with.which.no.peering.joins.hub (AZ-6.23)$
far-first hub/app.->.dc 10.2.1.200,.stands.in.far,.with.which.no.peering.joins.hub (AZ-6.23)$
EOF
holds azure-reason-own-local \
  'a/w -> b/w.* no: your own route 10.2.0.0/16 of route table x leads to what lies in a itself' reach
cell azure-reason-own-local 'a/w,b/w,yes' --variant without
# What is held back from a site, a gateway or a spoke, and what of that would have helped.
while read -r name variant ends rule; do
  [ "$variant" = base ] && variant=
  cell "azure-reason-$name" "$ends,no,.*,$rule," ${variant:+--variant "$variant"}
done <<EOF
default-by-vpn base br,internet AZ-8.4
default-by-vpn base st,internet AZ-8.4
default-by-vpn base cl,internet AZ-8.4
default-by-vpn exchange-off br,internet AZ-8.4
default-by-vpn exchange-off st,internet AZ-8.4
default-by-vpn exchange-off cl,internet AZ-8.4
default-by-vpn exchange-off hq,internet AZ-5.3
default-by-vpn exchange-off hq,br AZ-5.3
default-by-vpn base cl,sq/w AZ-6.8
default-by-vpn base br,sq/w AZ-6.8
default-by-vpn exchange-off cl,sq/w AZ-6.8
default-by-vpn exchange-off br,sq/w AZ-6.8
default-by-vpn base cl,sp/x AZ-5.16
default-by-vpn base br,sp/x AZ-5.16
default-by-vpn exchange-off cl,sp/x AZ-5.16
default-by-vpn exchange-off br,sp/x AZ-5.16
default-by-vpn base sp/x,sq/w AZ-5.16
default-by-vpn base cl,br AZ-5.5
default-by-vpn base cl,hq AZ-5.5
range-in-range base dc,dc2 AZ-5.4
range-in-range base dc2,dc AZ-5.4
range-in-range base hq,br AZ-5.3
range-in-range base br,hq AZ-5.3
other-hub base s/w,b AZ-6.8
other-hub base s/w,ghost AZ-6.6
other-hub swapped s/w,a AZ-6.8
EOF
cell azure-reason-own-ranges 'dc,sp/w,no,.*,AZ-4.15,'
cell azure-reason-own-ranges 'dc,sp/w,yes' --variant override
cell azure-reason-default-by-vpn 'hq,internet,yes,[^,]*+n,n+'
cell azure-reason-range-in-range 'hq,br,yes' --variant exchange
cell azure-reason-range-in-range 'dc,dc2,no,,,not-announced,dc,,' --variant untold
limited=azure-reason-limited-peering
holds $limited 's1/a -> y: .* stands in hub, and peering p1 with it is limited to other subnets (AZ-5.16)' reach
for ends in s1/a,dc s1/a,hub/vm s1/b,x s1/b,dc hub/vm,s1/a dc,s1/a dc,s1/b; do
  cell $limited "$ends,no,.*,AZ-5.16,"
done
while read -r ends rule; do
  cell aws-reason-withheld "$ends,no,,,[a-z-]*,[a-z0-9/]*,\"*$rule[,\"]"
done <<EOF
hub/db,x AWS-1.9
s1/a,x AWS-8.4, AWS-8.6
far/a,x AWS-8.4
x,y AWS-8.1
y,x AWS-8.1
EOF
for ends in hub/db,ghost s1/a,ghost far/a,ghost x,ghost y,ghost; do
  cell aws-reason-withheld "$ends,no,,,[a-z-]*,[a-z0-9/]*,,"
done
right reach-dead-hosts
cell reach-dead-hosts 'hub/app,dc,no,,,host-down,hub/app' --at 100s
for command in run reach explain; do
  holds explain-nobody-there 'no-host' $command
done

# ---- places of a route table (AWS-9.7) ----------------------------------------------------------------

places=aws-places-of-a-table
for at in 0s 90s; do
  count $places 5 ' Advert\| Enable' show vpc/app --at $at
  count $places 3 '172[.]16[.].* Advertisement' show vpc/app --at $at
  count $places 2 '192[.]168[.][01][.].* EnableVgw' show vpc/app --at $at
done
count $places 1 ' Advertisement' show vpc/app --at 170s # q came later than what the gateway has
count $places 3 '192[.]168[.][012][.].* EnableVgw' show vpc/app --at 170s
count $places 3 ' Advert\| Enable' show vpc/app --at 280s
count $places 2 '172[.]15[.].* Advertisement' show vpc/app --at 280s
count $places 3 ' Advertisement' show vpc/app --at 400s
count $places 2 ' EnableVgw' show vpc/app --at 400s
count $places 100 ' EnableVgw' show vpc/db # of a gateway alone, too
count aws-line-and-vpn-share-places 20 ' Advertisement' show vpc/app
count aws-line-and-vpn-share-places 80 ' EnableVgw' show vpc/app
count aws-kept-out-holds-no-place 2 ' Advertisement' show own
holds aws-kept-out-holds-no-place '172[.]16[.]0[.]0/24 .*rejected .*(AWS-9.7)' show r1 --at 100s
holds aws-kept-out-holds-no-place '172[.]16[.]0[.]0/24 .* Advertisement' show own --at 200s
holds aws-winner-needs-a-place '192[.]168[.]0[.]0/24 .*rejected .*(AWS-5.10)' show r1
holds aws-winner-needs-a-place '192[.]168[.]1[.]0/24 .*rejected .*(AWS-9.7)' show r1
holds aws-winner-needs-a-place '192[.]168[.]1[.]0/24 .* Advertisement' show v/app --at 150s
holds aws-winner-needs-a-place '192[.]168[.]1[.]0/24 .* Advertisement' show v/app --at 280s

# ---- equal ways of a virtual private gateway ----------------------------------------------------------

equals=aws-one-tunnel-of-equals
holds $equals '172[.]16[.]0[.]0/12 .* a .*best .*one tunnel' show vpn
count $equals 2 '172[.]16[.]0[.]0/12 .* - *- *$' show vpn
holds $equals '172[.]16[.]0[.]0/12 .* c .*best .*lowest MED' show vpn --variant med
count $equals 2 '192[.]168[.]4[.]0/24 .*best\|192[.]168[.]4[.]0/24 .*multipath' show er

# ---- what is kept out is the reason --------------------------------------------------------------------

while read -r to fact; do
  holds aws-kept-out-is-named "vpc/app -> $to: .*no route of vpc/app leads to .* ($fact)" reach
done <<EOF
s3 AWS-9.5
t1 AWS-9.6
t0 AWS-9.7
EOF
holds aws-kept-out-is-named 'no route of vpc/app leads to 172[.]16[.]3[.]1 (AWS-9.5)' explain
holds aws-places-of-a-table 'vpc/app -> 192[.]168[.]150[.]1: .* (AWS-9.7)' reach 192.168.150.1 # a gateway's
holds aws-nat-lets-nothing-in 'internet -> s1/app: .*nat translates only sessions .*at igw .*(AWS-5.21)' reach
cell aws-nat-lets-nothing-in 's1/app,internet,yes,tgw+nat+igw'

holds aws-reason-route-to-itself '^v/app -> internet: .*203.0.113.1$' reach
holds aws-reason-route-to-itself '^v/db -> internet: .*(AWS-1.9)' reach
holds site-that-only-opens-sessions "nobody announces site 'pb'" check
lacks site-that-only-opens-sessions "nobody announces site 'pa'" check

# ---- power, and hosts that are gone -----------------------------------------------------------------

holds boot-before-forwarding 'event 0 (a silent): outage 220.0 s' run --quiet
for model in azure aws; do # a good answer after the boot (280 s) only: 180 s and more from the event
  holds boot-before-healthy ',1,100.000000,a,restore,\(1[89]\|2\)[0-9]' run --format csv --quiet --model $model
done
for model in azure aws; do
  holds gone-is-not-interrupted 'event 0 .* no outage .*1000 of 1000 flows gone' run --quiet --model $model
  lacks gone-is-not-interrupted 'interrupted' run --quiet --model $model
done
for model in azure aws; do
  holds stopped-while-hosts-are-away ',1,90.000000,.*,420.000000,1,' run --format csv --quiet --model $model
  holds at-one-instant-the-first ',0,60.000000,.*,240.000000,1,' run --format csv --quiet --model $model
  lacks at-one-instant-the-first ',1,60.000000,.*,240.000000,1,' run --format csv --quiet --model $model
  holds choice-goes-to-what-took-the-best ',0,60.000000,fw-a,crash,0.000500,2.000500,2.000500,' \
    run --format csv --quiet --model $model
done
# Of no event more than there are.
for name in counted-once-alternating counted-once-an-event; do
  call $name run --format csv --quiet --runs 20
  problem=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    { flows = $column["flows"]; broken = $column["sessions_broken"]
      some = $column["flows_interrupted"] + $column["flows_gone"] }
    some > flows || broken > flows { print $2 " run " $4 " event " $6 ": " some " stopped, " broken " broken" }
  ' "$work/out" | head -n 5)
  [ $code -eq 0 ] || problem="exit status $code"
  tell $name "$problem"
done
holds gone-counts-once ',0,60.000000,.*,1000,0,[0-9]*,1000,0,[0-9.]*\(,\|$\)' run --format csv --quiet
holds gone-keeps-earlier-outage 'event 0 (a freeze): outage 30.0 s .*1000 of 1000 flows interrupted' run --quiet
holds gone-keeps-earlier-outage '30.0 MB' run --quiet
again=stopped-anew-while-hosts-are-away
for variant in base table; do
  rows $again $variant 0 'outage_s=0.000000 lost_bytes=0 flows_interrupted=0 flows_gone=1000'
  rows $again $variant 1 'outage_s=50.000000 lost_bytes=50000000 flows_interrupted=1000 restored_s=52.000000 restored_by=3'
  rows $again $variant 2 'outage_s=0.000000 lost_bytes=0 flows_interrupted=0'
done
rows $again boot 1 'outage_s=23.000000 lost_bytes=23000000 flows_interrupted=1000 restored_s=52.000000'
broken=way-back-broken-while-hosts-are-away
rows $broken base 0 'outage_s=50.000000 lost_bytes=80000000 flows_interrupted=1000 restored_s=140.000000 restored_by=3'
rows $broken base 1 'outage_s=0.000000 lost_bytes=0 flows_interrupted=0 flows_gone=1000'
rows $broken base 2 'outage_s=0.000000 lost_bytes=0 flows_interrupted=0 flows_gone=0'
for variant in base freeze; do
  rows gone-has-no-outage $variant 0 \
    'outage_s=0.000000 session_outage_s=0.000000 censored=0 lost_bytes=0 flows_interrupted=0 flows_gone=1000 restored_s='
  rows gone-has-no-outage $variant 1 'outage_s=0.000000 lost_bytes=0 flows_interrupted=0'
done
rows gone-has-no-outage freeze 2 'flows_interrupted=1000 censored=1'
rows gone-to-who-took-the-hosts base 0 'outage_s=20.000000 lost_bytes=20000000 flows_interrupted=1000 flows_gone=0'
rows gone-to-who-took-the-hosts base 1 'outage_s=0.000000 flows_interrupted=0 flows_gone=1000'
rows restored-when-all-pass-again base 0 'outage_s=30.000000 restored_s=90.000000 restored_by=4 censored=0'
rows restored-when-all-pass-again away 0 'outage_s=30.000000 restored_s= restored_by= censored=0'
fails connect-retry-zero 'error: .*connect_retry' check
for variant in base by-name; do
  rows backends-of-a-zone $variant 0 'outage_s=94.111478 restored_by=1'
done
rows backends-of-a-zone nested 0 'outage_s=94.111478 restored_by=1'
rows backends-of-a-zone cut 0 'outage_s=44.111478 restored_by=1'
rows backends-of-a-zone crash 0 'outage_s=0.000000'
for variant in base cut; do
  rows thaw-breaks-no-sessions $variant 0 'outage_s=0.000000 sessions_broken=0'
  rows thaw-breaks-no-sessions $variant 1 'restored_by=2 sessions_broken=1000'
  rows thaw-breaks-no-sessions $variant 2 'outage_s=0.000000 sessions_broken=0'
done
rows thaw-breaks-no-sessions holder 0 'outage_s=15.000000 restored_by=2 sessions_broken=0'
rows thaw-breaks-no-sessions holder 2 'sessions_broken=0'
holds forwards-without-power "yaml:18:47: warning: 'forwards' does nothing here" check
count forwards-without-power 1 "'forwards' does nothing here" check --set events.0.forwards=5s
count forwards-without-power 1 "'forwards' does nothing here" check \
  --set 'events=[{at: 60s, flap: a, how: silent, forwards: on, down: 9s, up: 9s, times: 5}]'
lacks forwards-without-power "'forwards' does nothing" check --set events.0.forwards=off
for how in cut crash freeze isolate; do
  lacks forwards-without-power "'forwards' does nothing" check --set events.0.how=$how
done
holds basis-of-a-dead-endpoint 'of it assumed' run --quiet
lacks basis-of-a-dead-endpoint 'documented' run --quiet

# ---- sessions of flows ------------------------------------------------------------------------------

ended=session-outage-ends-with-the-flows
rows $ended base 0 'outage_s=1.000500 session_outage_s=2.000000 sessions_broken=1000 flows_gone=0'
rows $ended end 0 'outage_s=1.000500 session_outage_s=4.000000 censored=0'
for model in azure aws; do
  holds $ended ",$model,end,0,.*,session_outage,s,1,1,1," compare --format csv --quiet --runs 1
  holds $ended ",$model,base,0,.*,session_outage,s,1,1,0," compare --format csv --quiet --runs 1
  holds $ended ",$model,end,0,.*,outage,s,1,1,0,1.000500" compare --format csv --quiet --runs 1
done

# ---- because of what (design, decision 17) ----------------------------------------------------------

# In every run only this event has an outage.
blamed() { # blamed NAME VARIANT EVENT RUNS WORD...
  local name=$1 variant=$2 event=$3 runs=$4
  shift 4
  call "$name" run --format csv --quiet --runs "$runs" "$@"
  local problem
  problem=$(awk -F, -v event="$event" -v runs="$runs" -v variant="$variant" '
    NR > 1 && $3 != "" && $3 != variant { next }
    NR > 1 && $3 == "" && variant != "base" { next }
    NR > 1 && $16 > 0 { if ($6 == event) has[$2]++; else print "run " $4 ": event " $6 " has an outage" }
    NR > 1 { models[$2] }
    END { for (model in models) if (has[model] != runs) print model ": " has[model] + 0 " runs" }
  ' "$work/out")
  [ $code -eq 0 ] || problem="exit status $code"
  tell "$name" "$problem"
}
blamed cause-delay-kills-session base 0 20
holds cause-delay-kills-session 'outage 5[89].[0-9] s .*(detected after [67].' run --quiet --runs 20
blamed cause-overlapping-isolation base 1 60
blamed cause-second-impairment base 1 60
for case in two-delays-0 small-delay-1 small-loss-1 healed-cut-1 isolated-then-dead-0 \
  dead-behind-isolation-1 forgotten-1 frozen-between-0 late-then-isolated-0 standing-delay-1 nobody-there-0 \
  third-failure-1 borne-delay-then-loss-1 borne-delay-then-more-1 late-and-lost-0; do
  blamed cause-kinds $case "${case##*-}" 20
done
call cause-data-plane-event run --format csv --quiet --runs 60
problem=$(awk -F, 'NR > 1 && $6 == 2 && $16 > 0 { print "run " $4 ": the unfreezing has an outage" }' "$work/out")
[ $code -eq 0 ] || problem="exit status $code"
tell cause-data-plane-event "$problem"

# In the first intervals of a session both draw the same, so that they agree to the byte.
for at in 28s 45s; do
  call lazy-equals-packet-after-start run --format csv --quiet --runs 200 --set events.0.at=$at --liveness packet
  cp "$work/out" "$work/packet"
  call lazy-equals-packet-after-start run --format csv --quiet --runs 200 --set events.0.at=$at --liveness lazy
  problem=$(cmp "$work/out" "$work/packet" 2>&1)
  [ $code -eq 0 ] || problem="exit status $code"
  tell lazy-equals-packet-after-start "$problem"
done

for model in aws azure; do
  call lazy-equals-packet-behind-late-segments run --format csv --quiet --runs 40 --model $model --liveness packet
  cp "$work/out" "$work/packet"
  call lazy-equals-packet-behind-late-segments run --format csv --quiet --runs 40 --model $model --liveness lazy
  problem=$(cmp "$work/out" "$work/packet" 2>&1)
  [ $code -eq 0 ] || problem="exit status $code"
  tell lazy-equals-packet-behind-late-segments "$problem"
done

# At 1 MB a second, all that is lost is lost in one outage.
for delay in 2s 900ms; do
  call bfd-comes-back-over-a-long-way run --format csv --quiet --runs 20 --model aws --set events.0.delay=$delay
  problem=$(awk -F, 'NR > 1 && ($16 < 1 || $16 > 20 || $19 > 1e6 * $16 + 1) { print "run " $4 ": " $16 " s, " $19 " bytes" }' "$work/out")
  [ $code -eq 0 ] || problem="exit status $code"
  tell bfd-comes-back-over-a-long-way "$problem"
done

for run in 0 1 2 3 4 5 6 7 8 9; do
  call cause-of-an-end-that-gave-up-early run --trace --quiet --run $run
  problem=$(grep 'session-down' "$work/out" | grep ' -  hold' | head -n 1)
  [ $code -eq 0 ] || problem="exit status $code"
  tell cause-of-an-end-that-gave-up-early "$problem"
done

holds session-closed-before-a-restart ' 128[.]000500 *bgp-session-down *rs/' run --quiet --trace
holds session-closed-before-a-restart ' 128[.]7[0-9]* *bgp-session-up *rs/' run --quiet --trace

holds session-outage-over-two-events '0: a shutdown .* 1.00 s .* 15.0 s ' run --quiet
holds fail-back-counts-anew ',3,105.000000,fw-a,restore,[0-9.]*,,70[.][0-9]*,70[.]' run --format csv --quiet
lacks fail-back-counts-anew ',1,65.000000,fw-a,restore,[0-9.]*,,70[.]' run --format csv --quiet
count fail-back-both-returned 4 'table-changed' run --quiet --trace
holds fail-back-both-returned ' 70[.]8[0-9]* *table-changed' run --quiet --trace
holds fail-back-both-returned ' 142[.][0-9]* *table-changed' run --quiet --trace
for start in converged cold; do
  holds fail-back-after-the-standby-flapped ' 90[.]000500 *table-changed' run --quiet --trace --set start=$start
  holds fail-back-after-the-standby-flapped ' 171[.][0-9]* *table-changed' run --quiet --trace --set start=$start
  lacks fail-back-after-the-standby-flapped ' 1[0-5][0-9][.][0-9]* *table-changed' run --quiet --trace --set start=$start
done
# Cold, fw-b is the first and in use from 1 s on; fw-a comes at 5 s and waits its 70 s.
holds fail-back-after-the-standby-flapped ' 75[.][0-9]* *table-changed' \
  run --quiet --trace --set start=cold --set nvas.fw-a.establish=5s --set events.0.at=20s --set events.1.at=21s
lacks fail-back-after-the-standby-flapped ' [2-6][0-9]*[.][0-9]* *table-changed' \
  run --quiet --trace --set start=cold --set nvas.fw-a.establish=5s --set events.0.at=80s --set events.1.at=81s
count fail-back-two-endpoints 0 'table-changed' run --quiet --trace
for variant in base withdraw back-early; do
  rows takeover-goes-on $variant 0 'outage_s=0.000000 flows_moved=0 sessions_broken=0 programmed_s='
  rows takeover-goes-on $variant 1 'outage_s=20.000000 sessions_broken=1000 programmed_s=20.000000'
done
while read -r how least most earliest latest; do
  within alarm-of-a-dead-end 0 "alarm_s $least $most" --model aws --runs 5 --set events.0.how=$how
  within alarm-of-a-dead-end 0 "alarm_s $earliest $latest" --model azure --runs 5 --set events.0.how=$how
  for bfd in '' ', bfd: {interval: 300ms}'; do
    : >"$work/log"
    call alarm-of-a-dead-end run --quiet --model aws --peer-log "$work/log" --set events.0.how=$how \
      --set "nvas.a.peers.rs={hold: 9s, keepalive: 3s$bfd}"
    [ $code -eq 0 ] && problem= || problem="$how: exit status $code"
    cp "$work/log" "$work/out"
    [ "$(grep -c '"type": "BGPStatus", "status": "DOWN", "endpoint": "rs/e1"' "$work/log")" = 1 ] ||
      problem="$how: not one BGPStatus DOWN in the peer log"
    # A crash of the BGP process leaves BFD alone.
    [[ -z $bfd || $how == crash ]] || grep -q '"type": "BFDStatus", "status": "DOWN"' "$work/log" ||
      problem="$how: no BFDStatus DOWN in the peer log"
    tell alarm-of-a-dead-end "$problem"
  done
done <<'KINDS'
crash 0 0 0 300
shutdown 0 0 0 300
drain 30 30 30 330
silent 6 9 0 300
cut 6 9 6 309
isolate 6 9 6 309
KINDS
lacks aws-own-limits-reached '(AWS-[129]\.' check
while read -r limit fact; do
  "$ROUTESIM" check tests/cases/aws-own-limits-reached.yaml --set "route_servers.rs.aws.limits.$limit" >"$work/out" 2>&1
  [ "$(grep -c "$fact" "$work/out")" -ge 1 ] && problem= || problem="$limit: no word of $fact"
  tell aws-own-limits-reached "$problem"
done <<'LIMITS'
endpoints=2 error: .*(AWS-9.2)
endpoints_per_subnet=1 error: .*(AWS-9.3)
sessions_per_interface=2 error: 'fw-a' has 3 sessions.*(AWS-9.4)
routes_per_peer=1 warning: 'fw-b' announces 2 prefixes.*(AWS-9.5)
fib_routes=2 warning: .*the 2 prefixes.*(AWS-9.6)
route_servers=1 error: .*(AWS-9.1)
static_routes=1 error: .*at most 1 static IPv4 routes (AWS-9.8)
LIMITS
holds aws-too-many-announcers 'yaml:13:89: warning: 40 peers announce 10.9.0.0/16: at most 32 may.*(AWS-9.11)' check
count aws-too-many-announcers 1 'AWS-9.11' check
lacks aws-too-many-announcers 'AWS-9.11' check --set 'nvas.fw-d.advertise=[{prefix: 10.8.0.0/16}]'
for name in a b c; do
  count aws-multipath-over-endpoints 1 "192.168.0.0/16 *fw-$name" show hub/app
done
right azure-one-instance-is-left
# No word that a user may choose for a thing is one of ours.
holds appliance-called-direct '^hub/other -> dc: azure via direct; aws no' reach
holds appliance-called-direct '^hub/other -> internet: azure direct; aws no' reach
holds moved-to-an-appliance-called-direct ' 1000 of 1000 flows moved' run --quiet
right set-routes-in-both-clouds
holds set-routes-in-both-clouds ': ok (2 models' check
holds set-routes-in-both-clouds 'fw-a' show app --at 59s
lacks set-routes-in-both-clouds 'fw-b\|10.0.1.5' show app --at 59s
for model in azure aws; do
  holds set-routes-in-both-clouds '172.20.0.0/16' show app --at 59s --model $model
  lacks set-routes-in-both-clouds '172.20.0.0/16' show app --at 61s --model $model
done
lacks set-routes-in-both-clouds 'User\|CreateRoute$' show app --at 130s
for model in azure aws; do
  holds set-routes-in-both-clouds "$model.*hub/app,dc,yes,fw-a,fw-a" reach --at 59s --format csv --model $model
  holds set-routes-in-both-clouds "$model.*hub/app,dc,yes,fw-b,fw-b" reach --at 60s --format csv --model $model
  holds set-routes-in-both-clouds "$model.*hub/app,dc,no," reach --at 120s --format csv --model $model
  holds set-routes-in-both-clouds "$model.*hub/app,dc,yes,fw-a,fw-a" reach --at 151s --format csv --model $model
done
# Of the models that a file names, --model asks one; of others none.
for command in run compare reach show 'explain --event 1'; do
  quiet=; case $command in run | compare) quiet='--quiet --runs 1' ;; esac
  # shellcheck disable=SC2086 # words
  {
    lacks set-routes-in-both-clouds 'azure' $command --model aws $quiet
    holds set-routes-in-both-clouds 'aws' $command --model aws $quiet
    lacks set-routes-in-both-clouds 'aws' $command --model azure $quiet
    holds set-routes-in-both-clouds 'azure' $command --model azure $quiet
    fails table-of-two-zones 'names* the model azure' $command --model azure
  }
done
right bfd-after-a-repair
# What a table of one zone follows is that zone's appliance.
cell table-of-two-zones 'hub/app-a,dc,yes,fw-a or fw-b,fw-a or fw-b'
cell table-of-two-zones 'hub/app-b,dc,yes,fw-a or fw-b,fw-a or fw-b'
cell table-of-two-zones 'hub/only,dc,yes,fw-a,fw-a'
cell table-of-two-zones 'hub/only-b,dc,yes,fw-b,fw-b'
for wait in 1m 5m '{uniform: [1m, 5m]}' on off; do
  holds aws-persist-limits ': ok' check --set "route_servers.rs.aws.persist_routes=$wait"
done
for wait in 59999ms 300001ms '{uniform: [59s, 2m]}' '{uniform: [2m, 301s]}'; do
  fails aws-persist-limits 'error: persist_routes is off, or from 1m to 5m (AWS-6.10)' check --set "route_servers.rs.aws.persist_routes=$wait"
done

# ---- what a session tells first ----------------------------------------------------------------------

holds instance-back-frr '1: rs/0 restore .* 0 s  *-$' run --quiet
holds instance-back-no-detour '1: rs/0 restore .* 0 s  *-$' run --quiet
lacks instance-back-no-detour 'broken\|moved' run --quiet
for measure in 'sessions_broken 0 0' 'flows_moved 0 0' 'programmed_s -'; do # nothing to program
  within instance-back-no-detour 1 "$measure" --runs 20
  within instance-back-equal-paths 1 "$measure" --runs 20
  within instance-back-frr 1 "$measure" --runs 20
done
within instance-back-equal-paths 2 'outage_s 1 1.001' --runs 20
within instance-back-empty 3 'outage_s 0 0' --runs 10
within instance-back-need-not-wait 4 'flows_interrupted 500 500' --runs 10
call update-delay-once-a-start run --trace --quiet # both instances hear of the routes at one time
problem=
[ "$(awk '$5 == "route-announced" && $7 == "a" && $4 > 125 {print $4}' "$work/out" | wc -l)" -eq 2 ] &&
  [ "$(awk '$5 == "route-announced" && $7 == "a" && $4 > 125 {print $4}' "$work/out" | sort -u | wc -l)" -eq 1 ] ||
  problem='one draw for both sessions'
tell update-delay-once-a-start "$problem"

# ---- what the rows say ---------------------------------------------------------------------------

within withdrawn-after-an-instance-was-lost 1 'withdrawn_s 0 9.1' --runs 10
if chosen failure-repairs-nothing; then
  call failure-repairs-nothing run --format csv --quiet --runs 20
  problem=$(awk -F, 'NR > 1 && $15 ~ /[02468]$/ { print "run " $4 ": by " $15 }' "$work/out" | head -n 5)
  tell failure-repairs-nothing "$problem"
fi
holds set-and-lists-of-their-own "what 'r1' tells 'rs' does not change: it has a list of its own" check
holds set-and-lists-of-their-own "what 'r2' tells 'rs/e1' does not change: it has a list of its own" \
  check --set 'events.*.set=nvas.r2.advertise' --set 'models=[aws]'
lacks set-and-lists-of-their-own 'does not change' check --set 'events.*.set=nvas.r2.advertise' \
  --set 'models=[azure]'
lacks set-and-lists-of-their-own 'does not change' check --set 'events.*.set=nvas.r3.advertise'
rows set-and-lists-of-their-own base 0 'flows_moved=0 detected_s= outage_s=0.000000'
holds set-and-lists-of-their-own '60[.]0005.*route-withdrawn .*r3' run --trace --quiet --set 'events.*.set=nvas.r3.advertise'
lacks event-drawn-behind-the-end 'expect failed' run --runs 40 --quiet
holds event-drawn-behind-the-end 'in about 67% of the runs the event never happens' check
if chosen event-drawn-behind-the-end; then # either all of a row is there, or nothing behind the event
  call event-drawn-behind-the-end run --format csv --quiet --runs 40
  problem=$(awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^(outage_s|censored|flows|lost_bytes)$/) c[i] = $i; next }
    $7 == "" { never++; for (i = 10; i <= NF; i++) if ($i != "") print "run " $4 ": field " i " is " $i }
    $7 != "" { for (i in c) if ($i == "") print "run " $4 ": " c[i] " is empty" }
    $7 >= 600 { print "run " $4 ": at " $7 }
    END { if (never < 10 || never > 30) print never " of 40 never happened" }' "$work/out" | head -n 5)
  tell event-drawn-behind-the-end "$problem"
  holds event-drawn-behind-the-end ' of 1[0-9] runs (in 2[0-9] more it never happened)' run --runs 40 --quiet
fi
holds event-drawn-behind-the-end 'It never happened' explain --run 1
holds event-drawn-behind-the-end 'Why a goes its way at the start' explain --run 1
holds event-drawn-behind-the-end 'event 0 (r1 silent): never happened' run --run 1 --quiet --set 'expect=[]'
for at in '{uniform: [600s, 720s]}' '{table: [10m, 11m]}' 10m 601s; do
  fails event-drawn-behind-the-end 'error: the event .* the end of the run' check --set "events.0.at=$at"
done
for at in '{uniform: [500s, 599s]}' '{lognormal: {median: 60s, p95: 90s}}' '{table: [9m, 599999ms]}' 599999ms; do
  lacks event-drawn-behind-the-end 'the end of the run' check --set "events.0.at=$at"
done
within event-drawn-behind-the-end 0 'sessions_broken 100 100' --set events.0.at=599999ms --set 'expect=[]'
within event-drawn-behind-the-end 0 'censored 1 1' --set events.0.at=599999ms --set 'expect=[]'
for pair in '0 1' '2 3' '4 6' '5 6'; do # failure and restoration
  rows mended-before-the-session-was-lost base "${pair% *}" "restored_by=${pair#* }"
  within mended-before-the-session-was-lost "${pair% *}" "restored_by ${pair#* } ${pair#* }" --runs 20
  within mended-before-the-session-was-lost "${pair#* }" 'detected_s 0.5 25' --runs 20
done
# A worse path for a while, over before the far ends found out, is not what brought the session back.
for worse in 'delay: 5ms, for: 4s' 'loss: 1%, for: 3s'; do
  within mended-before-the-session-was-lost 0 'restored_by 1 1' --runs 10 --set \
    "events=[{at: 60s, fail: r1, how: silent},{at: 70s, restore: r1},{at: 71s, impair: [r1, rs], $worse}]"
done
holds mended-before-the-session-was-lost \
  'Of it 28[.]0 s 30 s change interval (measured), 2[.]00 s programming of NICs (set)[.]' \
  explain --model azure --event 0
holds mended-before-the-session-was-lost \
  'Of it 106 ms wait .*, 27[.]9 s 30 s change interval (measured), 2[.]00 s' \
  explain --model azure --event 5
holds mended-before-the-session-was-lost 'Of it 60[.]0 s until event 3, 2[.]38 s wait before' \
  explain --model azure --event 2
for model in azure aws; do
  count power-lost-while-it-boots 1 'process-started  *a ' run --trace --quiet --model $model
  holds power-lost-while-it-boots '122[.]000000  *process-started' run --trace --quiet --model $model
  for run in 0 1 2 3; do # each boot takes as long as it will: the last one counts, from 92 s on
    call power-lost-while-it-boots run --trace --quiet --model $model --run $run \
      --set 'nvas.a.boot={table: [8s, 60s]}'
    problem=$(awk '/process-started/ && $4 !~ /^(72|86|100|152)[.]0/ { print "starts at " $4 " s" }' "$work/out")
    tell power-lost-while-it-boots "$problem"
  done
done

# ---- what fails with what ------------------------------------------------------------------------

# The standby comes 60 s after the first failure, and the session opens anew behind it.
standby='azure-standby-empty-of-state 0'
for how in silent cut; do
  within $standby 'outage_s 61.8 127' --runs 10 --set "events.0.how=$how"
  within $standby 'outage_s 61.8 127' --runs 10 \
    --set "events=[{at: 1m, fail: vpn/0, how: $how}, {at: 1m, fail: vpn/0, how: $how}]"
  within $standby 'outage_s 61.8 127' --runs 10 \
    --set "events=[{at: 1m, fail: vpn/0, how: $how}, {at: 70s, fail: vpn/0, how: crash}, {at: 200s, restore: vpn/0}]"
done
within $standby 'outage_s 61.8 127' --runs 10 \
  --set 'events=[{at: 1m, fail: vpn/0}, {at: 119s, restore: vpn/0}]'
# Back before the standby comes: a cut leaves the session alive, a boot of 10 s ends sooner.
within $standby 'outage_s 10 10' --runs 10 \
  --set 'events=[{at: 1m, fail: vpn/0, how: cut}, {at: 70s, restore: vpn/0}]'
lacks azure-standby-empty-of-state standby-works run --trace --quiet \
  --set 'events=[{at: 1m, fail: vpn/0}, {at: 70s, restore: vpn/0}]' \
  --set gateways.vpn.azure.boot=10s
# The one that failed is the standby of the next failure, once it is repaired and has booted.
within azure-standby-empty-of-state 2 'outage_s 61.8 127' --runs 10 \
  --set 'events=[{at: 1m, fail: vpn/0}, {at: 119s, restore: vpn/0}, {at: 5m, fail: vpn/0}]'
count azure-standby-empty-of-state 1 standby-works run --trace --quiet \
  --set 'events=[{at: 1m, fail: vpn/0}, {at: 119s, restore: vpn/0}, {at: 150s, fail: vpn/0}]'
count azure-standby-empty-of-state 1 standby-works run --trace --quiet \
  --set 'events=[{at: 1m, fail: vpn/0}, {at: 5m, fail: vpn/0}]'

for how in silent cut; do
  within zone-cut-off-with-its-hosts 0 'flows_gone 150 150' --set "events.0.how=$how"
  within zone-cut-off-with-its-hosts 0 'flows_interrupted 0 0' --set "events.0.how=$how"
done
for how in crash shutdown drain isolate; do
  within zone-cut-off-with-its-hosts 0 'flows_gone 0 0' --set "events.0.how=$how"
done
cell zone-cut-off-with-its-hosts 'hub/a,hub/b,no,' --at 61s
cell zone-cut-off-with-its-hosts 'hub/b,hub/a,no,' --at 61s
cell zone-cut-off-with-its-hosts 'hub/a,hub/b,yes,' --at 121s

cell azure-nat-gateway-named-by-a-route 'hub/app,internet,yes,'
cell azure-nat-gateway-named-by-a-route 'hub/app,internet,no,' --at 61s
holds azure-nat-gateway-named-by-a-route '  User .* 0.0.0.0/0 *Internet' show --at 0s
holds azure-nat-gateway-named-by-a-route 'leads to the Internet' check

# Who reaches no NIC programs none, and the other instance programs all.
cut='azure-instance-cut-off-from-its-nics'
for how in cut isolate silent crash; do
  within $cut 0 'outage_s 0 0' --runs 10 --set "events.0.how=$how"
  within $cut 0 'programmed_s -' --runs 10 --set "events.0.how=$how"
  within $cut 1 'outage_s 4 5.1' --runs 10 --set "events.0.how=$how"
  within $cut 1 'flows_interrupted 100 100' --runs 10 --set "events.0.how=$how"
  within $cut 2 'outage_s 0 0' --runs 10 --set "events.0.how=$how"
  within $cut 3 'programmed_s 2 2.1' --runs 10 --set "events.0.how=$how"
done
for how in cut isolate; do # long enough for its hold timer, and too short for it
  for back in 61s 70s; do
    both="events=[{at: 60s, fail: rs, how: $how}, {at: $back, restore: rs}]"
    within $cut 0 'outage_s 0 0' --runs 10 --set "$both"
    within $cut 1 'outage_s 0 0' --runs 10 --set "$both"
  done
  within $cut 0 'flows_interrupted 100 100' --set "events=[{at: 60s, fail: rs, how: $how}]" \
    --set route_servers.rs.azure.total_loss=flush
done

# The sister's way where the own tunnel is gone, in all variants alike.
for how in cut silent; do
  within azure-static-tunnel-watched 0 'outage_s 120 181' --runs 10 --set "events.0.how=$how"
done
within azure-static-tunnel-watched 1 'outage_s 0 0' --runs 10
holds azure-static-tunnel-watched ' 172.31.0.0/24 .*10.0.255.229  *vpn/1 .* best' show --at 300s
for at in 0s 10m; do # its own way comes first, before and after
  count azure-static-tunnel-watched 2 ' 172.31.0.0/24  *-  *itself .* external' show --at $at
done

# Planned work is over for the flows before the stop; so it is for static routes and written ones.
for how in drain shutdown; do
  for what in er er/0; do
    within gateway-drained-before-it-stops 0 'outage_s 0 0.001' --runs 5 \
      --set "events=[{at: 120s, fail: $what, how: $how}]"
  done
done
within gateway-drained-before-it-stops 0 'programmed_s 1 1.002' --runs 5
within gateway-drained-before-it-stops 1 'outage_s 0 0' --runs 5
within azure-static-tunnel-watched 0 'outage_s 0 0.001' --runs 5 \
  --set 'events=[{at: 60s, fail: vpn/0, how: drain}]'

# ---- variants ---------------------------------------------------------------------------------------

holds variants-with-one-warning "'fw' .*(AWS-5.17) (in variant 'checked', in variant 'checked-too')" check
right variants-with-one-warning
cell variants-with-one-warning 'hub/app,dc,yes,' --variant base
cell variants-with-one-warning 'hub/app,dc,no,' --variant checked
fails variants-with-one-warning "no variant 'bsae' (did you mean 'base'?)" reach --variant bsae
right variant-with-events-of-its-own
holds public-address-by-method '^Public address, api: the script moves it .* (AZ-10.8, AWS-12.14)$' compare --runs 1 --quiet
holds public-address-by-method '^Public address, load-balancer: the load balancer keeps it, .* (AZ-10.5)$' compare --runs 1 --quiet

# ---- capacity ------------------------------------------------------------------------------------

# Whose fault it is: LEAST and MOST are the same number, worked out at the head of the file.
within overload-stays-with-its-cause 0 'lost_bytes 11325018750 11325018750'
within overload-stays-with-its-cause 1 'lost_bytes 37500000 37500000'
within overload-stays-with-its-cause 2 'lost_bytes 0 0'
within overload-stays-beside-another-event 0 'lost_bytes 11325018750 11325018750'
within overload-stays-beside-another-event 2 'lost_bytes 37500000 37500000'
for event in 1 3; do
  within overload-stays-beside-another-event $event 'lost_bytes 0 0'
done
within room-that-is-left-is-filled 0 'lost_bytes 0 0'
within room-that-is-left-is-filled 0 'flows_interrupted 350 450'
within overload-passes-to-the-next 1 'lost_bytes 168000000 169000000' --model aws
within overload-passes-to-the-next 0 'lost_bytes 7960000000 7980000000' --model aws
for event in 2 3; do
  within overload-passes-to-the-next $event 'lost_bytes 0 0'
done
# Of 1,000 flows half is hashed to each firewall: five standard deviations are 79.
within balanced-sessions-end 0 'flows_interrupted 421 579' --runs 5
within balanced-sessions-end 2 'flows_interrupted 1000 1000' --runs 5
within balanced-sessions-end 4 'flows_interrupted 421 579' --runs 5
within balanced-sessions-end 4 'flows_interrupted 0 0' --set traffic.t.sessions_last=8h
within overload-is-brought-back 0 'lost_bytes 3525037500 3525037500'
within overload-is-brought-back 1 'lost_bytes 1125000000 1125000000'
within overload-is-brought-back 2 'lost_bytes 0 0'
within overload-from-the-start 0 'lost_bytes 3802584874 3802584875' --model aws
within overload-from-the-start 0 'lost_bytes 3800000000 3900000000' --model azure
within overload-from-the-start 1 'lost_bytes 0 0'
carries overload-from-the-start base 10 '*,forward,r1' 900000000
carries overload-from-the-start base 10 'b,reverse,dropped:capacity' 466666666
carries overload-from-the-start base 10 'c,forward,dropped:capacity' 33333334

# Where packets end, and of what the shares are.
holds overload-from-the-start '  aws  *b  *20  capacity  *r1  *0 s  *-' run --quiet
lacks overload-from-the-start ' a  *10  capacity' run --quiet
holds overload-from-the-start '^Share of load by way' compare --quiet
holds overload-from-the-start '^  azure .* 35[.]7 -> 0[.]0 %' compare --quiet
holds overload-passes-to-the-next '  aws  *a  *900  capacity  *r2  *34[.]9 s  *0' run --quiet
holds overload-passes-to-the-next '  aws  *a  *900  capacity  *r3  *64[.]5 s  *1' run --quiet

# In which direction packets cross an element, and that nothing passes more than it can.
for traffic in 'a,forward,r1' 'b,reverse,r1' 'a,reverse,r2' 'b,forward,r2'; do
  carries capacity-from-both-ends base 10 "$traffic" 500000000
done
carries capacity-from-both-ends base 10 '*,*,r1' 1000000000
carries capacity-from-both-ends base 10 '*,*,dropped:capacity' 1200000000
for direction in forward reverse; do
  carries capacity-between-subnets base 10 "a,$direction,fw" 800000000
  carries capacity-of-a-gateway-from-both-ends base 10 "a,$direction,vpn/0" 500000000
  carries capacity-of-a-gateway-from-both-ends base 10 "b,$direction,vpn/0" 500000000
  carries capacity-to-the-bit base 10 "a,$direction,r1" 1000000
  carries capacity-to-the-bit base 100 "a,$direction,r1" 1000000
done
for second in 10 100; do
  carries what-arrives-uses-capacity base $second 'a,reverse,r2' 50000000
  carries what-arrives-uses-capacity base $second 'b,reverse,r2' 50000000
  carries what-arrives-uses-capacity inward $second 'b,forward,r2' 50000000
  carries what-arrives-uses-capacity inward $second '*,forward,r2' 100000000
done

# What check says of the least that can be drawn, of events that announce, and of those that hit heartbeats.
lacks bfd-at-its-least 'a BFD interval is from 1us' check
count announced-by-an-event 1 "nobody announces site 'b'" check
lacks announced-by-an-event "nobody announces site 'a'" check
count heartbeats-are-hit 1 'the event does nothing' check

for name in "${!seen[@]}"; do
  file=tests/cases/$name.yaml
  [ "${seen[$name]}" = failed ] || facts_held "$file" "$file" || status=1
done
exit $status
