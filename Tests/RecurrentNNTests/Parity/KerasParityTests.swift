import Foundation
import RecurrentCore
import RecurrentInterchange
import RecurrentNN
import Testing

/// Against Keras' SimpleRNN, GRU in both forms, and LSTM, of 1 and 2 layers of different sizes, in one direction and in
/// two with four merges, with and without bias, on full and ragged batches with a sequence of length 0. The numbers are
/// Keras'; `Tools/reference/` makes them again.
@Suite("Parity with Keras")
struct KerasParityTests {
  @Test(arguments: ["rnn-tanh", "rnn-relu", "gru-reset-after", "gru-reset-before", "lstm"])
  func everyResultAndGradient(_ cell: String) throws {
    let cases = try ParityCase.files(of: "keras", cell: cell).map(Self.load)
    // 2 depths, forward and 4 merges, 2 biases, 2 kinds of lengths.
    #expect(try checkParity(cases) == 40)
  }

  private static func load(_ url: URL) throws -> ParityCase {
    let file = try SafeTensors(bytes: Array(Data(contentsOf: url)))
    let layers = Int(file.metadata["layers"] ?? "") ?? 0
    let isBidirectional = file.metadata["bidirectional"] == "true"
    let hasBias = file.metadata["bias"] == "true"
    let (kind, interchangeKind) = try #require(kinds[file.metadata["cell"] ?? ""])
    let merge = try isBidirectional ? #require(merges[file.metadata["merge"] ?? ""]) : Merge.none
    var shapes: [RecurrentStackShape.Layer] = []
    var configurations: [LayerConfiguration] = []
    for layer in 0..<layers {
      let inputs = try file.entry(named: "l\(layer).kernel").shape[0]
      let units = try file.entry(named: "l\(layer).recurrent_kernel").shape[0]
      let shape = RecurrentStackShape.Cell(interchangeKind, hiddenSize: units, hasBias: hasBias)
      let cell = CellConfiguration(kind, size: units, bias: hasBias)
      shapes.append(.init(inputSize: inputs, forward: shape, reverse: isBidirectional ? shape : nil))
      configurations.append(
        isBidirectional ? .bidirectional(forward: cell, reverse: cell, merge: merge) : .recurrent(cell))
    }
    let names = file.names.filter { $0.hasPrefix("l") && $0.contains(".") }
    let stack = RecurrentStackShape(layers: shapes)
    return ParityCase(
      name: url.lastPathComponent, file: file, body: .stack(configurations),
      parameters: try KerasNames.imported(
        names.map { try tensor($0, prefix: "", file, isBidirectional) }, stack: stack, as: "rnn"
      ).value,
      gradients: try KerasNames.imported(
        names.map { try onceForBothBiases(tensor($0, prefix: "grad.", file, isBidirectional)) }, stack: stack,
        as: "rnn"
      ).value,
      chain: { name, layer, isReverse in
        try file.doubles(named: "\(name).l\(layer)\(isReverse ? "_reverse" : "")")
      })
  }

  private static let kinds: [String: (CellConfiguration.Kind, RecurrentCellKind)] = [
    "rnn-tanh": (.simple(.tanh), .rnn), "rnn-relu": (.simple(.relu), .rnn), "lstm": (.lstm, .lstm),
    "gru-reset-after": (.gru(.resetAfter), .gru(.resetAfter)),
    "gru-reset-before": (.gru(.resetBefore), .gru(.resetBefore)),
  ]

  private static let merges: [String: Merge] = [
    "concat": .concatenate, "sum": .sum, "ave": .mean, "mul": .product,
  ]

  /// `l0.kernel` and `l0_reverse.kernel` under Keras' own paths.
  private static func tensor(
    _ name: String, prefix: String, _ file: SafeTensors, _ isBidirectional: Bool
  ) throws -> NamedTensor<Double> {
    let parts = name.dropFirst().split(separator: ".", maxSplits: 1).map(String.init)
    let layer = parts[0].replacingOccurrences(of: "_reverse", with: "")
    let direction = parts[0].hasSuffix("_reverse") ? "backward_layer." : "forward_layer."
    return NamedTensor(
      name: "\(layer).\(isBidirectional ? direction : "")\(parts[1])",
      shape: try file.entry(named: prefix + name).shape, values: try file.doubles(named: prefix + name))
  }

  /// The gradient of a bias [2, 3 u], so that importing it like a bias gives the gradient of ours: both rows have the
  /// gradient of their sum, so only one is kept, but for the candidate, whose second bias stands alone. Gates z r h.
  private static func onceForBothBiases(_ gradient: NamedTensor<Double>) -> NamedTensor<Double> {
    guard gradient.name.hasSuffix(".bias"), gradient.shape.count == 2 else { return gradient }
    let width = gradient.shape[1]
    return NamedTensor(
      name: gradient.name, shape: gradient.shape,
      values: gradient.values.enumerated().map { index, value in
        index >= width && index < width + width / 3 * 2 ? 0 : value
      })
  }
}
