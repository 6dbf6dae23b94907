internal import Recurrent
internal import RecurrentTasks

/// One operation on a model and its sequences.
final class ChainProgram: BenchProgram {
  private let body: () throws -> Void
  private let result: () throws -> [[Double]]

  /// - Parameter emission: what is compared of an emission that EM made.
  init<E: Emission>(
    _ operation: ChainCase.Operation, _ model: HiddenMarkovModel<E>, _ sequences: [E.Observations],
    threads: Int, emission: @escaping (E) -> [Double]
  ) throws {
    switch operation {
    case .score:
      body = { consume(try model.logLikelihoods(sequences, threads: threads)) }
      result = { [[try model.logLikelihoods(sequences, threads: threads).reduce(0, +)]] }
    case .posterior:
      body = { consume(try model.posteriors(sequences, threads: threads)) }
      result = { [try model.posteriors(sequences, threads: threads).flatMap(\.states.elements)] }
    case .path:
      body = { consume(try model.mostLikelyPaths(sequences, threads: threads)) }
      result = {
        let paths = try model.mostLikelyPaths(sequences, threads: threads)
        return [paths.flatMap(\.states).map { Double($0) }, [paths.reduce(0) { $0 + $1.score }]]
      }
    case .em:
      // A step is M and E: what was counted here becomes a model, and under that everything is counted again.
      let options = BaumWelchOptions<E>(steps: 1, tolerance: 0, emptyStates: .keep)
      let counted = try BaumWelch(model, sequences, options: options, threads: threads)
      body = {
        var learning = counted
        consume(try learning.next())
      }
      result = {
        var learning = counted
        guard let step = try learning.next() else { return [] }
        return [step.model.transition.elements, emission(step.model.emission)]
      }
    }
  }

  func call() {
    do { try body() } catch { leave(65, "\(error)") }
  }

  /// What other programs must agree on: checksums of arrays, and single numbers themselves.
  func check(_ weights: [Double]) throws -> [Double] {
    try result().map { values in
      if values.count == 1 { return values[0] }
      return zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / Double(values.count).squareRoot()
    }
  }
}
