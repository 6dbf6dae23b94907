import Foundation
import RecurrentCore
import RecurrentInterchange
import RecurrentNN
import Testing

/// Losses and their gradients as PyTorch computes them, in double.
@Suite("Losses against PyTorch")
struct LossFixtureTests {
  private static func fixture(_ name: String) throws -> SafeTensors {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = folder.appending(path: "Fixtures/pytorch/loss-\(name).safetensors")
    return try SafeTensors(bytes: Array(try Data(contentsOf: file)))
  }

  private static func rows(_ file: SafeTensors, _ name: String) throws -> Matrix<Double> {
    let entry = try file.entry(named: name)
    let columns = entry.shape[entry.shape.count - 1]
    let values = try file.doubles(named: name)
    return Matrix(rows: values.count / columns, columns: columns, elements: values)
  }

  /// Sums of up to 84 terms, each rounded differently by the two libraries: some units in the last place of the largest.
  private static func compare<Scalar>(
    _ made: (value: LossSum, gradient: Matrix<Scalar>), _ file: SafeTensors, tolerance: Double
  ) throws {
    let sum = try file.doubles(named: "sum")[0]
    #expect(abs(made.value.sum - sum) <= tolerance * max(1, abs(sum)))
    let expected = try file.doubles(named: "grad.sum")
    #expect(made.gradient.elements.count == expected.count)
    let worst =
      zip(made.gradient.elements, expected).map { abs(Double($0) - $1) / max(1, abs($1)) }.max() ?? .nan
    #expect(worst <= tolerance)
  }

  @Test("squared errors", arguments: ["mean-squared-error", "half-squared-error"])
  func squaredErrors(_ name: String) throws {
    let file = try Self.fixture(name)
    let (outputs, targets) = (try Self.rows(file, "prediction"), try Self.rows(file, "target"))
    let loss: Loss = name == "mean-squared-error" ? .meanSquaredError : .halfSquaredError
    let made = loss.evaluate(outputs, targets: .values(targets))
    try Self.compare(made, file, tolerance: 1e-12)
    // PyTorch's mean is over elements; half the squared error is counted by rows here.
    #expect(
      made.value.count == (loss == .meanSquaredError ? Int(try file.int64s(named: "count")[0]) : outputs.rows)
    )
  }

  @Test("binary cross-entropy, also of logits up to 10⁴", arguments: ["moderate", "large"])
  func binaryCrossEntropy(_ name: String) throws {
    let file = try Self.fixture("binary-cross-entropy-\(name)")
    let made = Loss.binaryCrossEntropy.evaluate(
      try Self.rows(file, "logits"), targets: .values(try Self.rows(file, "target")))
    try Self.compare(made, file, tolerance: 1e-12)
    #expect(made.value.count == Int(try file.int64s(named: "count")[0]))
  }

  @Test(
    "softmax cross-entropy with ignored rows, smoothing and logits up to 10⁴",
    arguments: [
      "plain", "ignore", "smoothing", "ignore-smoothing", "large", "large-smoothing", "all-ignored",
      "weights", "weights-smoothing",
    ])
  func softmaxCrossEntropy(_ name: String) throws {
    let file = try Self.fixture("cross-entropy-\(name)")
    let ignored = try #require(file.metadata["ignore_index"])
    let smoothing = try #require(file.metadata["label_smoothing"])
    let loss = Loss.softmaxCrossEntropy(
      ignoreIndex: Int(ignored), labelSmoothing: try #require(Double(smoothing)),
      classWeights: name.hasPrefix("weights") ? try file.doubles(named: "weights") : nil)
    let classes = try file.int64s(named: "target").map(Int.init)
    let logits = try Self.rows(file, "logits")
    let made = loss.evaluate(logits, targets: .classes(classes))
    try Self.compare(made, file, tolerance: 1e-12)
    #expect(made.value.count == Int(try file.int64s(named: "count")[0]))
    let single = loss.evaluate(logits.floats, targets: .classes(classes))
    // Logits up to 10⁴ lose digits below 10⁻³ in single precision.
    if !name.hasPrefix("large") { try Self.compare(single, file, tolerance: 2e-6) }
    #expect(single.value.sum.isFinite && single.gradient.elements.allSatisfy { $0.isFinite })
  }
}

extension LossFixtureTests {
  @Test(arguments: [0.0, 0.5, 1.0]) func balancedWeights(_ exponent: Double) {
    let counts = [1, 4, 0, 100]
    let weights = Loss.balancedWeights(counts: counts, exponent: exponent)
    // A few roundings of numbers up to 105.
    #expect(abs(zip(counts, weights).reduce(0) { $0 + Double($1.0) * $1.1 } - 105) < 1e-12)
    #expect(weights[2] == 0)
    #expect(abs(weights[0] / weights[3] - pow(100, exponent)) < 1e-12 * pow(100, exponent))
  }
}

extension Matrix<Double> {
  fileprivate var floats: Matrix<Float> {
    Matrix<Float>(rows: rows, columns: columns, elements: elements.map(Float.init))
  }
}
