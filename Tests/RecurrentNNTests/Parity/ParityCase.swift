import Foundation
import RecurrentCore
import RecurrentInterchange
import RecurrentNN
import RecurrentTestSupport

/// A network with what another library computed for it: outputs, final states, loss and every gradient, in Double.
struct ParityCase {
  let name: String
  let file: SafeTensors
  let body: LayerConfiguration
  /// Under this package's names.
  let parameters, gradients: [NamedTensor<Double>]
  /// The values of a tensor of states (h0, hn_weight, …) that belong to one direction of one layer.
  let chain: (_ tensor: String, _ layer: Int, _ isReverse: Bool) throws -> [Double]

  static func files(of library: String, cell: String) throws -> [URL] {
    let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures").appending(path: library)
    return try FileManager.default.contentsOfDirectory(at: fixtures, includingPropertiesForKeys: nil)
      .filter { $0.lastPathComponent.hasPrefix("recurrent-\(cell)-layers") }
      .sorted { $0.path < $1.path }
  }

  /// Each compared tensor with max|found − expected| / max(1, max|expected|).
  func errors<Scalar: TensorScalar>(as scalar: Scalar.Type) throws -> [(tensor: String, error: Double)] {
    let shape = try file.entry(named: "x").shape
    var layout = ParameterLayout()
    let layer: any SequenceLayer<Scalar> = try body.makeLayer(
      inputSize: shape[2], named: "rnn", in: &layout)
    var store = ParameterStore<Scalar>(zeros: layout)
    for tensor in parameters {
      guard let slot = layout[tensor.name] else { return [("no slot for \(tensor.name)", .infinity)] }
      store.values.replaceSubrange(slot.range, with: tensor.values.map { Scalar($0) })
    }
    let zero = layer.zeroState(batchSize: shape[1])
    let run = layer.forward(
      try batch("x", as: scalar), from: try state(like: zero, "h0", "c0"), parameters: PackedParameters(store)
    )
    let outWeight = try batch("out_weight", as: scalar)
    let finalWeight = try state(like: zero, "hn_weight", "cn_weight")
    var found = ParameterStore<Scalar>(zeros: layout)
    let back = run.pullback(outWeight, finalWeight, &found)

    var result: [(String, Double)] = []
    func compare(_ what: String, _ values: [Scalar], _ expected: [Double]) {
      result.append((what, scaledError(values.map { Double($0) }, expected)))
    }
    func compare(_ what: String, _ found: LayerState<Scalar>, _ expected: LayerState<Double>) {
      for (found, expected) in zip(found.components, expected.components) {
        compare("\(what) \(found.path)", found.value.elements, expected.value.elements)
      }
    }
    let zeroDouble: LayerState<Double> = converted(zero)
    compare("y", run.output.values, try file.doubles(named: "y"))
    compare("final state", run.finalState, try state(like: zeroDouble, "h_n", "c_n"))
    compare(
      "loss",
      [dot(outWeight.values, run.output.values) + dot(elements(finalWeight), elements(run.finalState))],
      try file.doubles(named: "loss"))
    compare("gradient of x", back.input.values, try file.doubles(named: "grad.x"))
    compare(
      "gradient of initial state", back.initialState, try state(like: zeroDouble, "grad.h0", "grad.c0"))
    for tensor in gradients {
      let slot = layout[tensor.name]
      compare("gradient of \(tensor.name)", slot.map { Array(found.values[$0.range]) } ?? [], tensor.values)
    }
    if gradients.count != layout.slots.count { result.append(("gradients of all parameters", .infinity)) }
    return result
  }

  private func batch<Scalar: TensorScalar>(
    _ name: String, as scalar: Scalar.Type
  ) throws -> SequenceBatch<Scalar> {
    let shape = try file.entry(named: name).shape
    return SequenceBatch(
      steps: shape[0], batchSize: shape[1], features: shape[2],
      values: try file.doubles(named: name).map { Scalar($0) },
      lengths: try file.int64s(named: "lengths").map { Int($0) })
  }

  /// Paths are "0.hidden" and "0.reverse.cell".
  private func state<Scalar: TensorScalar>(
    like zero: LayerState<Scalar>, _ hidden: String, _ cell: String
  ) throws -> LayerState<Scalar> {
    var values: [String: [Double]] = [:]
    for (path, _) in zero.components {
      let layer = Int(path.prefix { $0 != "." }) ?? 0
      values[path] = try chain(path.hasSuffix("cell") ? cell : hidden, layer, path.contains("reverse"))
    }
    return zero.mapComponents { path, component in
      Matrix(
        rows: component.rows, columns: component.columns, elements: (values[path] ?? []).map { Scalar($0) })
    }
  }

  private func converted<Scalar: TensorScalar>(_ state: LayerState<Scalar>) -> LayerState<Double> {
    func convert(_ state: LayerState<Scalar>) -> LayerState<Double> {
      switch state {
      case .none: .none
      case .cell(let names, let components):
        .cell(
          names: names,
          components: components.map {
            Matrix(rows: $0.rows, columns: $0.columns, elements: $0.elements.map { Double($0) })
          })
      case .bidirectional(let forward, let reverse):
        .bidirectional(forward: convert(forward), reverse: convert(reverse))
      case .layers(let layers): .layers(layers.map(convert))
      }
    }
    return convert(state)
  }

  private func elements<Scalar: TensorScalar>(_ state: LayerState<Scalar>) -> [Scalar] {
    state.components.flatMap(\.value.elements)
  }

  /// Summed in Double: the loss is the test's, not the package's.
  private func dot<Scalar: TensorScalar>(_ a: [Scalar], _ b: [Scalar]) -> Scalar {
    Scalar(zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) })
  }
}
