/// What is wrong with a request: a split, a window, a horizon.
public enum SetupFault: Equatable, Sendable {
  case horizon(Int)
  case noHorizon
  case repeatedHorizon(Int)
  case windowLength(Int)
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
  /// More inputs a window than linear least squares has room for.
  case tooManyInputs(columns: Int, window: Int, limit: Int)
  /// Rows that lie at another distance in time than those that were learned from.
  case otherStep(found: String, expected: String, source: String)
  /// Shares or row counts that are negative, not numbers, or more than there is.
  case splitShares(training: Double, validation: Double, test: Double)
  case splitRows(training: Int, validation: Int, test: Int, rows: Int)
  case emptyTraining(rows: Int)
  /// Two parts share rows, or come in another order than training, validation, test.
  case overlappingParts(first: String, second: String)
  case blockLength(length: Int, windows: Int)
  /// A gap policy that fills from what comes after the gap, where a forecast is made.
  case gapsLookAhead(GapPolicy)
  case delimiter(String)
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
    case .splitShares, .splitRows, .emptyTraining, .overlappingParts: splitExplanation
    case .delimiter, .unknownName: nameExplanation
    default: windowExplanation
    }
  }

  private var windowExplanation: Explanation {
    switch self {
    case .noHorizon:
      Explanation(
        finding: "no horizon", expectation: "at least one", remedy: "add for example --horizon 1,2,4,8")
    case .repeatedHorizon(let horizon):
      Explanation(
        finding: "horizon \(horizon) twice", expectation: "each horizon once",
        remedy: "remove one from --horizon")
    case .windowLength(let length):
      Explanation(
        finding: "window \(length)", expectation: "a length of at least 1 row",
        remedy: "give for example --window 24")
    case .stride(let stride):
      Explanation(
        finding: "stride \(stride)", expectation: "a step of at least 1 row between windows",
        remedy: "give for example --stride 1")
    case .seriesTooShort(let part?, let rows, let window, let horizon):
      Explanation(
        finding: "the \(part) part has \(counted(rows, "row"))",
        expectation: Self.sum(window, horizon),
        remedy: "give more rows, a shorter --window or --horizon, or another split",
        plainRemedy: "give more rows")
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
      Explanation(
        finding:
          "the \(counted(rows, "row")) before the held-out ones give no two windows whose targets lie apart\(largestStride == nil ? "" : " with stride \(grouped(stride))")",
        expectation: "at least \(counted(expected, "row")), for one to train on and one to choose the epoch",
        remedy: largestStride.map { "give a --stride of at most \($0), or more rows\(Self.least(inAll))" }
          ?? "give more rows\(Self.least(inAll)), a shorter --window or --horizon, or a smaller --test-share")
    case .futureTooShort(let rows, let horizon):
      Explanation(
        finding: "\(counted(rows, "row")) after the last known target",
        expectation: "at least \(grouped(horizon)), with the columns that are known ahead",
        remedy: "add the rows to come, and leave their target empty")
    case .tooManyInputs(let columns, let window, let limit):
      Explanation(
        finding: "\(counted(columns, "input column")) times \(counted(window, "row")) of a window",
        expectation: "a product of at most \(grouped(limit))",
        remedy: "name the inputs with --features, leave some out with --exclude, or give a shorter --window",
        plainRemedy: "give fewer columns")
    case .otherStep(let found, let expected, _):
      Explanation(
        finding: "rows \(found)", expectation: "rows \(expected), as in training",
        remedy: "give a file with that step, or train on this one")
    case .blockLength(let length, let windows):
      Explanation(
        finding: "blocks of \(length) for \(counted(windows, "window"))",
        expectation: "a positive length that divides the number of windows",
        remedy: "choose another block length")
    case .gapsLookAhead(let policy):
      Explanation(
        finding: "gaps filled by the policy \(policy.rawValue), from the values after them",
        expectation: "what a forecast can know", remedy: "fill them by previous or mean")
    case .horizon(let horizon):
      Explanation(
        finding: "horizon \(horizon)", expectation: "at least 1 row ahead of the window's last row",
        remedy: "give for example --horizon 1")
    default:
      splitExplanation
    }
  }

  private static func targets(_ rows: Int) -> String {
    "at least \(grouped(rows)), from the first to the last horizon of a window"
  }

  private static func least(_ inAll: Int?) -> String {
    inAll.map { " (at least \(grouped($0)) in all)" } ?? ""
  }

  private static func sum(_ window: Int, _ horizon: Int) -> String {
    "at least \(grouped(window + horizon)) (window \(grouped(window)) + horizon \(grouped(horizon)))"
  }

  private var splitExplanation: Explanation {
    switch self {
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
    case .emptyTraining(let rows):
      Explanation(
        finding: "no training row out of \(grouped(rows))", expectation: "at least one",
        remedy: "give the training part a larger share")
    case .overlappingParts(let first, let second):
      Explanation(
        finding: "the \(second) rows overlap or precede the \(first) rows",
        expectation: "training, validation and test in order of time, each row in one part",
        remedy:
          "take \(second == "test" || first == "test" ? "validation rows from before the test part" : "separate rows")"
      )
    default:
      windowExplanation
    }
  }

  private var nameExplanation: Explanation {
    switch self {
    case .unknownName(let kind, let name, let nearest, let available):
      Explanation(
        finding: "there is no \(kind) \(quoted(name))", expectation: "one of \(listedBriefly(available))",
        remedy: nearest.map { "did you mean \(quoted($0))?" } ?? "use one of these")
    case .delimiter(let text):
      Explanation(
        finding: "\(quoted(text)) as delimiter", expectation: "one of comma, semicolon, tab, bar",
        remedy: "give for example --delimiter semicolon")
    default:
      windowExplanation
    }
  }
}
