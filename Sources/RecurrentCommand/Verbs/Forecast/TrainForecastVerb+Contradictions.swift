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
        TableReadingOptions.dateOrder, TableReadingOptions.fillRows,
        circumstance: "with --time none, which counts the rows")
    }
    try refuseTarget(arguments)
    for name in arguments[Self.exclude] ?? [] {
      for (option, names) in [
        (Self.angles, arguments[Self.angles]), (Self.knownAhead, arguments[Self.knownAhead]),
      ] where names.contains(name) {
        throw .usage(
          "'--exclude' and '--\(option.definition.name)' both name '\(name)', which cannot be left out and an input; take it out of one of them"
        )
      }
    }
  }

  private func refuseTarget(_ arguments: ParsedArguments) throws(CommandError) {
    let target = arguments[Self.target]
    let lists: [(option: any DefinedOption, names: [String], reason: String)] = [
      (Self.knownAhead, arguments[Self.knownAhead], "which is what is forecast"),
      (Self.angles, arguments[Self.angles], "which is forecast as the number that it is"),
      (Self.exclude, arguments[Self.exclude] ?? [], "whose last value every forecast starts from"),
    ]
    for list in lists where list.names.contains(target) {
      throw .usage(
        "--\(list.option.definition.name) names the target '\(target)', \(list.reason); leave it out")
    }
  }
}
