import RecurrentCommand
import Testing

/// Options that would have no effect are refused with one line, before anything is read.
@Suite struct ContradictionTests {
  private static let train = ["train", "forecast", "none.csv", "--target", "x", "-o", "model"]
  private static let pm25 = ["reproduce", "ai-edu-19.6"]

  private static let text = ["train", "lm", "none.txt", "-o", "model"]

  /// A line, and what is said about it. No file of these names exists: another error would show that one was sought.
  static let lines: [([String], [String])] = [
    (text + ["--reset-state", "--back", "9"], ["'--back'", "--reset-state", "stands alone"]),
    (text + ["--hidden", "4+4", "--back", "9"], ["'--back'", "from its end too"]),
    (text + ["--hidden", "4+4", "--memory", "1GB"], ["'--memory'", "from its end too"]),
    (
      text + ["--embedding", "4", "--tie-weights", "--memory", "1GB"],
      ["'--memory'", "--tie-weights", "leave one of them out"]
    ),
    (
      text + ["--cell", "layer-norm-lstm", "--memory", "1GB"],
      ["'--memory'", "--cell layer-norm-lstm", "step by step", "another --cell"]
    ),
    (text + ["--memory", "5"], ["--memory", "a size like 512MB"]),
    (train + ["--no-linear-path", "--ridge", "0.1"], ["'--ridge'", "--no-linear-path", "leave one"]),
    (
      train + ["--cell", "gru+lstm"],
      ["'--cell gru-reset-after+lstm'", "as in the default --hidden 48,48", "32+16"]
    ),
    (train + ["--cell", "gru+lstm", "--hidden", "8"], ["one direction", "as in --hidden 8;"]),
    (train + ["--merge", "sum"], ["'--merge'", "one direction", "32+16"]),
    (train + ["--dropout", "0.1", "--hidden", "8"], ["'--dropout'", "one layer", "--hidden"]),
    (
      train + ["--dropout-unit", "feature"],
      ["'--dropout-unit'", "the default --dropout 0;", "set --dropout"]
    ),
    (train + ["--zoneout-memory", "0.1", "--cell", "gru"], ["'--zoneout-memory'", "no memory", "LSTM"]),
    (train + ["--recurrent-dropout", "1"], ["'--recurrent-dropout'", "below 1"]),
    (
      train + ["--schedule", "constant", "--every", "3"],
      ["'--every'", "with --schedule constant;", "choose step"]
    ),
    (train + ["--every", "3"], ["'--every'", "the default --schedule cosine", "choose step"]),
    (train + ["--schedule", "plateau", "--every", "3"], ["'--every'", "--schedule plateau"]),
    (train + ["--factor", "0.1"], ["'--factor'", "the default --schedule cosine", "step or plateau"]),
    (train + ["--schedule", "warm-up", "--factor", "0.1"], ["'--factor'", "--schedule warm-up"]),
    (train + ["--momentum", "0.9"], ["'--momentum'", "the default --optimizer adamw", "sgd"]),
    (train + ["--optimizer", "adam", "--momentum", "0.9"], ["'--momentum'", "with --optimizer adam,"]),
    (train + ["--clip", "1", "--clip-value", "2"], ["'--clip'", "'--clip-value'", "one of them"]),
    (train + ["--features", "a", "--exclude", "b"], ["'--features'", "'--exclude'", "one of them"]),
    (train + ["--time", "none", "--date-order", "day-month-year"], ["'--date-order'", "--time none"]),
    (train + ["--time", "none", "--fill-rows", "mean"], ["'--fill-rows'", "--time none"]),
    (train + ["--time", "none", "--no-calendar"], ["'--no-calendar'", "--time none", "leave it out"]),
    (
      train + ["--schedule", "step"],
      ["'--schedule step'", "the default --every 10 and the default --epochs 8", "at most 7"]
    ),
    (
      train + ["--schedule", "step", "--every", "3", "--epochs", "3"],
      ["with --every 3 and --epochs 3", "never change", "at most 2"]
    ),
    (
      train + ["--schedule", "step", "--every", "1", "--epochs", "1"], ["--every 1", "; give more --epochs"]
    ),
    (
      train + ["--patience", "7"],
      ["'--patience 7'", "the default --epochs 8", "a --patience of at most 6, or more --epochs"]
    ),
    (train + ["--patience", "1", "--epochs", "2"], ["'--patience 1'", "with --epochs 2", "leave it out"]),
    (train + ["--features", "a,b,a"], ["'--features'", "'a' in 'a,b,a'", "twice"]),
    (train + ["--exclude", "a,a"], ["'--exclude'", "twice"]),
    (train + ["--known-ahead", "a,a"], ["'--known-ahead'", "twice"]),
    (train + ["--angles", "a,a"], ["'--angles'", "twice"]),
    (train + ["--categorical", "a,a"], ["'--categorical'", "twice"]),
    (train + ["--missing", "?,?"], ["'--missing'", "twice"]),
    (train + ["--missing", "gone,nan"], ["'--missing' names 'nan'", "already", "leave it out"]),
    (train + ["--missing", "gone,Gone"], ["'--missing' names 'Gone'", "capitals"]),
    (train + ["--categorical", "x"], ["--categorical", "target 'x'", "the number that it is"]),
    (
      train + ["--categorical", "a", "--exclude", "a"],
      ["'--categorical' and '--exclude' both name 'a'", "take it out"]
    ),
    (train + ["--categorical", "a", "--angles", "a"], ["'--categorical' and '--angles' both name 'a'"]),
    (
      train + ["--categorical", "a,c", "--features", "a,b"],
      ["'--categorical' names 'c'", "'--features a,b'", "add it there"]
    ),
    (train + ["--exclude", "x"], ["--exclude", "target 'x'"]),
    (train + ["--angles", "x"], ["--angles", "target 'x'"]),
    (train + ["--known-ahead", "x"], ["--known-ahead", "target 'x'"]),
    (train + ["--exclude", "a", "--angles", "b,a"], ["'--exclude'", "'--angles'", "'a'"]),
    (train + ["--exclude", "a", "--known-ahead", "a"], ["'--exclude'", "'--known-ahead'", "'a'"]),
    (train + ["--quiet", "--progress", "bar"], ["'--progress'", "--quiet"]),
    (["forecast", "none", "none.csv", "--overwrite"], ["'--overwrite'", "standard output"]),
    (["inspect", "none", "--hidden", "3"], ["'--hidden'", "none", "leave out the folder"]),
    (["inspect", "none", "--last"], ["'--last'"]),
    (["inspect", "--overwrite"], ["'--overwrite'", "--svg"]),
    (["inspect", "--json", "--view", "full"], ["'--view'", "--json"]),
    (["inspect", "--hidden", "3", "--cell", "rnn+gru"], ["'--cell rnn-tanh+gru-reset-after'"]),
    (["reproduce", "note-002", "--epochs", "3"], ["'--epochs'", "note-002"]),
    (["reproduce", "ai-edu-19.7", "--figures", "f"], ["'--figures'", "ai-edu-19.7"]),
    (pm25 + ["--data", "none.csv", "--seed", "3"], ["'--seed'", "--seeds"]),
    (pm25 + ["--data", "none.csv", "--overwrite"], ["'--overwrite'", "--figures"]),
    (["gradcheck", "--list", "--threads", "2"], ["'--threads'", "--list"]),
    (["gradcheck", "--list-faults", "--fault", "loss-gradient-doubled"], ["'--fault'", "--list-faults"]),
    (["gradcheck", "--fault", "loss-gradient-doubled", "--threads", "2"], ["'--threads'", "--fault"]),
  ]

  @Test(arguments: lines) func areRefused(line: [String], texts: [String]) throws {
    let captured = try CapturedConsole()
    defer { captured.remove() }
    #expect(CommandLineTool.recurrent.run(line, console: captured.console) == .usage)
    #expect(try captured.output == "")
    let log = try captured.log
    #expect(log.hasPrefix("recurrent: error: ") && log.count { $0.isNewline } == 1, "\(log)")
    for text in texts { #expect(log.contains(text), "\(log) should say \(text)") }
  }

  /// The same options where they have an effect.
  @Test(arguments: [
    ["--ridge", "0.1"], ["--cell", "gru+lstm", "--hidden", "8,3+2"], ["--merge", "none", "--hidden", "3+2"],
    ["--dropout", "0.1"], ["--dropout", "0", "--hidden", "8"],
    ["--dropout", "0.1", "--dropout-unit", "step"],
    ["--zoneout-memory", "0.1", "--cell", "layer-norm-lstm"],
    ["--recurrent-dropout", "0.5", "--zoneout", "0.1"],
    ["--zoneout-memory", "0.1", "--cell", "gru+lstm", "--hidden", "3+2"],
    ["--schedule", "step", "--every", "3"],
    ["--schedule", "plateau", "--factor", "0.1"], ["--optimizer", "rmsprop", "--momentum", "0.9"],
    ["--clip", "2"], ["--clip-value", "2"], ["--exclude", "a", "--angles", "b"],
    ["--schedule", "step", "--every", "7"], ["--patience", "6"], ["--patience", "1", "--epochs", "3"],
    ["--patience", "0", "--epochs", "1"], ["--features", "x"], ["--features", "a", "--angles", "a"],
    ["--features", "a", "--known-ahead", "b", "--categorical", "b,a"], ["--missing", "gone,-999"],
    ["--time", "auto", "--no-calendar"],
    ["--time", "t", "--date-order", "day-month-year", "--fill-rows", "mean"], ["--time", "none"],
  ]) func areTakenElsewhere(options: [String]) throws {
    let verb = TrainForecastVerb()
    let parsed = try ArgumentParser(verb.definition).parse(Array(Self.train.dropFirst(2)) + options)
    _ = try verb.configuration(parsed)
  }
}
