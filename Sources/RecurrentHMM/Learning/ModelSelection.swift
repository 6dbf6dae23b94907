internal import Foundation

/// How well a model of some number of states explains what it was learnt from, for its size.
public struct ModelSelectionRow: Sendable, Hashable {
  /// K.
  public let states: Int
  /// Free parameters p.
  public let parameters: Int
  /// log L of what it was learnt from.
  public let logLikelihood: Double
  /// −2 log L + 2 p. Akaike, A new look at the statistical model identification (1974), doi:10.1109/TAC.1974.1100705.
  public let aic: Double
  /// −2 log L + p log N, of N steps that are not missing. Schwarz, Estimating the dimension of a model (1978), doi:10.1214/aos/1176344136.
  public let bic: Double
  /// log L of sequences that were held out, for each of their steps that is not missing, −∞ where one is impossible; `nil`: there
  /// were none.
  public let heldOut: Double?
  /// Why learning ended; `nil`: it did not.
  public let stopReason: BaumWelchStopReason?
  /// Steps that learning took.
  public let steps: Int
}

extension BaumWelch {
  /// This model beside others of other sizes.
  ///
  /// - Parameter heldOut: sequences that it was not learnt from.
  /// - Throws: ``HMMError``: an observation that the model does not know.
  public func selectionRow(heldOut: [E.Observations] = []) throws(HMMError) -> ModelSelectionRow {
    let parameters = parameterCount
    let observations = observationCount
    let held = try model.logLikelihoods(heldOut).reduce(0, +)
    let heldCount = heldOut.reduce(0) { $0 + $1.observedCount }
    return ModelSelectionRow(
      states: model.stateCount, parameters: parameters, logLikelihood: logLikelihood,
      aic: -2 * logLikelihood + 2 * Double(parameters),
      bic: -2 * logLikelihood + Double(parameters) * log(Double(max(observations, 1))),
      heldOut: heldCount == 0 ? nil : held / Double(heldCount),
      stopReason: stopReason, steps: steps)
  }
}
