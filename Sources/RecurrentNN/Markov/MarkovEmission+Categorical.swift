internal import Foundation
public import RecurrentCore
public import RecurrentHMM

extension MarkovEmission {
  /// Writes the logarithms of an emission's probabilities into a store as the logits. Precondition: K states, M symbols.
  public func set(_ emission: CategoricalEmission, in store: inout ParameterStore<Scalar>) {
    precondition(
      emission.stateCount == outputSize && emission.symbolCount == inputSize,
      "'\(logits.name)' is [\(outputSize), \(inputSize)], the emission [\(emission.stateCount), \(emission.symbolCount)]"
    )
    for (index, probability) in emission.probabilities.elements.enumerated() {
      store.values[logits.offset + index] = Scalar(log(probability))
    }
  }

  /// The emission that a store holds.
  ///
  /// - Parameter symbols: names; `nil`: "0", "1", ….
  public func distribution(
    _ store: ParameterStore<Scalar>, symbols: [String]? = nil
  ) -> CategoricalEmission {
    let table = LogProbabilityTable(logits, store.values)
    return CategoricalEmission(
      Matrix(rows: outputSize, columns: inputSize, elements: table.logarithms.map { exp($0) }),
      symbols: symbols)
  }
}
