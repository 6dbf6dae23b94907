#!/usr/bin/env bash
# Makes the peers' Python environments, outside the tree: ./setup.sh [torch] [jax] [keras] [hmm], all where none is named.
#
#   PEERS_ROOT    where they go; default ~/.cache/recurrent-peers
#   PEERS_WHEELS  a folder of wheels to prefer, such as one with PyTorch built for the CPU alone; the build that a package
#                 index gives may bring several gigabytes of GPU libraries, which no peer here uses
#   PYTHON        default python3
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="${PEERS_ROOT:-$HOME/.cache/recurrent-peers}"
wheels=()
if [ -n "${PEERS_WHEELS:-}" ]; then wheels=(--find-links "$PEERS_WHEELS"); fi
if [ $# -eq 0 ]; then set -- torch jax keras hmm; fi
mkdir -p "$root"
for name in "$@"; do
  "${PYTHON:-python3}" -m venv "$root/$name"
  "$root/$name/bin/python" -m pip install --quiet --disable-pip-version-check "${wheels[@]}" -r "$here/requirements-$name.txt"
  echo "$root/$name"
done
