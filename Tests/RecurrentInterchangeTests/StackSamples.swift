import RecurrentCore
import RecurrentInterchange

/// Stacks and random parameters for the tests of names.
enum StackSample {
  /// Two layers, both directions, a different size everywhere, so that no two shapes agree by chance.
  static func uneven(_ kind: RecurrentCellKind, hasBias: Bool = true) -> RecurrentStackShape {
    func cell(_ size: Int) -> RecurrentStackShape.Cell { .init(kind, hiddenSize: size, hasBias: hasBias) }
    return RecurrentStackShape(layers: [
      .init(inputSize: 3, forward: cell(4), reverse: cell(2)),
      .init(inputSize: 6, forward: cell(5), reverse: cell(7)),
    ])
  }

  static func ours(
    _ stack: RecurrentStackShape, prefix: String = "rnn", seed: UInt64 = 7
  ) -> [NamedTensor<Double>] {
    random(ParameterNames.all(of: stack, prefix: prefix), seed: seed)
  }

  static func random(_ shapes: [(name: String, shape: [Int])], seed: UInt64) -> [NamedTensor<Double>] {
    var numbers = SeededNumbers(seed: seed)
    return shapes.map {
      NamedTensor(name: $0.name, shape: $0.shape, values: numbers.vector($0.shape.reduce(1, *)))
    }
  }

  /// PyTorch's names and shapes, written out from its documentation.
  static func pyTorch(
    _ stack: RecurrentStackShape, prefix: String = "", seed: UInt64 = 8
  ) -> [NamedTensor<Double>] {
    random(
      stack.layers.enumerated().flatMap { k, layer in
        [("", layer.forward), ("_reverse", layer.reverse)].flatMap { suffix, cell -> [(String, [Int])] in
          guard let cell else { return [] }
          let rows = cell.kind.gateCount * cell.hiddenSize
          let weights = [
            ("\(prefix)weight_ih_l\(k)\(suffix)", [rows, layer.inputSize]),
            ("\(prefix)weight_hh_l\(k)\(suffix)", [rows, cell.hiddenSize]),
          ]
          guard cell.hasBias else { return weights }
          return weights + [
            ("\(prefix)bias_ih_l\(k)\(suffix)", [rows]), ("\(prefix)bias_hh_l\(k)\(suffix)", [rows]),
          ]
        }
      }, seed: seed)
  }

  /// Keras' shapes, written out from its documentation.
  static func keras(_ stack: RecurrentStackShape, seed: UInt64 = 9) -> [NamedTensor<Double>] {
    random(
      stack.layers.enumerated().flatMap { k, layer in
        [("forward_layer", layer.forward), ("backward_layer", layer.reverse)].flatMap {
          wrapper, cell -> [(String, [Int])] in
          guard let cell else { return [] }
          let path = layer.forward != nil && layer.reverse != nil ? "\(k).\(wrapper)" : "\(k)"
          let columns = cell.kind.gateCount * cell.hiddenSize
          let kernels = [
            ("\(path).kernel", [layer.inputSize, columns]),
            ("\(path).recurrent_kernel", [cell.hiddenSize, columns]),
          ]
          guard cell.hasBias else { return kernels }
          return kernels + [("\(path).bias", cell.kind == .gru(.resetAfter) ? [2, columns] : [columns])]
        }
      }, seed: seed)
  }

  /// The largest difference between one step computed by two formulas, on three random states.
  static func difference(
    _ kind: RecurrentCellKind, inputSize: Int, _ first: CellFormula, _ second: CellFormula
  ) -> Double {
    var numbers = SeededNumbers(seed: 11)
    return (0..<3).map { _ in
      let x = numbers.vector(inputSize)
      let h = numbers.vector(first.hiddenSize)
      let c = numbers.vector(first.hiddenSize)
      let outputs = zip(
        first.step(kind, x: x, h: h, c: c), second.step(kind, x: x, h: h, c: c))
      return outputs.map { abs($0 - $1) }.max() ?? .infinity
    }.max()!
  }

  /// Sums of at most 20 products below 1, in another order: a few rounding errors of 1e-16 each.
  static let tolerance = 1e-14
}

extension RecurrentStackShape {
  /// Every cell with its place, for tests that go through all of them.
  var everyCell: [(layer: Int, direction: Direction, inputSize: Int, cell: Cell)] {
    layers.enumerated().flatMap { index, layer in
      Direction.allCases.compactMap { direction in
        layer.cell(direction).map { (index, direction, layer.inputSize, $0) }
      }
    }
  }
}
