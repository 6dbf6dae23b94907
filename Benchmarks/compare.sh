#!/usr/bin/env bash
# Times the named cases beside PyTorch, JAX, Keras and ONNX Runtime, and those of hidden Markov models beside hmmlearn and
# pomegranate, on this machine, and writes the tables into Documentation/performance.md:
#
#   Benchmarks/compare.sh                                everything, on 1 and 2 threads: some 50 minutes
#   Benchmarks/compare.sh --cases T1,I4 --threads 2      a part; the rest of the table stays
#   Benchmarks/compare.sh --rounds 0                     only whether all compute the same numbers
#
# The libraries lie in environments that peers/setup.sh makes at the first use, outside the tree; see there for
# PEERS_ROOT, and peers/run.py for environments that exist already. Results are kept in $PEERS_ROOT/compare.jsonl.
# Exit code 1: a library failed, or computed other numbers.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
export PEERS_ROOT="${PEERS_ROOT:-$HOME/.cache/recurrent-peers}"
missing=()
for name in torch jax keras hmm; do
  given="PEERS_${name^^}"
  [ -x "${!given:-$PEERS_ROOT/$name/bin/python}" ] || missing+=("$name")
done
if [ ${#missing[@]} -gt 0 ]; then "$here/peers/setup.sh" "${missing[@]}"; fi
mkdir -p "$PEERS_ROOT/cases"
export PYTHONDONTWRITEBYTECODE=1
"${PEERS_TORCH:-$PEERS_ROOT/torch/bin/python}" "$here/peers/export.py" "$PEERS_ROOT/cases"
swift build -c release --package-path "$here"
exec "${PYTHON:-python3}" "$here/peers/compare.py" --data "$PEERS_ROOT/cases" \
  --program "$(swift build -c release --package-path "$here" --show-bin-path)/recurrent-benchmarks" \
  --out "$PEERS_ROOT/compare.jsonl" --table "$here/../Documentation/performance.md" "$@"
