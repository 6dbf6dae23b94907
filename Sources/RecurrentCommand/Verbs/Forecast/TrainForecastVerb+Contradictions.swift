internal import RecurrentData

extension TrainForecastVerb {
  /// Options that would have no effect, or that ask for two things at once.
  func refuseContradictions(_ arguments: ParsedArguments) throws(CommandError) {
    if arguments[Self.noLinearPath] {
      try arguments.refuse(
        Self.ridge, circumstance: "with --no-linear-path, since the linear path is what it is for",
        remedy: "leave one of them out")
    }
    try arguments.refuseBoth(
      Self.features, Self.exclude, reason: "one names the inputs, the other those that are none")
    if TimeChoice(parsing: arguments[TableReadingOptions.time]) == .none {
      try arguments.refuse(
        TableReadingOptions.dateOrder, TableReadingOptions.fillRows, Self.noCalendar,
        circumstance: "with --time none, which counts the rows")
    }
    try refuseTarget(arguments)
    try TableReadingOptions.refuseKnownWords(arguments)
    try refuseInBoth(Self.exclude, Self.angles, arguments, reason: "which cannot be left out and an input")
    try refuseInBoth(
      Self.exclude, Self.knownAhead, arguments, reason: "which cannot be left out and an input")
    try refuseInBoth(
      TableReadingOptions.categorical, Self.exclude, arguments,
      reason: "and how a column is read that is no input")
    try refuseInBoth(
      TableReadingOptions.categorical, Self.angles, arguments, reason: "which cannot be a word and an angle")
    try refuseCategoriesThatAreNoInputs(arguments)
  }

  /// The same, as far as the table shows it.
  func refuseContradictions(_ arguments: ParsedArguments, _ table: Table) throws(CommandError) {
    try TableReadingOptions.refuseContradictions(arguments, table)
    if CalendarFeature.varying(along: table.time).isEmpty {
      try arguments.refuse(
        Self.noCalendar,
        circumstance: table.time.columns.isEmpty
          ? TableReadingOptions.circumstance(rowsCountedIn: table)
          : "for \(table.source), whose rows are \(table.time.step.name): the calendar tells them nothing")
    }
    for list in nameLists(arguments) {
      guard let name = list.names.first(where: table.time.columns.contains) else { continue }
      throw .usage(
        "'--\(list.option.definition.name)' names '\(name)', which holds the times of \(table.source) and is never an input; take it out, or choose other times with --time"
      )
    }
  }

  /// The options that name columns that are inputs, or could be.
  private func nameLists(
    _ arguments: ParsedArguments
  ) -> [(option: any DefinedOption, names: [String])] {
    [
      (Self.features, arguments[Self.features] ?? []), (Self.exclude, arguments[Self.exclude] ?? []),
      (Self.knownAhead, arguments[Self.knownAhead]), (Self.angles, arguments[Self.angles]),
      (TableReadingOptions.categorical, arguments[TableReadingOptions.categorical]),
    ]
  }

  private func names(in option: any DefinedOption, _ arguments: ParsedArguments) -> [String] {
    nameLists(arguments).first { $0.option.definition.name == option.definition.name }?.names ?? []
  }

  private func refuseInBoth(
    _ first: any DefinedOption, _ second: any DefinedOption, _ arguments: ParsedArguments, reason: String
  ) throws(CommandError) {
    let others = names(in: second, arguments)
    guard let name = names(in: first, arguments).first(where: others.contains) else { return }
    throw .usage(
      "'--\(first.definition.name)' and '--\(second.definition.name)' both name '\(name)', \(reason); take it out of one of them"
    )
  }

  private func refuseCategoriesThatAreNoInputs(_ arguments: ParsedArguments) throws(CommandError) {
    guard let features = arguments[Self.features] else { return }
    let inputs = features + arguments[Self.knownAhead]
    for name in arguments[TableReadingOptions.categorical] where !inputs.contains(name) {
      throw .usage(
        "'--categorical' names '\(name)', which is no input with '--features \(Self.features.describe(features))'; add it there, or take it out here"
      )
    }
  }

  private func refuseTarget(_ arguments: ParsedArguments) throws(CommandError) {
    let target = arguments[Self.target]
    let lists: [(option: any DefinedOption, names: [String], reason: String)] = [
      (Self.knownAhead, arguments[Self.knownAhead], "which is what is forecast"),
      (Self.angles, arguments[Self.angles], "which is forecast as the number that it is"),
      (
        TableReadingOptions.categorical, arguments[TableReadingOptions.categorical],
        "which is forecast as the number that it is"
      ),
      (Self.exclude, arguments[Self.exclude] ?? [], "whose last value every forecast starts from"),
    ]
    for list in lists where list.names.contains(target) {
      throw .usage(
        "--\(list.option.definition.name) names the target '\(target)', \(list.reason); leave it out")
    }
  }
}
