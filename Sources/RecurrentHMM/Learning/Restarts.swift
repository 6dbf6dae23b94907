extension BaumWelch {
  /// The best of several starts: each is learnt from, and the one with the highest objective stays, the first of equals.
  ///
  /// A start that ends in a singular covariance, a state that dies, or a likelihood that is no number is passed over, unless
  /// all do.
  ///
  /// - Parameters:
  ///   - count: starts, numbered from 0.
  ///   - each: is told every step and the number of its start; false ends learning with what there is.
  /// - Returns: the best, and how many starts were passed over.
  /// - Throws: ``HMMError``: of the last start, where all were passed over; any other at once.
  public static func best(
    of count: Int, _ sequences: [E.Observations], options: BaumWelchOptions<E> = BaumWelchOptions(),
    threads: Int = 1, each: (_ start: Int, _ step: BaumWelchStep<E>) -> Bool = { _, _ in true },
    start: (_ number: Int) throws(HMMError) -> HiddenMarkovModel<E>
  ) throws(HMMError) -> (learning: BaumWelch, failures: Int) {
    precondition(count > 0, "\(count) starts")
    var best: BaumWelch?
    var faults: [HMMError] = []
    for number in 0..<count {
      var goesOn = true
      do throws(HMMError) {
        var learning = try BaumWelch(try start(number), sequences, options: options, threads: threads)
        while goesOn, let step = try learning.next() { goesOn = each(number, step) }
        if best.map({ learning.objective > $0.objective }) ?? true { best = learning }
      } catch {
        switch error {
        case .singularCovariance, .stateDied, .notFinite: faults.append(error)
        default: throw error
        }
      }
      if !goesOn { break }
    }
    guard let best else { throw faults[faults.count - 1] }
    return (best, faults.count)
  }
}
