import Foundation
import RecurrentCore
import RecurrentInterchange
import RecurrentNN
import Testing

/// The loss of connectionist temporal classification and its gradient as PyTorch computes them, in double.
@Suite("Connectionist temporal classification against PyTorch")
struct AlignmentFixtureTests {
  @Test(arguments: [
    "full", "ragged", "empty-targets", "repeated", "blank-last", "blank-middle", "impossible",
    "impossible-zero-infinity", "large",
  ])
  func lossesAndGradients(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let url = folder.appending(path: "Fixtures/pytorch/ctc-\(name).safetensors")
    let file = try SafeTensors(bytes: Array(try Data(contentsOf: url)))
    let shape = try file.entry(named: "logits").shape
    let lengths = try file.int64s(named: "lengths").map(Int.init)
    let logits = SequenceBatch(
      steps: shape[0], batchSize: shape[1], features: shape[2], values: try file.doubles(named: "logits"),
      lengths: lengths)
    var rest = try file.int64s(named: "labels").map(Int.init)[...]
    let labels = try file.int64s(named: "label_counts").map { count in
      defer { rest = rest.dropFirst(Int(count)) }
      return Array(rest.prefix(Int(count)))
    }
    let blank = try #require(file.metadata["blank"].flatMap { Int($0) })
    let loss = ConnectionistTemporalClassification(
      blank: blank, zeroInfinity: file.metadata["zero_infinity"] == "true")
    let losses = try file.doubles(named: "losses")
    let gradient = try file.doubles(named: "grad.logits")
    // Six steps of sums of logarithms up to 100, each rounded differently by the two libraries.
    let worst = Self.worst(loss, logits, labels, losses, gradient)
    #expect(worst <= 1e-13, "\(name): \(worst)")
    let singles = SequenceBatch<Float>(
      steps: shape[0], batchSize: shape[1], features: shape[2], values: logits.values.map(Float.init),
      lengths: lengths)
    // The softmax is in single precision, and gradients are rounded to it: some units in the last place of 1.
    let worstSingle = Self.worst(loss, singles, labels, losses, gradient)
    #expect(worstSingle <= 1e-6, "\(name): \(worstSingle)")
  }

  /// The largest difference of a loss, of their sum, or of a gradient, relative above 1.
  private static func worst<Scalar: TensorScalar>(
    _ loss: ConnectionistTemporalClassification, _ logits: SequenceBatch<Scalar>, _ labels: [[Int]],
    _ losses: [Double], _ gradient: [Double]
  ) -> Double {
    var worst = 0.0
    func compare(_ found: Double, _ expected: Double) {
      if found == expected || found.isNaN && expected.isNaN { return }
      let error = abs(found - expected) / max(1, abs(expected))
      worst = max(worst, error.isNaN ? .infinity : error)
    }
    for b in labels.indices {
      compare(loss.loss(logits.sequences(b..<b + 1), labels: [labels[b]]).sum, losses[b])
    }
    let made = loss.gradient(logits, labels: labels)
    compare(made.value.sum, losses.reduce(0, +))
    for (found, expected) in zip(made.gradient.values, gradient) { compare(Double(found), expected) }
    return worst
  }
}
