public import RecurrentCore

/// Compares the gradients of a model with central differences, in Double: every parameter, the input, and every
/// component of the initial state.
///
/// What is differentiated is
///
///     L = Σ loss at the positions + Σ wₖ sₖ
///
/// with sₖ all numbers of the final state and wₖ weights that are all distinct. Without the second term a state that
/// is not frozen at the end of its sequence, or whose gradient is lost there, would go unseen. The batch decides the
/// rest: let it have ragged lengths with a zero, an initial state that is not zero, and sizes that all differ, or the
/// check proves little.
///
/// The numeric derivative is (L(x + ε) − L(x − ε)) / 2ε. A tensor that it leaves with an error above a tenth of the
/// tolerance is differentiated again by the five-point formula with steps of 10 ε, whose error is smaller: a wrong
/// gradient stays wrong, and a right one is not blamed for the rounding of L. A function with a kink (ReLU) must have none
/// within reach; ``GradientCheckSuite`` draws its numbers accordingly. Cost: two losses for each number checked.
public struct GradientCheck: Sendable {
  /// The greatest error that counts as equal, 10⁻⁷. In the networks of ``GradientCheckSuite`` right gradients stay below
  /// 3 · 10⁻⁸, and the mildest tensor of any ``GradientFault`` stands at 10⁻².
  public static let tolerance = 1e-7

  /// ε, 10⁻⁵. The error of a central difference is about ε² |L‴| / 6 + 2⁻⁵³ |L| / ε, which is least near
  /// ε = (3 · 2⁻⁵³)^⅓ ≈ 7 · 10⁻⁶, where both parts are some 10⁻¹¹ to 10⁻¹⁰; of the five-point formula with steps h = 10 ε
  /// it is h⁴ |L⁽⁵⁾| / 30 + 1.5 · 2⁻⁵³ |L| / h, some 10⁻¹¹.
  public var epsilon = 1e-5
  /// The least denominator of a relative error, 10⁻³: where all derivatives of a tensor are smaller, the rounding of L
  /// that is left would be taken for an error of the gradient.
  public var floor = 1e-3
  /// Default: all.
  public var parts: Parts = .all

  /// What is checked.
  public struct Parts: OptionSet, Sendable, Hashable {
    /// One bit for each part.
    public let rawValue: Int
    /// From the bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Every parameter slot.
    public static let parameters = Parts(rawValue: 1)
    /// The input, at every step that has data.
    public static let input = Parts(rawValue: 2)
    /// Every component of the initial state.
    public static let initialState = Parts(rawValue: 4)
    /// All three.
    public static let all: Parts = [.parameters, .input, .initialState]
  }

  /// The check with its defaults.
  public init() {}

  /// - Parameters:
  ///   - batch: its initial state is zeros where it gives none.
  ///   - mode: `.training` checks dropout too: its masks are the same in every evaluation.
  public func report(
    _ model: SequenceModel<Double>, on batch: SequenceModel<Double>.Batch,
    parameters: ParameterStore<Double>, mode: RunMode = .inference
  ) -> GradientReport {
    report(model, on: batch, gradientsOf: model, on: batch, parameters: parameters, mode: mode)
  }

  /// Compares the differences of one model with the gradients of another: how a fault is shown to be seen.
  func report(
    _ model: SequenceModel<Double>, on batch: SequenceModel<Double>.Batch,
    gradientsOf analyticModel: SequenceModel<Double>, on analyticBatch: SequenceModel<Double>.Batch,
    parameters: ParameterStore<Double>, mode: RunMode
  ) -> GradientReport {
    let objective = GradientCheckObjective(model: model, batch: batch, mode: mode)
    let weights = GradientCheckObjective.weights(like: objective.initialState)
    var gradients = ParameterStore<Double>(zeros: parameters.layout)
    let analytic = analyticModel.gradient(
      on: analyticBatch, parameters: PackedParameters(parameters), mode: mode, finalStateGradient: weights,
      into: &gradients
    ).gradient

    var entries: [GradientReport.Entry] = []
    if parts.contains(.parameters) {
      for slot in parameters.layout.slots {
        entries.append(
          entry(slot.name, Array(gradients.values[slot.range])) {
            objective.parameterDifferences($0, slot, parameters)
          })
      }
    }
    let packed = PackedParameters(parameters)
    if parts.contains(.input) {
      entries.append(entry("input", analytic.input.values) { objective.inputDifferences($0, packed) })
    }
    if parts.contains(.initialState) {
      let found = analytic.initialState.components
      for (index, component) in objective.initialState.components.enumerated() {
        entries.append(
          entry("initialState.\(component.path)", found[index].value.elements) {
            objective.stateDifferences($0, component: index, packed)
          })
      }
    }
    return GradientReport(entries: entries)
  }

  private func entry(
    _ name: String, _ analytic: [Double], _ numeric: (DifferenceFormula) -> [Double]
  ) -> GradientReport.Entry {
    let quick = GradientReport.Entry(
      name: name, analytic: analytic, numeric: numeric(.threePoint(epsilon)), floor: floor)
    if quick.error <= Self.tolerance / 10 { return quick }
    return GradientReport.Entry(
      name: name, analytic: analytic, numeric: numeric(.fivePoint(10 * epsilon)), floor: floor)
  }
}

/// A derivative by differences of a function's values around x.
enum DifferenceFormula {
  /// (f(x + h) − f(x − h)) / 2h
  case threePoint(Double)
  /// (8 (f(x + h) − f(x − h)) − (f(x + 2h) − f(x − 2h))) / 12h
  case fivePoint(Double)

  func derivative(at x: Double, _ function: (Double) -> Double) -> Double {
    /// The slope of the chord, by the distance that was in fact gone.
    func slope(_ h: Double) -> Double {
      let above = x + h
      let below = x - h
      return (function(above) - function(below)) / (above - below)
    }
    switch self {
    case .threePoint(let h): return slope(h)
    case .fivePoint(let h): return (4 * slope(h) - slope(2 * h)) / 3
    }
  }
}
