/// What is wrong with a request: a split, a window, a horizon.
public enum SetupFault: Equatable, Sendable {
  /// A horizon that is not a size from 1 to 2²⁰.
  case horizon(Int)
  /// A plan without horizons.
  case noHorizon
  /// A horizon that a plan names twice.
  case repeatedHorizon(Int)
  /// A window that is not a size from 1 to 2²⁰.
  case windowLength(Int)
  /// A stride that is not a size from 1 to 2²⁰.
  case stride(Int)
  /// - `part`: nil: all of the series, for windows that are settled, those of a model.
  /// - `horizon`: 0: rows up to the last known target, from which a forecast is made.
  case seriesTooShort(part: String?, rows: Int, window: Int, horizon: Int)
  /// Rows up to the end of a part, whose windows may look back into those before it.
  case tooFewRows(upTo: String, rows: Int, window: Int, horizon: Int)
  /// A part with fewer rows than lie from a window's first target to its last; `inAll`: the fewest that would do of all
  /// parts together, by their shares.
  case partTooShort(part: String, rows: Int, expected: Int, inAll: Int?)
  /// The same of the held-out rows of a later file, all of whose rows hold a window.
  case heldOutTooShort(rows: Int, expected: Int)
  /// Rows before the held-out ones that do not give a window for training and one for validation; `largestStride`, where
  /// they would with a smaller stride; `inAll` as above.
  case tooFewWindows(rows: Int, expected: Int, stride: Int, largestStride: Int?, inAll: Int? = nil)
  /// Rows after the last known target, which give what is known ahead.
  case futureTooShort(rows: Int, horizon: Int)
  /// Rows that lie at another distance in time than those that were learned from.
  case otherStep(found: String, expected: String, source: String)
  /// Shares or row counts that are negative, not numbers, or more than there is.
  case splitShares(training: Double, validation: Double, test: Double)
  /// Row counts of the three parts that are negative or do not add up to the rows there are.
  case splitRows(training: Int, validation: Int, test: Int, rows: Int)
  /// A part's share of the rows that is not above 0 and below 1; `example`: an option that gives one.
  case share(of: String, value: Double, example: String)
  /// A split that leaves no training row.
  case emptyTraining(rows: Int)
  /// Two parts share rows, or come in another order than training, validation, test.
  case overlappingParts(first: String, second: String)
  /// Shares of the parts of a split that are not all above 0, or do not add up to 1.
  case partShares([Double])
  /// A part of a split, counted from 1, that gets no example.
  case emptyPart(number: Int, parts: Int, examples: Int)
  /// Folds of a cross-validation that are fewer than two or more than the examples.
  case folds(Int, examples: Int)
  /// Blocks of predictions that do not divide the windows, or are longer than one.
  case blockLength(length: Int, windows: Int)
  /// A gap policy that fills from what comes after the gap, where a forecast is made.
  case gapsLookAhead(GapPolicy)
  /// Windows of more numbers than least squares can be fitted to.
  case tooManyInputs(window: Int, columns: Int, limit: Int)
  /// A text that names no delimiter.
  case delimiter(String)
  /// A name of a choice, such as a gap policy, that there is not; `kind` says of what.
  case unknownName(kind: String, name: String, nearest: String?, available: [String])
}

extension SetupFault: DataFault {
  var category: DataError.Category {
    switch self {
    case .seriesTooShort, .tooFewRows, .partTooShort, .heldOutTooShort, .tooFewWindows, .futureTooShort,
      .otherStep:
      .badData
    default: .usage
    }
  }

  var explanation: Explanation {
    switch self {
    case .horizon(let horizon):
      Explanation(
        finding: "horizon \(horizon)", expectation: "\(Self.sizes) rows ahead of the window's last row",
        remedy: "give for example --horizon 1")
    case .noHorizon:
      Explanation(
        finding: "no horizon", expectation: "at least one", remedy: "add for example --horizon 1,2,4,8")
    case .repeatedHorizon(let horizon):
      Explanation(
        finding: "horizon \(horizon) twice", expectation: "each horizon once",
        remedy: "remove one from --horizon")
    case .windowLength(let length):
      Explanation(
        finding: "window \(length)", expectation: "a length of \(Self.sizes) rows",
        remedy: "give for example --window 24")
    case .stride(let stride):
      Explanation(
        finding: "stride \(stride)", expectation: "a step of \(Self.sizes) rows between windows",
        remedy: "give for example --stride 1")
    case .seriesTooShort(let part?, let rows, let window, let horizon):
      Self.seriesTooShort(part, rows, window, horizon)
    case .seriesTooShort(nil, let rows, let window, 0):
      Explanation(
        finding: "\(counted(rows, "row")) up to the last known target",
        expectation: "at least \(grouped(window)), the model's window", remedy: "give more rows before it")
    case .seriesTooShort(nil, let rows, let window, let horizon):
      Explanation(
        finding: "\(counted(rows, "row")) in all",
        expectation: "\(Self.sum(window, horizon)), as in training",
        remedy: "give more rows")
    case .tooFewRows(let part, let rows, let window, let horizon):
      Explanation(
        finding: "\(counted(rows, "row")) up to the end of the \(part) part",
        expectation: Self.sum(window, horizon),
        remedy: "give more rows before it, or a shorter --window or --horizon",
        plainRemedy: "give more rows before it")
    case .partTooShort(let part, let rows, let expected, let inAll):
      Explanation(
        finding: "the \(part) part has \(counted(rows, "row"))", expectation: Self.targets(expected),
        remedy: "give more rows\(Self.least(inAll)), a larger share for it, or a shorter --horizon",
        plainRemedy: "give more rows\(Self.least(inAll))")
    case .heldOutTooShort(let rows, let expected):
      Explanation(
        finding: "the held-out part has \(counted(rows, "row"))", expectation: Self.targets(expected),
        remedy: "score all rows of the file with --rows all, or give more rows",
        plainRemedy: "give more rows")
    case .tooFewWindows(let rows, let expected, let stride, let largestStride, let inAll):
      Self.tooFewWindows(rows, expected, stride, largestStride, inAll)
    case .futureTooShort(let rows, let horizon):
      Explanation(
        finding: "\(counted(rows, "row")) after the last known target",
        expectation: "at least \(grouped(horizon)), with the columns that are known ahead",
        remedy: "add the rows to come, and leave their target empty")
    case .otherStep(let found, let expected, _):
      Explanation(
        finding: "rows \(found)", expectation: "rows \(expected), as in training",
        remedy: "give a file with that step, or train on this one")
    case .splitShares(let training, let validation, let test):
      Explanation(
        finding: "shares \(short(training)), \(short(validation)), \(short(test))",
        expectation: "three shares between 0 and 1 that add up to 1",
        remedy: "give shares such as 0.7, 0.1 and 0.2")
    case .splitRows(let training, let validation, let test, let rows):
      Explanation(
        finding: "\(grouped(training)) + \(grouped(validation)) + \(grouped(test)) rows",
        expectation: "three counts that add up to the \(grouped(rows)) rows there are",
        remedy: "change the counts")
    case .share(let part, let value, let example):
      Explanation(
        finding: "\(part) share \(short(value))", expectation: "a number above 0 and below 1",
        remedy: "give for example \(example)")
    case .emptyTraining(let rows):
      Explanation(
        finding: "no training row out of \(grouped(rows))", expectation: "at least one",
        remedy: "give the training part a larger share")
    case .overlappingParts(let first, let second): Self.overlappingParts(first, second)
    case .partShares(let shares):
      Explanation(
        finding: "shares \(shares.map(short).joined(separator: ", "))",
        expectation: "shares above 0 that add up to 1", remedy: "give shares such as 0.8 and 0.2")
    case .emptyPart(let number, let parts, let examples):
      Explanation(
        finding: "part \(grouped(number)) of \(grouped(parts)) gets none of \(counted(examples, "example"))",
        expectation: "at least one", remedy: "give more examples, or that part a larger share")
    case .folds(let folds, let examples):
      Explanation(
        finding: "\(counted(folds, "fold")) of \(counted(examples, "example"))",
        expectation: "at least 2, and no more than the examples", remedy: "give for example 10 folds")
    case .blockLength(let length, let windows):
      Explanation(
        finding: "blocks of \(length) for \(counted(windows, "window"))",
        expectation: "a positive length that divides the number of windows",
        remedy: "choose another block length")
    case .gapsLookAhead(let policy):
      Explanation(
        finding: "gaps filled by the policy \(policy.rawValue), from the values after them",
        expectation: "what a forecast can know", remedy: "fill them by previous or mean")
    case .tooManyInputs(let window, let columns, let limit):
      Explanation(
        finding:
          "windows of \(counted(window, "row")) and \(counted(columns, "input column")): \(grouped(window * columns)) numbers",
        expectation: "at most \(grouped(limit)), to which linear least squares can be fitted",
        remedy: "give a shorter --window, or fewer inputs with --features or --exclude")
    case .delimiter(let text):
      Explanation(
        finding: "\(quoted(text)) as delimiter", expectation: "one of comma, semicolon, tab, bar",
        remedy: "give for example --delimiter semicolon")
    case .unknownName(let kind, let name, let nearest, let available):
      Explanation(
        finding: "there is no \(kind) \(quoted(name))", expectation: "one of \(listedBriefly(available))",
        remedy: nearest.map { "did you mean \(quoted($0))?" } ?? "use one of these")
    }
  }

  private static func seriesTooShort(_ part: String, _ rows: Int, _ window: Int, _ horizon: Int)
    -> Explanation
  {
    Explanation(
      finding: "the \(part) part has \(counted(rows, "row"))",
      expectation: Self.sum(window, horizon),
      remedy: "give more rows, a shorter --window or --horizon, or another split",
      plainRemedy: "give more rows")
  }

  private static func tooFewWindows(
    _ rows: Int, _ expected: Int, _ stride: Int, _ largestStride: Int?, _ inAll: Int?
  ) -> Explanation {
    Explanation(
      finding:
        "the \(counted(rows, "row")) before the held-out ones give no two windows whose targets lie apart\(largestStride == nil ? "" : " with stride \(grouped(stride))")",
      expectation: "at least \(counted(expected, "row")), for one to train on and one to choose the epoch",
      remedy: largestStride.map { "give a --stride of at most \($0), or more rows\(least(inAll))" }
        ?? "give more rows\(least(inAll)), a shorter --window or --horizon, or a smaller --test-share")
  }

  private static func overlappingParts(_ first: String, _ second: String) -> Explanation {
    Explanation(
      finding: "the \(second) rows overlap or precede the \(first) rows",
      expectation: "training, validation and test in order of time, each row in one part",
      remedy:
        "take \(second == "test" || first == "test" ? "validation rows from before the test part" : "separate rows")"
    )
  }

  private static var sizes: String { "1 to \(grouped(WindowPlan.sizes.upperBound))" }

  private static func targets(_ rows: Int) -> String {
    "at least \(grouped(rows)), from the first to the last horizon of a window"
  }

  private static func least(_ inAll: Int?) -> String {
    inAll.map { " (at least \(grouped($0)) in all)" } ?? ""
  }

  private static func sum(_ window: Int, _ horizon: Int) -> String {
    "at least \(grouped(window + horizon)) (window \(grouped(window)) + horizon \(grouped(horizon)))"
  }
}
