import RecurrentCore
import RecurrentInterchange
import RecurrentTraining
import Testing

/// Twenty updates by PyTorch's optimisers, step for step.
@Suite struct OptimizerFixtureTests {
  static let names = [
    "sgd", "sgd-momentum", "sgd-nesterov", "sgd-weight-decay", "rmsprop", "rmsprop-momentum", "adam", "adamw",
  ]

  @Test(arguments: names) func double(_ name: String) throws {
    let file = try fixture("optimizer-\(name)-f64")
    // Both sides round each operation of doubles (2e-16), 20 times over.
    try follow(
      file, initial: try file.doubles(named: "initial"), gradients: try file.doubles(named: "gradients"),
      expected: try file.doubles(named: "parameters"), tolerance: 1e-12)
  }

  @Test(arguments: names) func float(_ name: String) throws {
    let file = try fixture("optimizer-\(name)-f32")
    // Single precision rounds at 6e-8 of the largest value on the way, up to 30 here; 20 updates; and where PyTorch
    // rounds 1 − β from double, a step differs by up to 1e-6 of itself.
    try follow(
      file, initial: try file.floats(named: "initial"), gradients: try file.floats(named: "gradients"),
      expected: try file.floats(named: "parameters"), tolerance: 2e-6)
  }

  private func follow<Scalar: TensorScalar>(
    _ file: SafeTensors, initial: [Scalar], gradients: [Scalar], expected: [Scalar], tolerance: Double
  ) throws {
    let (configuration, rate) = try configuration(of: file)
    let size = initial.count
    var parameters = ParameterStore(vector: initial)
    var optimizer = Optimizer<Scalar>(configuration, layout: parameters.layout)
    for step in 0..<expected.count / size {
      let range = step * size..<(step + 1) * size
      optimizer.update(&parameters, with: ParameterStore(vector: Array(gradients[range])), rate: rate)
      for (found, expected) in zip(parameters.values, expected[range]) {
        let error = abs(Double(found) - Double(expected)) / max(1, abs(Double(expected)))
        #expect(error <= tolerance, "step \(step + 1): found \(found), expected \(expected)")
      }
    }
    #expect(optimizer.steps == expected.count / size)
  }

  private func configuration(of file: SafeTensors) throws -> (OptimizerConfiguration, Double) {
    let options = try file.options()
    func number(_ name: String, _ otherwise: Double) -> Double { options[name] as? Double ?? otherwise }
    let rate = try #require(options["lr"] as? Double)
    let betas = options["betas"] as? [Double] ?? [0.9, 0.999]
    switch file.metadata["optimizer"] {
    case "SGD":
      return (
        .sgd(
          momentum: number("momentum", 0), nesterov: options["nesterov"] as? Bool ?? false,
          weightDecay: number("weight_decay", 0)), rate
      )
    case "RMSprop":
      return (
        .rmsprop(
          alpha: number("alpha", 0.99), epsilon: number("eps", 1e-8), momentum: number("momentum", 0),
          weightDecay: number("weight_decay", 0)), rate
      )
    case "Adam":
      return (
        .adam(
          beta1: betas[0], beta2: betas[1], epsilon: number("eps", 1e-8),
          weightDecay: number("weight_decay", 0)), rate
      )
    case "AdamW":
      return (
        .adamW(
          beta1: betas[0], beta2: betas[1], epsilon: number("eps", 1e-8),
          weightDecay: number("weight_decay", 0.01)), rate
      )
    case let other:
      Issue.record("unknown optimiser \(other ?? "nil")")
      return (.sgd(), rate)
    }
  }
}
