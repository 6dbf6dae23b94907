internal import Foundation
public import Recurrent
internal import RecurrentCore
internal import RecurrentNN

/// What a trained model did with one sequence: the gates and states of every recurrent layer at every step, and how a loss depends
/// on each step.
///
///     let explanation = try model.explanation(of: "A cat is catching a mouse in my house")
///     explanation.layers[0].gates[1].values[4]      // the forget gate of every unit at the fifth token
///     explanation.layers[0].gradients[0].norms      // ‖∂L/∂hₜ‖ at every token
///
/// The sequence is read from states of zero, and nothing is random.
public struct Explanation: Sendable, Equatable {
  /// What a text's loss asks about.
  public enum Question: Sendable, Hashable {
    /// What the model says: of a language model its most probable next token, of a tagger its tag of the last token, of a classifier
    /// its class, of one that fills gaps its filling of the first gap, or else the last token of the text, of a forecaster the nearest
    /// row.
    case answer
    /// One token of the text, counted from 1: what a language model or one that fills gaps says of it, or its tag. Of a forecaster,
    /// rows ahead.
    case token(Int)
    /// All tokens, or all horizons: the sum of their losses, or forecasts.
    case all
    /// A class, whether or not the classifier says it.
    case label(String)
  }

  /// What the sequence is made of.
  public struct Step: Sendable, Hashable {
    /// The token, or what stands for a step without one.
    public let text: String
    /// Whether the vocabulary lacks it, so that the model reads the unknown token in its place; of a tagger's word, whether it has no
    /// vector of its own.
    public let isUnknown: Bool
    /// Whether it is a mark that the model puts before or behind a text, so that it is no token of the text.
    public let isMark: Bool

    init(_ text: String, isUnknown: Bool = false, isMark: Bool = false) {
      (self.text, self.isUnknown, self.isMark) = (text, isUnknown, isMark)
    }
  }

  /// Numbers of one layer with a name, at every step.
  public struct Quantity: Sendable, Equatable {
    /// "forget gate", "candidate", "cell", "hidden".
    public let name: String
    /// Of each step and unit.
    public let values: [[Float]]

    /// Of each step the mean over the units: of a gate of its values, otherwise of their magnitudes, since signs cancel.
    public var means: [Double] {
      let isGate = isGate
      return values.map { units in
        units.reduce(0) { $0 + Double(isGate ? $1 : abs($1)) } / Double(max(units.count, 1))
      }
    }

    /// Whether it is one that opens and closes, between 0 and 1.
    public var isGate: Bool { name.hasSuffix("gate") }
  }

  /// ‖∂L/∂sₜ‖ of one component of a layer's state.
  public struct Gradient: Sendable, Equatable {
    /// "hidden", "cell".
    public let state: String
    /// Of each step.
    public let norms: [Double]
    /// The factor of one step back through time; `nil` where the gradient reaches fewer than two steps.
    public let decay: Double?
  }

  /// One recurrent layer in one direction.
  public struct Layer: Sendable, Equatable {
    /// From 1, from below; a layer of two directions has one number.
    public let number: Int
    /// Which way it reads.
    public let direction: Direction
    /// "LSTM", "GRU", "SimpleRNN", or the type of a cell of one's own.
    public let cell: String
    /// H.
    public let units: Int
    /// Values behind their activation; none where the cell shows none.
    public let gates: [Quantity]
    /// The state after each step.
    public let states: [Quantity]
    /// By what each step handed on, the output's own share in it; of each component of the state.
    public let gradients: [Gradient]

    /// "layer 1, forward".
    public var name: String { "layer \(number), \(direction.rawValue)" }
    /// Gates, then states.
    public var quantities: [Quantity] { gates + states }
  }

  /// What the model is: "language model".
  public let model: String
  /// Of the sequence, in its order.
  public let steps: [Step]
  /// What a step is: "token", "step" of a series, "row" of a table.
  public let stepName: String
  /// L in words: "−log P(next token is 'e')".
  public let question: String
  /// L, in nats; of a forecaster a normalised forecast.
  public let loss: Double
  /// Of ``loss``; `nil`: a pure number.
  public let unit: String?
  /// What each step of ``steps`` is among the tokens, from 1; `nil`: a mark.
  public var tokenNumbers: [Int?] {
    var count = 0
    return steps.map { step in
      if step.isMark { return nil }
      count += 1
      return count
    }
  }
  /// From below, the forward direction before the reverse one.
  public let layers: [Layer]
  /// ‖∂L/∂xₜ‖ of every step: by the token's vector, or by the step's values.
  public let saliency: [Double]

  /// The longest sequence: every value of every step is kept.
  public static let mostSteps = 1000
}

extension Explanation {
  /// - Parameter step: the one that the loss is asked at, where its own share is in the gradients of other steps too.
  init<Scalar: TensorScalar>(
    model: String, steps: [Step], stepName: String = "token", question: String, loss: Double,
    unit: String? = "nats",
    at step: Int? = nil, trace: ModelTrace<Scalar>
  ) {
    (self.model, self.steps, self.question) = (model, steps, question)
    (self.stepName, self.loss, self.unit) = (stepName, loss, unit)
    saliency = trace.inputGradient.norms()
    // Directions are counted by themselves: a layer of two, and branches that run apart, have one number.
    var numbers: [Direction: Int] = [:]
    layers = trace.cells.map { cell in
      let number = numbers[cell.direction, default: 0] + 1
      numbers[cell.direction] = number
      return Layer(
        number: number, direction: cell.direction,
        cell: cell.cell.hasSuffix("Cell") ? String(cell.cell.dropLast(4)) : cell.cell,
        units: cell.states.first?.values.features ?? 0, gates: cell.gates.map(Quantity.init),
        states: cell.states.map(Quantity.init),
        gradients: cell.states.map { state in
          let norms = cell.gradientNorms(of: state.name)
          // A memory has no share in the output of its own step: the loss comes to it one step back.
          let back = state.name == "hidden" ? 0 : cell.direction == .forward ? -1 : 1
          return Gradient(
            state: state.name, norms: norms,
            decay: CellTrace<Scalar>.decay(
              of: norms, direction: cell.direction, from: step.map { $0 + back }))
        })
    }
  }
}

extension Explanation.Quantity {
  fileprivate init<Scalar: TensorScalar>(_ quantity: CellTrace<Scalar>.Quantity) {
    let values = quantity.values
    name = quantity.name
    self.values = (0..<values.steps).map { t in (0..<values.features).map { Float(values[t, 0, $0]) } }
  }
}

/// Why a model cannot be explained on a sequence.
public enum ExplanationProblem: Error, Sendable, CustomStringConvertible {
  /// A text without a token.
  case noToken(source: String)
  /// More steps than are kept.
  case tooLong(source: String, steps: Int)
  /// A question about a token that the text does not have, or that is not asked for.
  case noSuchToken(number: Int, range: ClosedRange<Int>?, what: String)
  /// A horizon that a forecaster was not trained for.
  case noSuchHorizon(number: Int, known: [Int])
  /// A class that the model does not have.
  case unknownClass(String, nearest: String?, known: [String])
  /// A question that means nothing for the model.
  case question(String, model: String, expected: String)
  /// A unit that no layer has.
  case noSuchUnit(number: Int, most: Int)
  /// A layer that the model does not have.
  case noSuchLayer(number: Int, most: Int)
  /// A network without a recurrent layer.
  case notRecurrent
  /// A token that the vocabulary does not have, and none that stands for it.
  case data(DataError)
  /// An example that does not fit the model.
  case task(TaskError)

  public var description: String {
    switch self {
    case .noToken(let source): "\(source): found no token, expected one at least; give a text with words"
    case .tooLong(let source, let steps):
      "\(source): \(steps) steps, expected at most \(Explanation.mostSteps), since every value of every step is shown; give a shorter text"
    case .noSuchToken(let number, let range?, let what):
      "token \(number) is \(what), expected one from \(range.lowerBound) to \(range.upperBound); count tokens from 1, as the output does"
    case .noSuchToken(let number, nil, let what):
      "token \(number) is \(what), expected a longer text; give one of two tokens at least"
    case .noSuchHorizon(let number, let known):
      "a forecast \(number) rows ahead is not made, expected one of \(known.map(String.init).joined(separator: ", ")); give one of them with --at, or all"
    case .unknownClass(let name, let nearest, let known):
      "there is no class \(quoted(name)), expected one of \(known.prefix(12).map(quoted).joined(separator: ", "))\(nearest.map { "; did you mean \(quoted($0))?" } ?? "; give one of them")"
    case .question(let found, let model, let expected):
      "\(found) means nothing for \(model), expected \(expected); leave it out"
    case .noSuchUnit(let number, let most):
      "unit \(number) does not exist, expected one from 1 to \(most), as many as the largest layer shown has; count units from 1"
    case .noSuchLayer(let number, let most):
      "layer \(number) does not exist, expected one from 1 to \(most), from below; count layers from 1"
    case .notRecurrent:
      "the model: no layer is recurrent, so there are no gates or states, expected one at least; train with --hidden"
    case .data(let error): error.description
    case .task(let error): error.description
    }
  }
}

/// The losses that questions are about, with their gradients, in double precision.
enum ExplainedLoss {
  /// −log softmax(z)ₖ summed over some rows of logits z, and its gradient.
  ///
  /// - Parameter targets: rows and classes.
  static func softmax(
    _ outputs: Matrix<Float>, _ targets: [(row: Int, target: Int)]
  ) -> (loss: Double, gradient: Matrix<Float>) {
    var (loss, gradient) = (0.0, Matrix<Float>(zeros: outputs.rows, outputs.columns))
    for (row, target) in targets {
      let logits = outputs.row(row).map(Double.init)
      let top = logits.max() ?? 0
      let weights = logits.map { exp($0 - top) }
      let sum = weights.reduce(0, +)
      loss += log(sum) - (logits[target] - top)
      var others = 0.0
      for (column, weight) in weights.enumerated() where column != target {
        others += weight
        gradient[row, column] = Float(weight / sum)
      }
      // P − 1 by what is not the target: near 1 nothing of the difference would be left.
      gradient[row, target] = Float(-others / sum)
    }
    return (loss, gradient)
  }

  /// The greatest of a row; of equal ones the first.
  static func greatest(_ outputs: Matrix<Float>, row: Int, except excluded: Int? = nil) -> Int {
    var best: Int?
    for column in 0..<outputs.columns where column != excluded {
      if best.map({ outputs[row, column] > outputs[row, $0] }) ?? true { best = column }
    }
    return best ?? 0
  }
}
