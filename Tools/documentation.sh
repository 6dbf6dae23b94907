#!/usr/bin/env bash
# Builds the library's documentation with the toolchain's own docc. Any warning is an error.
#
#   Tools/documentation.sh [FOLDER]      default: a new folder for temporary files
#
# The umbrella module re-exports what a user needs, so one symbol graph of it holds the whole public interface. The same
# graph shows that no public name calls a direction "backward"; that word is kept for gradients.
set -euo pipefail
cd "$(dirname "$0")/.."

output=${1:-$(mktemp -d)/Recurrent.doccarchive}
case "$(realpath -m "$output")/" in
  "$(pwd -P)"/*) echo "$output: lies in the source tree, expected a folder outside it; choose another" >&2; exit 64 ;;
esac
graphs=$(mktemp -d)
trap 'rm -rf "$graphs"' EXIT

swift build --target Recurrent
binaries=$(swift build --show-bin-path)
triple=$(swiftc -print-target-info | sed -n 's/.*"triple": "\([^"]*\)".*/\1/p' | head -1)

swift symbolgraph-extract -module-name Recurrent -target "$triple" \
  -I "$binaries/Modules" -I "$binaries/CRecurrentKernels.build" \
  -minimum-access-level public -skip-synthesized-members \
  -experimental-allowed-reexported-modules=RecurrentCore,RecurrentData,RecurrentHMM,RecurrentInterchange,RecurrentNN,RecurrentTraining \
  -output-dir "$graphs"

# "backwards" (times that run backwards in a file) is another word, and the backward recursion is the field's own name.
if grep -oiE '"title":"[^"]*backward([^s"][^"]*)?"' "$graphs"/*.symbols.json | grep -v 'backward(_:in:)'; then
  echo "a public name says 'backward', expected 'reverse' for a direction; rename it" >&2
  exit 1
fi

docc=$(command -v docc || xcrun --find docc)
mkdir -p "$(dirname "$output")"
"$docc" convert Sources/Recurrent/Recurrent.docc --additional-symbol-graph-dir "$graphs" \
  --fallback-display-name Recurrent --fallback-bundle-identifier recurrent \
  --warnings-as-errors --output-path "$output"
echo "$output"
