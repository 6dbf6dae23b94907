#!/usr/bin/env bash
# Puts one mistake after another into a copy of the package and runs the tests of the layers there, contracts, references,
# gradient checks and executions: each must fail.
#
#   Tools/mutants.sh              all mutants
#   Tools/mutants.sh NAME...      some of them
#   Tools/mutants.sh --texts      builds nothing; only says which mutants find the text that they change
#
# Prints a table. Exits 1 where a mutant survives, does not build, or no longer finds the text that it changes, and 2
# where the tests fail before anything is changed.
set -u
cd "$(dirname "$0")/.."
only_texts=false
if [ "${1-}" = --texts ]; then
  only_texts=true
  shift
fi
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

mkdir -p "$copy/Sources" "$copy/Tests"
for target in CRecurrentKernels RecurrentCore RecurrentHMM RecurrentNN RecurrentTestSupport; do
  cp -R "Sources/$target" "$copy/Sources/"
done
cp -R Tests/RecurrentNNTests "$copy/Tests/"
mkdir "$copy/whole"
cp -R "$copy/Sources" "$copy/whole/"
# Parity, losses and fixtures read files by other modules; the mutants must fall to what this package says of itself.
rm -rf "$copy/Tests/RecurrentNNTests/Parity" "$copy/Tests/RecurrentNNTests/Losses" \
  "$copy/Tests/RecurrentNNTests/Structured/AlignmentFixtureTests.swift"
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
    .target(
      name: "RecurrentHMM", dependencies: ["CRecurrentKernels", "RecurrentCore"], swiftSettings: features),
    .target(name: "RecurrentNN", dependencies: ["RecurrentCore", "RecurrentHMM"], swiftSettings: features),
    .target(
      name: "RecurrentTestSupport", dependencies: ["RecurrentCore", "RecurrentHMM", "RecurrentNN"],
      swiftSettings: features),
    .testTarget(
      name: "RecurrentNNTests",
      dependencies: ["RecurrentCore", "RecurrentHMM", "RecurrentNN", "RecurrentTestSupport"],
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
    if [ -f "$copy/$file" ]; then
      changed+=("$file")
      cp "$copy/$file" "$copy/before"
      perl -0pi -e "$expression" "$copy/$file"
    fi
    if [ ! -f "$copy/$file" ] || cmp -s "$copy/before" "$copy/$file"; then
      row "$name" "does not apply" "$file: the text that it changes is gone"
      bad=1
      restore "${changed[@]}"
      return
    fi
  done
  if $only_texts; then
    verdict="applies" by=""
  elif ! build; then
    verdict="does not build" by=$(grep -m1 'error:' "$copy/build.log")
    bad=1
  elif tests; then
    verdict="SURVIVED" by="no test failed"
    bad=1
  else
    verdict="killed" by=$(grep -E '✘ Suite' "$copy/test.log" | sed -E 's/.*Suite "([^"]*)".*/\1/' | sort -u | paste -sd ';')
    [ -n "$by" ] || by=$(grep -m1 -oE 'Fatal error.*|unexpected signal code [0-9]+' "$copy/test.log" || echo "crash")
  fi
  row "$name" "$verdict" "$by"
  restore "${changed[@]}"
}
restore() { for file in "$@"; do cp "$copy/whole/$file" "$copy/$file"; done; }

wanted=("$@")
ran=0
if ! $only_texts && { ! build || ! tests; }; then
  echo "mutants: the tests do not pass as they are; see below" >&2
  tail -n 20 "$copy/build.log" "$copy/test.log" >&2
  exit 2
fi
row mutant verdict "failing suites"

# Gradients
mutant overwritten-in-sweep RecurrentNN/Execution/GradientPass.swift \
  's/(inputRow: slot\.columns, accumulate: )accumulate/$1false/'
mutant overwritten-in-step RecurrentCore/ParameterStore.swift \
  's/(inputRow: x\.columns, accumulate: )true/$1false/'
mutant gru-direct-path-lost RecurrentNN/Cells/GRUCell+Sweep.swift \
  's/(packed: rest,\s*accumulate: )true/$1false/g'
mutant overwritten-in-cell-sweep RecurrentNN/Execution/GradientPass.swift \
  's/(into: target \+ hidden\.offset, accumulate: )accumulate/$1false/'
mutant state-after-for-before RecurrentNN/Execution/SweepNoise.swift \
  's/(0\.\.<outputSize\)\) \+ )before\(0\)/$1after(0)/'
mutant reverse-input-gradient-lost RecurrentNN/Layers/Bidirectional.swift \
  's/first\.input\.adding\(second\.input\)/first.input/'
mutant mean-without-half RecurrentNN/Layers/Merge.swift \
  's/\n *share\.scale\(by: [^\n]*//'
mutant dropout-mask-not-applied RecurrentNN/Layers/Dropout.swift \
  's/\n *gradient\.multiply\(by: mask\)//'
mutant smoothing-without-gradient RecurrentNN/Losses/Loss+Rows.swift \
  's/\n *for column in 0\.\.<width \{ gradient\[column\] -= spread \}//'

# Noise in the state
mutant recurrent-mask-lost-on-the-way-back RecurrentNN/Execution/SweepNoise.swift \
  's/\n *Scalar\._hadamard\(count, mask\.base \+ place, gradient, gradient\)//'
mutant products-read-h-unmasked RecurrentNN/Execution/SweepNoise.swift \
  's/return noise\.read\.base/return tracks[0].base/'
mutant gru-update-gate-hands-on-masked-h RecurrentNN/Cells/GRUCell+Sweep.swift \
  's/hiddenBefore: before \+ first, y: made/hiddenBefore: read + first, y: made/'
mutant zoneout-gradient-past-the-step-lost RecurrentNN/Execution/SweepNoise.swift \
  's/\n *Scalar\._add\(count, past\[component\]\.base \+ place, to: gradient\)//'
mutant zoneout-by-place-in-the-batch RecurrentNN/Layers/RecurrentNoise.swift \
  's/(streams\.word\(at: )identifiers\[b\](\), purpose: \.zoneout)/$1UInt64(b)$2/'
mutant feature-mask-of-each-step RecurrentNN/Layers/Dropout.swift \
  's/row\.update\(from: first, count: inputSize\)/for f in 0..<inputSize { row[f] = own.uniform(at: UInt64(t) << 32 | UInt64(f)) >= rate ? scale : 0 }; _ = first/'

# The order of the sums
mutant rows-ascending RecurrentNN/Execution/SequencePlan.swift \
  's/descending \? descendingRows\.base : ascendingRows\.base/ascendingRows.base/'
mutant shards-in-sequence CRecurrentKernels/bodies/gradient-product-inl.h \
  's/if \(s == shards - 1\) return \(int\)depth - 1;/return depth > 1;/'
mutant last-shard-without-symbols RecurrentNN/Execution/SymbolOrder.swift \
  's/let count = plan\.rowCount/let count = plan.shards > 1 ? plan.shardBounds[plan.shards - 1] : plan.rowCount/'

mutant summary-gradient-lost RecurrentNN/Execution/CellSweep.swift \
  's/\(stateGradients\[0\]\.base \+ sequence \* outputSize\)\.update\(from: source, count: outputSize\)//'
mutant summary-of-the-last-step RecurrentNN/Execution/CellSweep.swift \
  's/target\.update\(from: tracks\[0\]\.base \+ lastPlace\(sequence\)/target.update(from: tracks[0].base + (plan.steps * plan.batchSize + sequence) * outputSize/'

# Sequences of different lengths. Every row has data, and at every step every sequence that is not empty:
all_rows='s/let rows = rows\(of: thread\)/let rows = threads > 1 ? rows(of: thread) : Rows(first: 0, count: steps * batchSize, index: nil)/'
never_ended() { echo "s/forEachRun\(of: part\.thread, at: t\)/forEachRun(of: part.thread, at: direction == .$1 ? 0 : t)/"; }
last_slot='(plan.lengths[b] == 0 ? 0 : plan.steps)'
mutant reverse-over-padding \
  RecurrentNN/Execution/RowWork.swift "$all_rows" \
  RecurrentNN/Execution/CellSweep.swift 's/(\.forward \? 0 : )plan\.lengths\[b\]/$1'"$last_slot/" \
  RecurrentNN/Execution/CellSweep+Parts.swift "$(never_ended reverse)"
mutant state-not-frozen \
  RecurrentNN/Execution/RowWork.swift "$all_rows" \
  RecurrentNN/Execution/CellSweep.swift 's/(\.forward \? )plan\.lengths\[b\] : 0/$1'"$last_slot : 0/" \
  RecurrentNN/Execution/CellSweep+Parts.swift "$(never_ended forward)"
mutant state-gradient-not-restored RecurrentNN/Execution/CellSweep.swift \
  's/(gradient\.base\[index\] = )element/$1plan.lengths[index \/ outputSize] < plan.steps ? 0 : element/'
mutant state-gradient-not-restored-in-step RecurrentNN/RecurrentCell+Stepwise.swift \
  's/stateGradient\.replacingRows\(step\.rows, with: active\)/zeroState(batchSize: tape.input.batchSize).replacingRows(step.rows, with: active)/'
# Full sequences end where the batch does: only ragged ones of the same lengths again can tell.
mutant carried-to-wrong-slot RecurrentNN/Execution/CellSweep.swift \
  's/\(track \+ firstPlace\(b\)\)/(track + (direction == .reverse ? (plan.steps * plan.batchSize + b) * outputSize : firstPlace(b)))/'
mutant bias-in-padding \
  RecurrentNN/Execution/RowWork.swift "$all_rows" \
  RecurrentNN/Execution/LayerExecution+Values.swift \
  's/input\.copying\(output, features: outputSize, plan\)/input.replacingValues(features: outputSize, Array(UnsafeBufferPointer(start: output, count: plan.steps * plan.batchSize * outputSize)))/'
mutant mask-not-cut-into-shards RecurrentNN/SequenceModel+Shards.swift \
  's/positions: positions\.sequences\(range\)/positions: positions/'

# Layers that are cut between threads
mutant bias-of-the-first-units RecurrentNN/Execution/CellSweep+Parts.swift \
  's/bias: bias\.map \{ \$0 \+ column \}/bias: bias/'
mutant groups-begin-alike RecurrentNN/Execution/CellSweep+Parts.swift \
  's/ofGroup: group/ofGroup: 0/'
mutant no-meeting-on-the-way-back RecurrentNN/Cells/LSTMCell+Sweep.swift \
  's/\n *part\.meet\(\)//'

# Gradients of embeddings
mutant rows-of-the-last-batch RecurrentNN/Execution/GradientPass.swift \
  's/gradients\.clear\(keeping: .*\)//'
mutant counts-of-the-last-batch RecurrentNN/Execution/SymbolOrder.swift \
  's/forEachOccurring \{ ends\.base\[\$0\] = 0 \}/_ = ends/'

# Hidden Markov models as cells
mutant reverse-sees-its-own-step RecurrentNN/Markov/MarkovReverseCell.swift \
  's/transposedProduct\(before\)/transposedProduct(zip(before, x).map { \$0 + \$1 })/'
mutant transitions-at-the-first-step RecurrentNN/Markov/MarkovForwardCell.swift \
  's/s == 0 \? a : s == 1 \? b : /s == 0 ? b : s == 1 ? b : /'
mutant likelihood-without-gradient RecurrentNN/Markov/MarkovForwardCell.swift \
  's/let share = output\[filtered\.count\] - sum/let share = -sum/'
mutant logits-for-probabilities RecurrentNN/Markov/LogProbabilityTable.swift \
  's/ - exp\(logarithms\[place\]\) \* sum//'

# Losses of whole sequences
mutant field-labels-without-transitions RecurrentNN/Structured/FieldWorker.swift \
  's/\n *if t > 0 \{ transitions\[labels\[t - 1\] \* count \+ label\] -= 1 \}//'
mutant field-ends-at-the-first-step RecurrentNN/Structured/FieldWorker.swift \
  's/states\[\(steps - 1\) \* count \+ k\]/states[k]/'
mutant field-without-end-score RecurrentNN/Structured/FieldWorker.swift \
  's/ \+ scores\.final\[labels\[labels\.count - 1\]\]//'
mutant field-of-the-sequence-before RecurrentNN/Structured/FieldWorker.swift \
  's/\n *gradients\?\.parameters\.update\(repeating: 0[^\n]*//'
mutant alignment-passes-between-equals RecurrentNN/Structured/AlignmentWorker.swift \
  's/ && symbols\[s\] != symbols\[s - 2\]//'
mutant alignment-ends-in-a-blank RecurrentNN/Structured/AlignmentWorker.swift \
  's/LogSumExp\.sum\(last\[size - 1\], last\[size - 2\]\)/last[size - 1]/'
mutant alignment-begins-back-in-a-blank RecurrentNN/Structured/AlignmentWorker.swift \
  's/s \+ 2 >= size \? 0/s + 1 >= size ? 0/'
mutant alignment-of-the-step-behind RecurrentNN/Structured/AlignmentWorker.swift \
  's/\n *occupied\[symbols\[s\]\] = 0//'

if [ ${#wanted[@]} -gt 0 ] && [ "$ran" -ne ${#wanted[@]} ]; then
  echo "mutants: a name is not that of a mutant: ${wanted[*]}" >&2
  exit 1
fi
exit $bad
