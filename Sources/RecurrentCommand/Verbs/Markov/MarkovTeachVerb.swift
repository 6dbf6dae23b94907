internal import Foundation
internal import Recurrent
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent hmm teach`: the recursions on models so small that every path can be seen.
struct MarkovTeachVerb: Verb {
  enum Lesson: String, CaseIterable, Sendable { case dice, bank }

  static let lesson = Argument<Lesson>(
    "LESSON", .choice(),
    help: "dice: all paths beside the recursions; bank: what comes later decides what a word meant.")
  static let observe = Option(
    "observe", .list(of: .choice(of: MarkovLessons.dice.emission.symbols, placeholder: "FACE")),
    default: ["1", "6", "2"],
    help: "The rolls of the dice, 12 at most.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "hmm teach", summary: "see the recursions beside all paths, and what the future says of the past",
      discussion: """
        dice: two dice, of which one is loaded. Every path with its probability, whose sum is that of the rolls; then the two \
        numbers a step of the forward and of the backward recursion that give the same; and how many operations each way \
        takes. bank: 银行 read with 河边 散步 behind it, and with 存钱.
        """,
      arguments: [Self.lesson],
      options: [OptionGroup("Dice", Self.observe), OptionGroup("Output", StandardOptions.quiet)],
      examples: [
        .init("recurrent hmm teach dice --observe 1,6,2", "Eight paths, or two numbers a step."),
        .init("recurrent hmm teach bank", "A bank of money or of a river."),
      ])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    switch arguments[Self.lesson] {
    case .dice:
      let rolls = arguments[Self.observe]
      if rolls.count > 12 {
        throw .usage(
          "'--observe' has \(rolls.count) rolls, expected 12 at most: \(1 << rolls.count) paths are too many to see"
        )
      }
      try console.print(Self.dice(rolls, console))
    case .bank:
      try arguments.refuse(Self.observe, circumstance: "with the lesson bank")
      try console.print(Self.bank(console))
    }
    return .success
  }

  private static let format = NumberFormat.significant(6)

  // MARK: - Dice

  private static func dice(_ rolls: [String], _ console: Console) -> String {
    let model = MarkovLessons.dice
    let symbols = rolls.compactMap { model.emission.symbols.firstIndex(of: $0) }
    let emission = model.emissionScores(SymbolSequence(symbols))
    let scores = model.scores
    var paths = ReportTable(
      [.text("path"), .number("P(path, rolls)")], caption: "Every path: \(1 << rolls.count)")
    var sum = 0.0
    for number in 0..<1 << rolls.count {
      let path = (0..<rolls.count).map { number >> (rolls.count - 1 - $0) & 1 }
      let probability = exp(scores.score(of: path, emission))
      sum += probability
      paths.append([path.map { model.states[$0] }.joined(separator: " "), format.text(probability)])
    }
    paths.append(["sum = P(rolls)", format.text(sum)], emphasized: true)

    let forward = scores.forward(emission, in: LogSumExp.self).map { exp($0) }
    let backward = scores.backward(emission, in: LogSumExp.self).map { exp($0) }
    var steps = ReportTable(
      [
        .number("step"), .text("roll"), .number("π fair"), .number("π loaded"), .number("ρ fair"),
        .number("ρ loaded"), .number("Σ π ρ"), .number("P(fair | rolls)"),
      ], caption: "Two numbers a step: π what was seen so far, ρ what is seen from there on")
    for t in rolls.indices {
      let both = (0..<2).map { forward[2 * t + $0] * backward[2 * t + $0] }
      steps.append([
        "\(t + 1)", rolls[t], format.text(forward[2 * t]), format.text(forward[2 * t + 1]),
        format.text(backward[2 * t]), format.text(backward[2 * t + 1]), format.text(both[0] + both[1]),
        format.text(both[0] / (both[0] + both[1])),
      ])
    }
    var operations = ReportTable(
      [.number("steps T"), .number("states k"), .number("recursion, T k²"), .number("all paths, k^T")],
      caption: "Operations")
    for (length, states) in [(rolls.count, 2), (100, 2), (100, 10)] {
      let paths = states == 2 && length < 60 ? "\(1 << length)" : "\(states)^\(length)"
      operations.append(["\(length)", "\(states)", "\(length * states * states)", paths])
    }
    return [paths, steps, operations].map { $0.text(emphasis: console.style.bold) }.joined(separator: "\n")
  }

  // MARK: - Bank

  private static func bank(_ console: Console) -> String {
    let model = MarkovLessons.bank
    var table = ReportTable(
      [
        .text("words"), .number("银行 | words before"), .number("河岸 | words before"), .number("ρ 银行"),
        .number("ρ 河岸"), .number("银行 | all words"), .number("河岸 | all words"),
      ], caption: "What [银行] is")
    let place = 3
    for words in [["我", "今天", "在", "银行", "河边", "散步"], ["我", "今天", "在", "银行", "存钱"]] {
      let symbols = words.compactMap { model.emission.symbols.firstIndex(of: $0) }
      let emission = model.emissionScores(SymbolSequence(symbols))
      let forward = model.scores.forward(emission, in: LogSumExp.self).map { exp($0) }
      let backward = model.scores.backward(emission, in: LogSumExp.self).map { exp($0) }
      let own = place * 3..<place * 3 + 3
      let (past, future) = (Array(forward[own]), Array(backward[own]))
      let both = zip(past, future).map(*)
      // Of the two meanings alone.
      func share(_ values: [Double], _ state: Int) -> String {
        format.text(values[state] / (values[1] + values[2]))
      }
      table.append(
        [words.enumerated().map { $0 == place ? "[\($1)]" : $1 }.joined(separator: " ")]
          + [
            share(past, 1), share(past, 2), format.text(future[1]), format.text(future[2]), share(both, 1),
            share(both, 2),
          ])
    }
    return table.text(emphasis: console.style.bold)
      + "\nThe words before say the same in both lines. What comes later, ρ, decides: this is what the reverse direction of a\nbidirectional network reads."
  }
}
