import Foundation
import RecurrentCore
import RecurrentTestSupport
import RecurrentTraining
import Testing

extension OptimizerConfiguration {
  /// The published formula, one number at a time.
  fileprivate var naive: any NaiveUpdate {
    switch self {
    case .sgd(let momentum, let nesterov, let weightDecay):
      NaiveSGD(momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
    case .rmsprop(let alpha, let epsilon, let momentum, let weightDecay):
      NaiveRMSprop(alpha: alpha, epsilon: epsilon, momentum: momentum, weightDecay: weightDecay)
    // Rows of tables apart, which these parameters have none of, it is Adam.
    case .adam(let beta1, let beta2, let epsilon, let weightDecay),
      .sparseAdam(let beta1, let beta2, let epsilon, let weightDecay):
      NaiveAdam(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
    case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
      NaiveAdam(
        beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, isDecoupled: true)
    }
  }
}

@Suite struct OptimizerTests {
  static let configurations: [OptimizerConfiguration] = [
    .sgd(), .sgd(momentum: 0.8, weightDecay: 0.01), .sgd(momentum: 0.9, nesterov: true, weightDecay: 0.1),
    .sgd(weightDecay: 0.3), .rmsprop(), .rmsprop(alpha: 0.8, epsilon: 1e-3, momentum: 0.7, weightDecay: 0.05),
    .adam(), .adam(beta1: 0.5, beta2: 0.9, epsilon: 1e-4, weightDecay: 0.2), .adamW(),
    .adamW(beta1: 0.7, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.5), .sparseAdam(),
    .sparseAdam(beta1: 0.5, beta2: 0.9, epsilon: 1e-4, weightDecay: 0.2),
  ]

  /// Sizes around the widths of vector registers, a rate that moves, and gradients that are scaled on the way.
  @Test(arguments: configurations) func equalsScalarFormulas(_ configuration: OptimizerConfiguration) {
    for count in [1, 3, 8, 17, 40] {
      var draws = Draws(UInt64(count))
      var parameters = ParameterStore(vector: draws.uniforms(count))
      var expected = parameters.values
      var optimizer = Optimizer<Double>(configuration, layout: parameters.layout)
      var twins = [any NaiveUpdate](repeating: configuration.naive, count: count)
      for step in 1...12 {
        let gradients = draws.uniforms(count)
        let rate = 0.1 / Double(step)
        optimizer.update(
          &parameters, with: ParameterStore(vector: gradients), rate: rate, gradientScale: 0.25)
        for index in 0..<count {
          expected[index] = twins[index].moved(expected[index], gradient: 0.25 * gradients[index], rate: rate)
        }
      }
      for (found, expected) in zip(parameters.values, expected) {
        // A dozen operations of doubles a step, values of order 1.
        #expect(abs(found - expected) <= 1e-13, "\(configuration), \(count) parameters")
      }
    }
  }

  @Test(arguments: configurations) func survivesCodingBetweenUpdates(
    _ configuration: OptimizerConfiguration
  ) throws {
    var draws = Draws(5)
    var parameters = ParameterStore<Float>(vector: draws.uniforms(9).map(Float.init))
    var optimizer = Optimizer<Float>(configuration, layout: parameters.layout)
    var twin = (optimizer, parameters)
    for _ in 0..<5 {
      let gradients = ParameterStore<Float>(vector: draws.uniforms(9).map(Float.init))
      optimizer.update(&parameters, with: gradients, rate: 0.01)
      twin.0.update(&twin.1, with: gradients, rate: 0.01)
      twin.0 = try JSONDecoder().decode(Optimizer<Float>.self, from: JSONEncoder().encode(twin.0))
      twin.1 = try JSONDecoder().decode(ParameterStore<Float>.self, from: JSONEncoder().encode(twin.1))
    }
    #expect(twin.0 == optimizer)
    #expect(twin.1 == parameters)
  }

  @Test func keepsOnlyTheMomentsItUses() {
    let layout = vectorLayout(2)
    #expect(Optimizer<Float>(.sgd(), layout: layout).firstMoment == nil)
    #expect(Optimizer<Float>(.sgd(momentum: 0.9), layout: layout).firstMoment != nil)
    #expect(Optimizer<Float>(.rmsprop(), layout: layout).firstMoment == nil)
    #expect(Optimizer<Float>(.rmsprop(), layout: layout).secondMoment != nil)
    #expect(Optimizer<Float>(.adam(), layout: layout).secondMoment?.values == [0, 0])
    #expect(Optimizer<Float>(.sparseAdam(), layout: layout).firstMoment?.values == [0, 0])
  }

  @Test func refusesConstantsOutOfRange() {
    #expect(OptimizerConfiguration.sgd(nesterov: true).problem?.option == "momentum")
    #expect(OptimizerConfiguration.sgd(momentum: 1).problem?.option == "momentum")
    #expect(OptimizerConfiguration.rmsprop(alpha: -0.1).problem?.option == "alpha")
    #expect(OptimizerConfiguration.adam(beta2: .nan).problem?.option == "beta2")
    #expect(OptimizerConfiguration.adam(epsilon: 0).problem?.option == "epsilon")
    #expect(OptimizerConfiguration.adamW(weightDecay: .infinity).problem?.option == "weight decay")
    #expect(OptimizerConfiguration.sparseAdam(beta1: 1).problem?.option == "beta1")
    #expect(Self.configurations.allSatisfy { $0.problem == nil })
  }
}
