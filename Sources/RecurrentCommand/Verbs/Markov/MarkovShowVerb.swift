internal import Foundation
internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent hmm show`: a model's states, transitions and emissions, on the terminal and as a drawing.
struct MarkovShowVerb: Verb {
  static let svg = Option<String?>(
    "svg", .path("FILE"), absent: "not drawn", help: "Write the drawing as SVG.")
  static let overwrite = Flag("overwrite", help: "Replace the SVG file where it exists.")
  static let top = Option(
    "top", .integer(in: 1...1000), default: 8, help: "Of symbols, those that a state shows most.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "hmm show", summary: "draw a hidden Markov model",
      discussion: """
        States with where sequences begin, how they go on and how long they stay: 1 / (1 - P(stay)) steps. Of symbols the \
        most probable of each state, of numbers means and standard deviations. With --json, all that the model's file has.
        """,
      arguments: [MarkovInputOptions.model],
      options: [
        OptionGroup("Output", Self.svg, Self.overwrite, Self.top, StandardOptions.json, StandardOptions.quiet)
      ],
      examples: [.init("recurrent hmm show dice.json --svg dice.svg", "The two dice.")],
      exitCodes: [.data, .noInput, .cannotCreate])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let path = arguments[MarkovInputOptions.model]
    if let target = arguments[Self.svg] {
      try InputSafety.refuse(
        .file(path), amongOutputs: [target], remedy: "choose another path with --svg")
    } else {
      try arguments.refuse(Self.overwrite, circumstance: "without --svg")
      if arguments[StandardOptions.json] {
        try arguments.refuse(Self.top, circumstance: "with --json, which has all symbols")
      }
    }
    let file = try MarkovInputOptions.readModel(path)
    let shown = file.shown(top: arguments[Self.top])
    let (initial, transition, _) = file.model.chain
    if let target = arguments[Self.svg] {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      let drawing = StateDiagram(
        title: name,
        states: file.model.states.enumerated().map {
          .init(name: $1, initial: initial[$0], shows: shown[$0])
        }, transition: (0..<transition.rows).map { transition.row($0) })
      try commandErrors {
        try AtomicFile.write(drawing.svg(), to: target, overwrites: arguments[Self.overwrite])
      }
    }
    if arguments[StandardOptions.json] {
      try console.print(JSONDocument(verb: "hmm show", file.members))
      return .success
    }
    try console.print(text(file, shown, console))
    return .success
  }

  private func text(
    _ file: MarkovModelFile, _ shown: [[StateDiagram.Bar]], _ console: Console
  ) -> String {
    let (initial, transition, final) = file.model.chain
    let format = NumberFormat.significant(4)
    func probability(_ value: Double) -> String { probabilityText(value, digits: 4) }
    let names = file.model.states.map { columnText($0) }
    var table = ReportTable(
      [.text("from \\ to"), .number("begin")] + names.map { .number($0) }
        + (final == nil ? [] : [.number("end")]) + [.number("steps it stays")])
    for (index, name) in names.enumerated() {
      let stay = transition[index, index]
      let length = stay < 1 ? format.text(1 / (1 - stay)) : "for ever"
      table.append(
        [name, probability(initial[index])] + transition.row(index).map(probability)
          + (final.map { [probability($0[index])] } ?? []) + [length])
    }
    let rows = shown.map { bars in bars.map { (columnText($0.name), $0.share, $0.text) } }
    let lines = zip(names, rows).map { name, rows -> String in
      let width = rows.map { displayWidth($0.0) }.max() ?? 0
      let bars = rows.map { row -> String in
        let filled = Int((row.1 * 24).rounded())
        let padding = String(repeating: " ", count: width - displayWidth(row.0))
        return "  \(row.0)\(padding)  " + String(repeating: "█", count: filled)
          + String(repeating: "·", count: 24 - filled) + "  \(row.2)"
      }
      return ([console.style.bold(name)] + bars).joined(separator: "\n")
    }
    return
      "\(file.model.kind.rawValue) emission, \(names.count) states, \(file.model.parameterCount) free parameters\n"
      + table.text(emphasis: console.style.bold) + "\n" + lines.joined(separator: "\n")
  }
}

extension MarkovModelFile {
  /// What each state shows: symbols by probability, or the numbers' means, with bars from the least to the greatest mean of the
  /// states.
  fileprivate func shown(top: Int) -> [[StateDiagram.Bar]] {
    let format = NumberFormat.significant(3)
    func means(_ rows: [[Double]], _ deviations: [[Double]]) -> [[StateDiagram.Bar]] {
      let names = columns.isEmpty ? rows[0].indices.map { "x\($0 + 1)" } : columns
      return rows.enumerated().map { k, row in
        row.enumerated().map { d, mean in
          let all = rows.map { $0[d] }
          let (least, greatest) = (all.min() ?? 0, all.max() ?? 0)
          // Halves, so that no difference overflows.
          let share = greatest > least ? (mean / 2 - least / 2) / (greatest / 2 - least / 2) : 1
          return .init(
            name: names[d], share: share, text: "\(format.text(mean)) ± \(format.text(deviations[k][d]))")
        }
      }
    }
    switch model {
    case .categorical(let model):
      return (0..<model.stateCount).map { k in
        model.emission.probabilities.row(k).enumerated().sorted { $0.element > $1.element }.prefix(top).map {
          .init(
            name: model.emission.symbols[$0.offset], share: $0.element,
            text: probabilityText($0.element, digits: 3))
        }
      }
    case .gaussian(let model):
      let emission = model.emission
      return means(
        (0..<model.stateCount).map { emission.means.row($0) },
        (0..<model.stateCount).map { emission.covariance.deviations(of: $0, emission.dimensions) })
    case .poisson(let model):
      let rates = (0..<model.stateCount).map { model.emission.rates.row($0) }
      return means(rates, rates.map { $0.map { $0.squareRoot() } })
    case .mixture(let model):
      let (emission, size) = (model.emission, model.emission.componentCount)
      return (0..<model.stateCount).map { k in
        (0..<size).map { c in
          let mean = emission.components.means.row(k * size + c).map(format.text).joined(separator: ", ")
          return .init(name: "\(c + 1)", share: emission.weights[k, c], text: "(\(mean))")
        }
      }
    }
  }
}

extension GaussianCovariance {
  fileprivate func deviations(of state: Int, _ dimensions: Int) -> [Double] {
    let matrix = matrix(of: state, dimensions: dimensions)
    return (0..<dimensions).map { matrix[$0, $0].squareRoot() }
  }
}
