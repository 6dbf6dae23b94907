internal import Recurrent
internal import RecurrentCore
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent explain`: gates, states and gradients of a trained model over a text or a series.
struct ExplainVerb: Verb {
  static let model = Argument(
    "MODEL", .path("FOLDER"),
    help: "Folder of a language model, a tagger, a classifier, a forecaster, or one that fills gaps.")
  static let text = Argument<String?>(
    "TEXT", .text("TEXT"), help: "What the model reads; - is standard input.")
  static let file = Option<String?>(
    "file", .path("FILE"), absent: "TEXT is read",
    help: "A text, series (.ts) for a classifier of series, or a table for a forecaster, in place of TEXT.")
  static let example = Option<Int?>(
    "example", .integer(in: 1...1_000_000_000), absent: "the only one; all lines of a language model's text",
    help: "Which line of a text, or which series, from 1.")
  static let at = Option<Explanation.Question?>(
    "at", .question, absent: "what the model says",
    help: "The token whose loss is followed back, from 1, or all; of a forecaster, rows ahead.")
  static let label = Option<String?>(
    "class", .text("NAME"), absent: "the one that the classifier says",
    help: "Of a classifier: the class whose loss is followed back.")
  static let layer = Option<Int?>(
    "layer", .integer(in: 1...1_000_000), absent: "all", help: "One layer, from 1, from below.")
  static let units = Option<ExplanationDrawing.Units?>(
    "units", .units, absent: "means over the units", help: "Show these units one by one, from 1, or all.")
  static let svg = Option<String?>(
    "svg", .path("FILE"), absent: "drawn in the terminal only", help: "Also write one picture of everything.")
  static let html = Option<String?>(
    "html", .path("FILE"), absent: "drawn in the terminal only", help: "Also write a page that stands alone.")
  static let overwrite = Flag("overwrite", help: "Replace files that exist.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "explain", summary: "show gates, states and gradients of a model over a text",
      discussion: """
        Runs the model on the text and prints, for each token and recurrent layer: the gates and states, as means over the \
        units; the norm of the loss's gradient by the state that the step hands on, ‖∂L/∂s‖, which shows how far back the \
        model can learn; and, at the top, that by the token's vector, ‖∂L/∂x‖, which shows what the answer depends on.

        The loss is −log P of what the model says: its most probable next token, its tag of the last word, its class, its \
        filling of the first gap. --at asks for another token: of a language model, what it says of that token given those before it. Of a \
        forecaster it is the forecast from the last row.
        """,
      arguments: [Self.model, Self.text],
      options: [
        OptionGroup("Text", Self.file, Self.example),
        OptionGroup("Loss", Self.at, Self.label),
        OptionGroup(
          "Output", Self.layer, Self.units, Self.svg, Self.html, Self.overwrite, StandardOptions.json,
          StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent explain book.model 'a cat is in my house'", "Gates and gradients in the terminal."),
        .init(
          "recurrent explain sentiment.model 'what a lovely day' --html day.html", "A page with pictures."),
        .init(
          "recurrent explain names.model 'Anna Weber lives in Rome .' --at 5",
          "What the tag of Rome depends on."),
        .init("recurrent explain gaps.model '我___饿了。' --svg gap.svg", "What fills a gap, and why."),
        .init("recurrent explain vowels.model --file vowels.ts --example 3", "A series."),
        .init("recurrent explain weather.model --file today.csv --at 1", "Which rows a forecast depends on."),
        .init(
          "echo 'a cat' | recurrent explain book.model - --units 1,2 --json", "Two units, for a program."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate, .inputOutput])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    if arguments[Self.at] != nil, arguments[Self.label] != nil {
      throw .usage("'--at' and '--class' exclude each other: both say whose loss it is; give one of them")
    }
    let paths = [arguments[Self.svg], arguments[Self.html]].compactMap(\.self)
    if paths.isEmpty { try arguments.refuse(Self.overwrite, circumstance: "without --svg or --html") }
    if paths.count == 2, paths[0] == paths[1] {
      throw .usage("'--html' names the file of --svg, expected another one; give it a name of its own")
    }
    for file in RunFolder(arguments[Self.model]).files + (arguments[Self.file].map { [$0] } ?? []) {
      try InputSafety.refuse(.file(file), amongOutputs: paths, remedy: "choose another path")
    }
    let explanation = try ExplainedInput(arguments, console).explanation()
    let drawing = try commandErrors {
      try ExplanationDrawing(explanation, layer: arguments[Self.layer], units: arguments[Self.units])
    }
    if !paths.isEmpty, drawing.cells > ExplanationDrawing.mostCells {
      throw .usage(
        "'--units' and the text make a picture of \(drawing.cells) cells, expected at most \(ExplanationDrawing.mostCells); name fewer units, one layer with --layer, or a shorter text"
      )
    }
    let overwrites = arguments[Self.overwrite]
    try commandErrors {
      if let path = arguments[Self.svg] {
        try AtomicFile.write(drawing.map().svg(), to: path, overwrites: overwrites)
      }
      if let path = arguments[Self.html] {
        try AtomicFile.write(drawing.page().html(), to: path, overwrites: overwrites)
      }
    }
    if arguments[StandardOptions.json] {
      try console.print(ExplanationDocument(drawing).document)
    } else {
      try console.print(drawing.text(width: console.output.width, emphasis: console.style.bold))
    }
    return .success
  }
}

extension ValueKind where Value == Explanation.Question {
  /// A token's number, or all of them.
  static var question: ValueKind {
    ValueKind(placeholder: "N", expectation: "a token's number from 1, or 'all'") {
      text throws(ValueProblem) in
      if text == "all" { return .all }
      guard let number = Int(text), number >= 1 else { throw ValueProblem() }
      return .token(number)
    } describe: {
      if case .token(let number) = $0 { "\(number)" } else { "all" }
    }
  }
}

extension ValueKind where Value == ExplanationDrawing.Units {
  /// Numbers of units with commas between them, or all of them.
  static var units: ValueKind {
    ValueKind(placeholder: "N,…", expectation: "numbers of units from 1 with commas between them, or 'all'") {
      text throws(ValueProblem) in
      if text == "all" { return .all }
      var numbers: [Int] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let number = Int(part), number >= 1 else { throw ValueProblem(part: String(part)) }
        if numbers.contains(number) {
          throw ValueProblem(part: String(part), advice: "it stands there twice")
        }
        numbers.append(number)
      }
      return .numbered(numbers)
    } describe: {
      if case .numbered(let numbers) = $0 { numbers.map(String.init).joined(separator: ",") } else { "all" }
    }
  }
}
