#!/bin/sh
# install-deps.sh [--check] SET...     SET: build, test, mutants, ci, lint
#
# Installs through apt what the build (and the tests) need and is not there yet, saying what it
# asks for; does nothing, silently, when all is there. With --check it installs nothing and only
# says what is missing. Needs no compiler and no pkg-config to run. CC names the compiler.
set -u

check=no
if [ "${1:-}" = --check ]; then
  check=yes
  shift
fi

missing=
need() { # need PACKAGE: once
  case " $missing " in *" $1 "*) ;; *) missing="$missing${missing:+ }$1" ;; esac
}

has_module() { command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$1"; }

compiles() { printf '#include <stdio.h>\nint main(void) { return 0; }\n' |
  "$1" -x c -fsyntax-only - >/dev/null 2>&1; }

for set in "$@"; do
  case $set in
  build)
    compiles "${CC:-cc}" || need build-essential
    command -v pkg-config >/dev/null 2>&1 || need pkg-config
    has_module glib-2.0 || need libglib2.0-dev
    has_module gsl || need libgsl-dev
    has_module yaml-0.1 || need libyaml-dev
    ;;
  test) has_module criterion || need libcriterion-dev ;;
  mutants) python3 -c 'import concurrent.futures, typing' 2>/dev/null || need python3 ;;
  ci) command -v clang >/dev/null 2>&1 || need clang ;;
  lint)
    for tool in clang-format clang-tidy cppcheck; do
      command -v $tool >/dev/null 2>&1 || need $tool
    done
    ;;
  *)
    echo "install-deps.sh: unknown set '$set'" >&2
    exit 2
    ;;
  esac
done
case ${CC:-cc} in *clang*) compiles "$CC" || need clang ;; esac

[ -n "$missing" ] || exit 0

if [ $check = yes ]; then
  echo "routesim: missing: $missing (Debian and Ubuntu names); 'make deps' installs them" >&2
  exit 1
fi

if ! command -v apt-get >/dev/null 2>&1; then
  echo "routesim: there is no apt here; please install what these Debian packages hold: $missing" >&2
  exit 1
fi

sudo=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "routesim: not root and no sudo here; as root: apt-get install $missing" >&2
    exit 1
  fi
  sudo=sudo
fi

echo "routesim: asking apt${sudo:+ (with sudo)} for: $missing"
$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q update ||
  echo "routesim: 'apt-get update' failed; trying with the package lists that are there" >&2
# shellcheck disable=SC2086 # a list of packages
if ! $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 install -y --no-install-recommends $missing; then
  echo "routesim: apt could not install: $missing (is the network up, and on Ubuntu 'universe' enabled?)" >&2
  exit 1
fi
