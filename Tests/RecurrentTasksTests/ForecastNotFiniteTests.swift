import Recurrent
import RecurrentCore
import RecurrentTasks
import Testing

/// Where a forecaster's loss or gradient stops being finite.
@Suite struct ForecastNotFiniteTests {
  private typealias Network = ForecastNetwork<Float>
  private let mode = RunMode.training(seed: 1, update: 0)

  /// A window of eight steps of two features, one value known ahead, two horizons; one sequence of three is changed.
  private func batch(_ change: (inout SequenceBatch<Float>, inout Matrix<Float>, inout Matrix<Float>) -> Void)
    -> Network.Batch
  {
    var window = SequenceBatch<Float>(zeros: 8, 3, 2)
    var (ahead, targets) = (Matrix<Float>(zeros: 3, 1), Matrix<Float>(zeros: 3, 2))
    change(&window, &ahead, &targets)
    return Network.Batch(window: window, ahead: ahead, targets: targets)
  }

  private func network(
    _ activation: Activation = .identity, _ weights: [String: Float] = [:]
  ) throws -> (Network, PackedParameters<Float>) {
    let cell = CellConfiguration(.simple(activation), size: 1, bias: false)
    let network = try Network(
      layers: [.bidirectional(forward: cell, reverse: cell)], windowLength: 8, features: 2, aheadSize: 1,
      horizons: 2, linearPath: true)
    var store = ParameterStore<Float>(zeros: network.layout)
    var named = weights
    for slot in network.layout.slots {
      let value = named.removeValue(forKey: slot.name) ?? (slot.name.hasSuffix("weightInput") ? 1 : 0)
      store[slot] = Matrix(
        rows: slot.rows, columns: slot.columns,
        elements: [Float](repeating: value, count: slot.rows * slot.columns))
    }
    #expect(named.isEmpty)
    return (network, PackedParameters(store))
  }

  private func origin(
    _ activation: Activation = .identity, _ weights: [String: Float] = [:],
    _ change: (inout SequenceBatch<Float>, inout Matrix<Float>, inout Matrix<Float>) -> Void
  ) throws -> NotFiniteOrigin? {
    let (network, parameters) = try network(activation, weights)
    return network.firstNotFinite(on: batch(change), parameters: parameters, mode: mode)
  }

  @Test func theData() throws {
    #expect(try origin(.tanh) { window, _, _ in window[5, 1, 1] = .infinity } == .input(step: 5, feature: 1))
    #expect(try origin { _, ahead, _ in ahead[1, 0] = .nan } == .input(step: nil, feature: 0))
    #expect(try origin { _, _, targets in targets[1, 1] = .nan } == .target(step: 7))
  }

  /// 1, 1e10, 1e20, 1e30, and beyond `Float` four steps from the impulse.
  @Test func theRecurrentLayer() throws {
    #expect(
      try origin(.identity, ["recurrent.0.forward.weightHidden": 1e10]) { window, _, _ in
        window[2, 1, 0] = 1
      } == .activation(layer: "recurrent.0.forward", component: "hidden", step: 6))
    #expect(
      try origin(.identity, ["recurrent.0.reverse.weightHidden": 1e10]) { window, _, _ in
        window[6, 1, 0] = 1
      } == .activation(layer: "recurrent.0.reverse", component: "hidden", step: 2))
  }

  @Test func whatReadsTheWindow() throws {
    #expect(
      try origin(.identity, ["head.weight": 1e30]) { window, _, _ in window[7, 1, 0] = 1e10 }
        == .activation(layer: "head", component: "output", step: nil))
    #expect(
      try origin(.tanh, ["linear.weight": 1e30]) { window, _, _ in window[3, 1, 0] = 1e10 }
        == .activation(layer: "linear", component: "output", step: nil))
  }

  /// At weights of 0 the loss ½ y² is finite in `Double`, and the gradient −y x is beyond `Float`.
  @Test func theGradient() throws {
    #expect(
      try origin(.tanh) { window, _, targets in
        window[3, 1, 0] = 1e30
        targets[1, 0] = 1e30
      } == .gradient(lossStep: 7))
    #expect(try origin { _, _, _ in } == nil)
  }
}
