#!/usr/bin/env bash
# Puts one mistake after another into a copy of the package and runs the tests of the layers there: each must fail.
#
#   Tools/mutants.sh              all mutants
#   Tools/mutants.sh NAME...      some of them
#
# Prints a table. Exits 1 where a mutant survives, does not build, or no longer finds the text that it changes, and 2
# where the tests fail before anything is changed.
set -u
cd "$(dirname "$0")/.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

mkdir -p "$copy/Sources" "$copy/Tests"
for target in CRecurrentKernels RecurrentCore RecurrentNN RecurrentTestSupport; do
  cp -R "Sources/$target" "$copy/Sources/"
done
cp -R Tests/RecurrentNNTests "$copy/Tests/"
mkdir "$copy/whole"
cp -R "$copy/Sources" "$copy/whole/"
# Parity and losses read files of other modules; the mutants must fall to what this package says of itself.
rm -rf "$copy/Tests/RecurrentNNTests/Parity" "$copy/Tests/RecurrentNNTests/Losses"
cat > "$copy/Package.swift" <<'MANIFEST'
// swift-tools-version: 6.2
import PackageDescription

let features: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]
let package = Package(
  name: "mutants", platforms: [.macOS(.v15)],
  targets: [
    .target(name: "CRecurrentKernels"),
    .target(name: "RecurrentCore", dependencies: ["CRecurrentKernels"], swiftSettings: features),
    .target(name: "RecurrentNN", dependencies: ["RecurrentCore"], swiftSettings: features),
    .target(
      name: "RecurrentTestSupport", dependencies: ["RecurrentCore", "RecurrentNN"], swiftSettings: features),
    .testTarget(
      name: "RecurrentNNTests", dependencies: ["RecurrentCore", "RecurrentNN", "RecurrentTestSupport"],
      swiftSettings: features),
  ],
  swiftLanguageModes: [.v6])
MANIFEST

build() { (cd "$copy" && swift build -c release --build-tests) > "$copy/build.log" 2>&1; }
tests() { (cd "$copy" && timeout 600 swift test -c release --skip-build) > "$copy/test.log" 2>&1; }

bad=0
row() { printf '%-36s %-16s %s\n' "$1" "$2" "$3"; }

# mutant NAME FILE PERL [FILE PERL]...: the expressions change the files; wanted is what was asked for.
mutant() {
  local name=$1 file expression changed=() verdict by
  shift
  if [ ${#wanted[@]} -gt 0 ] && [[ " ${wanted[*]} " != *" $name "* ]]; then return; fi
  ran=$((ran + 1))
  while [ $# -gt 0 ]; do
    file="Sources/$1" expression=$2
    shift 2
    changed+=("$file")
    perl -0pi -e "$expression" "$copy/$file"
    if cmp -s "$copy/whole/$file" "$copy/$file"; then
      row "$name" "does not apply" "$file: the text that it changes is gone"
      bad=1
      restore "${changed[@]}"
      return
    fi
  done
  if ! build; then
    verdict="does not build" by=$(grep -m1 'error:' "$copy/build.log")
    bad=1
  elif tests; then
    verdict="SURVIVED" by="no test failed"
    bad=1
  else
    verdict="killed" by=$(grep -E '✘ Suite' "$copy/test.log" | sed -E 's/.*Suite "([^"]*)".*/\1/' | sort -u | paste -sd ';')
    [ -n "$by" ] || by=$(grep -m1 -E 'Fatal error|signal' "$copy/test.log" || echo "crash")
  fi
  row "$name" "$verdict" "$by"
  restore "${changed[@]}"
}
restore() { for file in "$@"; do cp "$copy/whole/$file" "$copy/$file"; done; }

wanted=("$@")
ran=0
if ! build || ! tests; then
  echo "mutants: the tests do not pass as they are; see below" >&2
  tail -n 20 "$copy/build.log" "$copy/test.log" >&2
  exit 2
fi
row mutant verdict "failing suites"

# Gradients
mutant overwritten-in-sweep RecurrentNN/Cells/Sweep.swift \
  's/( *)(Scalar\._accumulateProduct\(\s*steps: steps)/$1(target + weight.offset + rows.lowerBound * weight.columns).update(repeating: 0, count: rows.count * weight.columns)\n$1$2/'
mutant overwritten-in-step RecurrentCore/ParameterStore.swift \
  's/( *)(Scalar\._accumulateProduct\(\s*steps: 1)/$1(target + slot.offset + block.lowerBound * slot.columns).update(repeating: 0, count: block.count * slot.columns)\n$1$2/'
mutant gru-direct-path-lost RecurrentNN/Cells/GRUCell+Pullback.swift \
  's/(packed: pointers\.transposed\(weightHidden\), bias: nil, accumulate: )true/$1false/'
mutant overwritten-in-cell-sweep RecurrentNN/Cells/Sweep.swift \
  's/( *)(Scalar\._accumulateCell\()/$1(target + weightInput.offset).update(repeating: 0, count: weightInput.rows * weightInput.columns)\n$1$2/'
mutant state-after-for-before RecurrentNN/Cells/Sweep.swift \
  's/h \+ states\.before\(0\)/h + states.after(0)/'
mutant reverse-input-gradient-lost RecurrentNN/Layers/Bidirectional.swift \
  's/first\.input\.adding\(second\.input\)/first.input/'
mutant mean-without-half RecurrentNN/Layers/Merge.swift \
  's/\n *share\.scale\(by: [^\n]*//'
mutant dropout-mask-not-applied RecurrentNN/Layers/Dropout.swift \
  's/\n *gradient\.multiply\(by: mask\)//'
mutant smoothing-without-gradient RecurrentNN/Losses/Loss+Classes.swift \
  's/\n *gradient\.elements\[first \+ column\] -= spread//'

# Sequences of different lengths
mutant reverse-over-padding \
  RecurrentNN/Cells/Sweep.swift \
  's/ActiveRows\(lengths: input\.lengths,/ActiveRows(lengths: direction == .reverse ? input.lengths.map { _ in input.steps } : input.lengths,/' \
  RecurrentNN/Cells/StateTrack.swift \
  's/(to: direction == \.forward \? 0 : )lengths\[b\]/$1steps/'
mutant state-not-frozen \
  RecurrentNN/Cells/Sweep.swift \
  's/ActiveRows\(lengths: input\.lengths,/ActiveRows(lengths: direction == .forward ? input.lengths.map { _ in input.steps } : input.lengths,/' \
  RecurrentNN/Cells/StateTrack.swift \
  's/\(direction == \.forward \? lengths\[b\] : 0\)/(direction == .forward ? steps : 0)/'
mutant state-gradient-not-restored RecurrentNN/Cells/SimpleRNNCell+Sweep.swift \
  's/(var dh = finalStateGradient\.hidden\n)/$1    for b in tape.input.lengths.indices where tape.input.lengths[b] < sweep.steps { for k in 0..<size { dh[b, k] = 0 } }\n/'
mutant state-gradient-not-restored-in-step 'RecurrentNN/RecurrentCell+Stepwise.swift' \
  's/stateGradient\.replacingRows\(step\.rows, with: active\)/zeroState(batchSize: tape.input.batchSize).replacingRows(step.rows, with: active)/'
mutant bias-in-padding RecurrentNN/Layers/Linear.swift \
  's/\n *output\.zeroPadding\(\)//'
mutant mask-not-cut-into-shards RecurrentNN/SequenceModel+Shards.swift \
  's/positions: positions\.sequences\(range\)/positions: positions/'

if [ ${#wanted[@]} -gt 0 ] && [ "$ran" -ne ${#wanted[@]} ]; then
  echo "mutants: a name is not that of a mutant: ${wanted[*]}" >&2
  exit 1
fi
exit $bad
