import RecurrentCommand
import RecurrentTasks
import Testing

/// Defaults stand in `ForecastConfiguration` alone; options show and use them.
@Suite struct DefaultsTests {
  private let verb = TrainForecastVerb()

  private func configuration(_ more: String...) throws -> ForecastConfiguration {
    let line = ["weather.csv", "--target", "x", "-o", "model"] + more
    return try verb.configuration(try ArgumentParser(verb.definition).parse(line))
  }

  @Test func withoutOptionsItIsTheConfigurationsOwn() throws {
    #expect(try configuration() == ForecastConfiguration(target: "x"))
  }

  /// What help prints as a default is what the configuration says, read back through the option's own words.
  @Test(arguments: ForecastSettings.all.map(\.option.name)) func helpPrintsThem(name: String) throws {
    let setting = try #require(ForecastSettings.all.first { $0.option.name == name })
    guard let text = setting.text(ForecastConfiguration(target: "x")), !setting.option.isRequired else {
      return
    }
    if setting.option.value == nil {
      #expect(text == "not given")
    } else {
      #expect(text == setting.option.defaultText)
    }
  }

  /// An option that is no setting would not be named by `--resume` where it changed.
  @Test func everyOptionIsASetting() {
    // Those cannot change a result, or are found in another setting: `exclude` in `features`, reading in `table`.
    let others: Set = [
      "output", "overwrite", "resume", "threads", "json", "quiet", "progress", "exclude",
    ]
    let reading = verb.definition.groups.filter { $0.title == "Reading" }.flatMap(\.options).map(\.name)
    #expect(!reading.isEmpty)
    let named = Set(ForecastSettings.all.map(\.option.name)).union(others).union(reading)
    #expect(Set(verb.definition.options.map(\.name)) == named)
  }

  /// Whatever an option says goes into the configuration and comes back as the same words.
  @Test(arguments: [
    ["--window", "12"], ["--horizon", "1-24"], ["--stride", "2"], ["--predict", "value"], ["--ridge", "0.5"],
    ["--hidden", "32+16,8", "--cell", "gru-reset-before+lstm", "--merge", "none", "--dropout", "0.25"],
    ["--hidden", "8,8", "--cell", "layer-norm-lstm", "--dropout", "0.25", "--dropout-unit", "feature"],
    ["--cell", "lstm", "--recurrent-dropout", "0.25", "--zoneout", "0.05", "--zoneout-memory", "0.5"],
    ["--optimizer", "nesterov", "--momentum", "0.9", "--weight-decay", "0.1"],
    ["--schedule", "step", "--factor", "0.25", "--every", "3"],
    ["--schedule", "plateau", "--factor", "0.25"],
    ["--schedule", "warm-up"], ["--schedule", "constant"], ["--clip-value", "0.5"], ["--clip", "0"],
    ["--patience", "6"], ["--averaging", "0"], ["--seed", "18446744073709551615"], ["--epochs", "3"],
    ["--initialization", "orthogonal"], ["--gaps", "mean"], ["--features", "a,b"], ["--angles", "c"],
  ]) func settingsReadBack(line: [String]) throws {
    let parsed = try ArgumentParser(verb.definition).parse(
      ["weather.csv", "--target", "x", "-o", "model"] + line)
    let configuration = try verb.configuration(parsed)
    for index in stride(from: 0, to: line.count, by: 2) {
      let setting = try #require(ForecastSettings.all.first { "--" + $0.option.name == line[index] })
      #expect(setting.text(configuration) == line[index + 1])
    }
  }
}
