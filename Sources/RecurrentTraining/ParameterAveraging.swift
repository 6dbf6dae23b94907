internal import RecurrentCore

/// A running average of the parameters along the run, which is judged and used in their place: it smooths out what the
/// last batches did.
///
///     average ← k · average + (1 − k) · parameters   after update s, with k = min(decay, s / (s + 10))
///
/// The bound s / (s + 10) lets the first updates' parameters be forgotten quickly.
/// Source: Polyak and Juditsky, Acceleration of stochastic approximation by averaging (1992), doi:10.1137/0330046; with
/// exponential weights as in Tarvainen and Valpola, arXiv:1703.01780.
public struct ParameterAveraging: Sendable, Hashable, Codable {
  /// The largest k. Default 0.995: an average over about the last 200 updates.
  public var decay: Double

  /// The average with the property's default.
  public init(decay: Double = 0.995) { self.decay = decay }

  var problem: OptionProblem? { .unlessFraction("averaging decay", decay) }

  /// - Parameter updates: s, this update counted.
  func update<Scalar>(
    _ average: inout ParameterStore<Scalar>?, with parameters: ParameterStore<Scalar>, updates: Int
  ) {
    let kept = min(decay, Double(updates) / Double(updates + 10))
    average?.values.withUnsafeMutableBufferPointer { average in
      parameters.values.withUnsafeBufferPointer { parameters in
        blend(average, parameters, kept: Scalar(kept), taken: Scalar(1 - kept))
      }
    }
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func blend<Scalar: TensorScalar>(
  _ average: UnsafeMutableBufferPointer<Scalar>, _ parameters: UnsafeBufferPointer<Scalar>, kept: Scalar,
  taken: Scalar
) {
  for index in average.indices { average[index] = kept * average[index] + taken * parameters[index] }
}
