import Foundation
import RecurrentCore
import RecurrentInterchange
import RecurrentNN
import Testing

/// Against `nn.RNN`, `nn.GRU` and `nn.LSTM` of 1, 2 and 3 layers, one direction and two, with and without bias, on full and
/// ragged batches. The numbers are PyTorch's; `Tools/reference/` makes them again.
@Suite("Parity with PyTorch")
struct PyTorchParityTests {
  @Test(arguments: ["rnn-tanh", "rnn-relu", "gru", "lstm"])
  func everyResultAndGradient(_ cell: String) throws {
    let cases = try ParityCase.files(of: "pytorch", cell: cell).map(Self.load)
    // 3 depths, 2 directions, 2 biases, 2 kinds of lengths.
    #expect(try checkParity(cases) == 24)
  }

  private static func load(_ url: URL) throws -> ParityCase {
    let file = try SafeTensors(bytes: Array(Data(contentsOf: url)))
    let layers = Int(file.metadata["layers"] ?? "") ?? 0
    let isBidirectional = file.metadata["bidirectional"] == "true"
    let hasBias = file.metadata["bias"] == "true"
    let hidden = try file.entry(named: "h0").shape[2]
    let (kind, interchangeKind) = try #require(kinds[file.metadata["cell"] ?? ""])
    let stack = RecurrentStackShape(
      interchangeKind, inputSize: try file.entry(named: "x").shape[2], hiddenSize: hidden, layerCount: layers,
      isBidirectional: isBidirectional, hasBias: hasBias)
    let cell = CellConfiguration(kind, size: hidden, bias: hasBias)
    let layer: LayerConfiguration =
      isBidirectional ? .bidirectional(forward: cell, reverse: cell) : .recurrent(cell)
    let names = file.names.filter { $0.hasPrefix("weight_") || $0.hasPrefix("bias_") }
    return ParityCase(
      name: url.lastPathComponent, file: file,
      body: .stack([LayerConfiguration](repeating: layer, count: layers)),
      parameters: try PyTorchNames.imported(
        names.map { try tensor($0, $0, in: file) }, stack: stack, as: "rnn"
      ).value,
      gradients: try PyTorchNames.imported(
        names.map { try gradient($0, in: file, hidden: hidden, isGRU: kind == .gru(.resetAfter)) },
        stack: stack, as: "rnn"
      ).value,
      chain: { name, layer, isReverse in
        let shape = try file.entry(named: name).shape
        let size = shape[1] * shape[2]
        let first = (layer * (isBidirectional ? 2 : 1) + (isReverse ? 1 : 0)) * size
        return Array(try file.doubles(named: name)[first..<first + size])
      })
  }

  private static let kinds: [String: (CellConfiguration.Kind, RecurrentCellKind)] = [
    "rnn-tanh": (.simple(.tanh), .rnn), "rnn-relu": (.simple(.relu), .rnn),
    "gru": (.gru(.resetAfter), .gru(.resetAfter)), "lstm": (.lstm, .lstm),
  ]

  private static func tensor(
    _ source: String, _ name: String, in file: SafeTensors
  ) throws -> NamedTensor<Double> {
    NamedTensor(
      name: name, shape: try file.entry(named: source).shape, values: try file.doubles(named: source))
  }

  /// The gradient of a parameter, so that importing it like a parameter gives the gradient of ours: both biases have the
  /// gradient of their sum, so only one is kept, but for the candidate of a GRU, whose second bias stands alone.
  private static func gradient(
    _ name: String, in file: SafeTensors, hidden: Int, isGRU: Bool
  ) throws -> NamedTensor<Double> {
    let whole = try tensor("grad.\(name)", name, in: file)
    guard name.hasPrefix("bias_hh") else { return whole }
    let kept = isGRU ? 2 * hidden : whole.values.count
    return NamedTensor(
      name: name, shape: whole.shape,
      values: whole.values.enumerated().map { $0 < kept ? 0 : $1 })
  }
}
