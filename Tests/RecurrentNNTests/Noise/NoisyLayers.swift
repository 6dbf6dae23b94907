import RecurrentCore
import RecurrentNN

/// A cell with noise in a layer of one direction, as the tests of noise use it.
struct NoisyLayer: CustomStringConvertible, Sendable {
  let kind: CellConfiguration.Kind
  let direction: Direction
  var dropout = 0.3
  var zoneout = 0.2
  var zoneoutMemory = 0.4

  var description: String {
    "\(kind) \(direction) dropout \(dropout) zoneout \(zoneout) \(zoneoutMemory)"
  }

  func configuration(size: Int = 5) -> LayerConfiguration {
    .recurrent(
      CellConfiguration(
        kind, size: size, recurrentDropout: dropout, zoneout: zoneout,
        zoneoutMemory: kind.hasMemory ? zoneoutMemory : 0), direction: direction)
  }

  func make<Scalar: TensorScalar>(
    size: Int = 5, in layout: inout ParameterLayout
  ) -> any SequenceLayer<Scalar> {
    do {
      return try configuration(size: size).makeLayer(inputSize: 3, named: "layer", in: &layout)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  static let kinds: [CellConfiguration.Kind] =
    Activation.allCases.map { .simple($0) } + GRUForm.allCases.map { .gru($0) } + [.lstm, .layerNormLSTM]

  /// Every cell in both directions, with each sort of noise alone and all together.
  static let all: [NoisyLayer] = kinds.flatMap { kind in
    Direction.allCases.flatMap { direction in
      [
        NoisyLayer(kind: kind, direction: direction),
        NoisyLayer(kind: kind, direction: direction, zoneout: 0, zoneoutMemory: 0),
        NoisyLayer(kind: kind, direction: direction, dropout: 0, zoneoutMemory: 0),
        NoisyLayer(kind: kind, direction: direction, dropout: 0, zoneout: 0),
      ]
    }
  }.filter { $0.kind.hasMemory || $0.dropout + $0.zoneout > 0 }

  static let mode = RunMode.training(seed: 11, update: 4)
}
