public import Recurrent

/// Something that can be done with a model of any emission and sequences that it can read.
public protocol MarkovOperation {
  /// What comes of it.
  associatedtype Outcome
  /// Does it.
  func run<E: Emission>(
    _ model: HiddenMarkovModel<E>, _ sequences: [E.Observations]
  ) throws(HMMError) -> Outcome
}

extension MarkovModel {
  /// Does something with the model and a file's sequences.
  ///
  /// - Throws: ``MarkovError`` with the place in the file.
  public func perform<Operation: MarkovOperation>(
    _ operation: Operation, on data: MarkovData
  ) throws(MarkovError) -> Operation.Outcome {
    switch self {
    case .categorical(let model):
      try Self.perform(operation, model, data.symbolSequences(model.emission.symbols), data)
    case .gaussian(let model): try Self.perform(operation, model, data.vectorSequences(), data)
    case .mixture(let model): try Self.perform(operation, model, data.vectorSequences(), data)
    case .poisson(let model): try Self.perform(operation, model, data.vectorSequences(), data)
    }
  }

  private static func perform<Operation: MarkovOperation, E: Emission>(
    _ operation: Operation, _ model: HiddenMarkovModel<E>, _ sequences: [E.Observations], _ data: MarkovData
  ) throws(MarkovError) -> Operation.Outcome {
    do throws(HMMError) {
      return try operation.run(model, sequences)
    } catch {
      throw data.error(error)
    }
  }
}
