internal import Recurrent

extension Tagger {
  /// The same tagger with another balance of entities that are missed and entities that are invented: the score of "outside of any
  /// entity" is lower at every word.
  ///
  ///     e(t, O) ← e(t, O) − δ
  ///
  /// A tagger that has seen few entities is surer of "outside" than F1 rewards: δ > 0 finds more entities, with less precision.
  /// Choose δ on sentences that are neither learned from nor judged. Only the output layer's bias is another one.
  ///
  /// - Parameter amount: δ, in nats; any finite number.
  /// - Returns: the tagger itself where its tags have no `O`.
  public func loweringOutside(by amount: Double) -> Tagger {
    guard let outside = vocabulary.tags.firstIndex(of: EntityTag.outside.description),
      let bias = network.layout["output.bias"]
    else { return self }
    var parameters = parameters
    parameters[bias][0, outside] -= Float(amount)
    return Tagger(
      configuration: configuration, vocabulary: vocabulary, network: network, parameters: parameters)
  }
}
