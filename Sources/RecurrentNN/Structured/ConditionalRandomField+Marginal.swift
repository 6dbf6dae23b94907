public import RecurrentCore
internal import RecurrentHMM

extension ConditionalRandomField {
  /// −log P(yₜ = k | e) of one sequence, all other labels left open, with its gradient by the emissions:
  ///
  ///     ∂/∂e(s, j) = P(y_s = j | e) − P(y_s = j | e, yₜ = k)
  ///
  /// Time 2 T K².
  ///
  /// - Parameters:
  ///   - emissions: e `[T, K]`.
  ///   - step: t, from 0.
  ///   - label: k.
  /// - Returns: the loss in nats and the gradient `[T, K]`; `nil` where the constraints leave no labelling with that label.
  public func marginalLoss(
    _ emissions: Matrix<Scalar>, step: Int, label: Int, parameters: PackedParameters<Scalar>
  ) -> (loss: Double, gradient: Matrix<Scalar>)? {
    precondition(
      emissions.columns == labelCount && (0..<emissions.rows).contains(step)
        && (0..<labelCount).contains(label),
      "label \(label) of step \(step) in emissions [\(emissions.rows), \(emissions.columns)] of a field of \(labelCount) labels"
    )
    let scores = scores(parameters)
    let free = Matrix<Double>(
      rows: emissions.rows, columns: labelCount, elements: emissions.elements.map { Double($0) })
    var fixed = free
    for other in 0..<labelCount where other != label { fixed[step, other] = -.infinity }
    guard let all = scores.posterior(free), let some = scores.posterior(fixed) else { return nil }
    return (
      all.logLikelihood - some.logLikelihood,
      Matrix(
        rows: emissions.rows, columns: labelCount,
        elements: zip(all.states.elements, some.states.elements).map { Scalar($0 - $1) })
    )
  }
}
