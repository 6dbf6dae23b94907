public import RecurrentCore

/// The scores of a chain of K states but for what is seen of it: of where it begins, of each transition, of where it ends.
///
/// A path h₁ … h_T through emission scores e `[T, K]` scores
///
///     initial(h₁) + Σₜ e(t, hₜ) + Σₜ transition(hₜ, hₜ₊₁) + final(h_T)
///
/// All are logarithms: of probabilities in a hidden Markov model, of anything positive in a conditional random field. −∞
/// forbids. Whatever makes emission scores can use the recursions: none of them knows a model.
///
/// A path of no step, T = 0, is one path of score 0.
public struct ChainScores: Sendable, Hashable {
  /// K.
  public let stateCount: Int
  /// `[K]`.
  public var initial: [Double] { didSet { require(initial.count, "initial scores") } }
  /// `[K, K]`: row, the state before; column, the state after.
  public var transition: Matrix<Double> {
    didSet {
      require(transition.rows, "rows of transitions")
      require(transition.columns, "columns of transitions")
    }
  }
  /// `[K]`; all 0 where a path may end anywhere at no cost.
  public var final: [Double] { didSet { require(final.count, "final scores") } }

  /// - Parameter final: `nil`: all 0.
  public init(initial: [Double], transition: Matrix<Double>, final: [Double]? = nil) {
    let count = initial.count
    precondition(count > 0, "a chain needs a state")
    precondition(
      transition.rows == count && transition.columns == count && (final?.count ?? count) == count,
      "\(count) initial scores, transitions [\(transition.rows), \(transition.columns)], \(final?.count ?? count) final scores"
    )
    stateCount = count
    self.initial = initial
    self.transition = transition
    self.final = final ?? [Double](repeating: 0, count: count)
  }

  private func require(_ found: Int, _ what: String) {
    precondition(found == stateCount, "\(what): \(found), expected \(stateCount)")
  }

  /// Checks that states are those of the chain.
  func require(states: some Sequence<Int>) {
    for state in states {
      precondition(state >= 0 && state < stateCount, "state \(state) of a chain of \(stateCount)")
    }
  }

  /// Checks the columns of emission scores.
  func require(_ emission: Matrix<Double>) {
    precondition(
      emission.columns == stateCount || emission.rows == 0,
      "emission scores [\(emission.rows), \(emission.columns)] of a chain of \(stateCount) states")
  }
}
