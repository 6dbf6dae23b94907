import Foundation
import Testing

/// `evaluate` on files that hold rows that the model was trained on.
@Suite struct LearnedRowsTests {
  /// What is scored and what of it was learned, by `--json`; a warning names the same number.
  private func evaluate(
    _ folder: CommandFolder, _ file: String, _ rows: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (learned: Int, scored: Int) {
    let run = try RunCommand("evaluate", folder("model"), folder(file), "--rows", rows, "-q", "--json")
    #expect(run.exitCode == 0, "\(run.log)", sourceLocation: sourceLocation)
    let document = try run.json
    let learned = try #require(document["learned_examples"] as? Int)
    let scored = try #require((document["evaluation"] as? [String: Any])?["examples"] as? Int)
    let warning = "warning: \(folder(file)): \(learned) of the \(scored) windows scored ask for rows"
    #expect(
      run.log == "" ? learned == 0 : run.log.contains(warning), "\(run.log)", sourceLocation: sourceLocation)
    return (learned, scored)
  }

  /// 300 rows, of which 240 come before the held-out ones; windows of 5 rows, targets 1 and 3 rows ahead. A window is
  /// learned where its first target is: where its last row is before row 239.
  @Test func inAnyPartOfAnyFile() throws {
    try CommandFolder.withModel { folder in
      #expect(try evaluate(folder, "series.csv", "held-out") == (0, 60 - 3 + 1))
      #expect(try evaluate(folder, "series.csv", "all") == (239 - 4, 300 - 5 - 3 + 1))
      func write(
        _ name: String, _ rows: Range<Int>, of count: Int = 300, _ change: (String) -> String = { $0 }
      )
        throws
      {
        let lines = CommandFolder.series(rows: count).split(separator: "\n").map(String.init)
        try folder.write(
          name,
          ([lines[0]] + lines.dropFirst()[(rows.lowerBound + 1)...rows.upperBound].map(change))
            .joined(separator: "\n") + "\n")
      }
      // The file has grown since.
      try write("grown.csv", 0..<420, of: 420)
      #expect(try evaluate(folder, "grown.csv", "all").learned == 239 - 4)
      // A piece of the training rows: all of it is known, also the last fifth that is held out by default.
      try write("piece.csv", 40..<140)
      #expect(try evaluate(folder, "piece.csv", "all") == (93, 93))
      #expect(try evaluate(folder, "piece.csv", "held-out") == (18, 18))
      // A piece across the border.
      try write("border.csv", 200..<260)
      #expect(try evaluate(folder, "border.csv", "all") == (239 - 204, 60 - 5 - 3 + 1))
      // Rows that came later.
      try write("later.csv", 240..<300)
      #expect(try evaluate(folder, "later.csv", "all").learned == 0)
      // Another place at the same times.
      try write("other.csv", 0..<300) { line in
        let cells = line.split(separator: ",")
        return "\(cells[0]),\(Double(cells[1])! + 0.25),\(cells[2])"
      }
      #expect(try evaluate(folder, "other.csv", "all").learned == 0)
      // A gap in another row changes nothing about this one.
      try write("holes.csv", 40..<140) {
        $0.hasPrefix("2021-03-03T0") ? String($0.prefix { $0 != "," }) + ",,1" : $0
      }
      let holes = try evaluate(folder, "holes.csv", "all")
      #expect(holes.learned == holes.scored && holes.scored < 93)
    }
  }

  /// Without times a value comes again and again: what stood before it tells which one it is.
  @Test func withoutTimes() throws {
    try CommandFolder.with { folder in
      /// Of 0 to 22, without a period.
      func values(_ seed: UInt64) -> [String] {
        var state = seed
        return (0..<300).map { _ in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return "\((state >> 33) % 23)"
        }
      }
      func write(_ name: String, _ rows: [String]) throws {
        try folder.write(name, "level\n" + rows.joined(separator: "\n") + "\n")
      }
      try write("series.csv", values(1))
      #expect(try folder.train().exitCode == 0)
      #expect(try evaluate(folder, "series.csv", "all") == (239 - 4, 293))
      try write("piece.csv", Array(values(1)[100..<200]))
      #expect(try evaluate(folder, "piece.csv", "all") == (93, 93))
      try write("other.csv", values(2))
      #expect(try evaluate(folder, "other.csv", "all").learned == 0)
      // New rows before the training rows: only what stands within a few rows of the seam is unknown.
      try write("seam.csv", Array(values(2)[0..<50]) + Array(values(1)[0..<240]))
      #expect(try evaluate(folder, "seam.csv", "all").learned >= 240 - 5)
    }
  }

  /// Where no two rows are alike, a row is known by itself, whatever stands around it.
  @Test func withoutTimesAndWithoutLikeness() throws {
    try CommandFolder.with { folder in
      let lines = CommandFolder.series(rows: 300).split(separator: "\n").dropFirst()
        .map { $0.split(separator: ",").dropFirst().joined(separator: ",") }
      func write(_ name: String, _ rows: [String]) throws {
        try folder.write(name, "level,lead\n" + rows.joined(separator: "\n") + "\n")
      }
      try write("series.csv", lines)
      #expect(try folder.train().exitCode == 0)
      try write("reversed.csv", lines.reversed())
      // 60 held-out rows, then the 240 that were learned: the windows of 5 whose targets reach beyond row 59.
      #expect(try evaluate(folder, "reversed.csv", "all").learned == 293 - (59 - 3 - 4 + 1))
      try write("pieces.csv", Array(lines[100..<130]) + Array(lines[20..<60]))
      #expect(try evaluate(folder, "pieces.csv", "all") == (63, 63))
    }
  }

  /// A new file's last share is scored by default; that there is more is said, and only then.
  @Test func newRowsAreAllThereToBeScored() throws {
    try CommandFolder.withModel { folder in
      let lines = CommandFolder.series(rows: 420).split(separator: "\n").map(String.init)
      try folder.write("new.csv", ([lines[0]] + lines[301...]).joined(separator: "\n") + "\n")
      let hint = "--rows all scores all"
      #expect(try RunCommand("evaluate", folder("model"), folder("new.csv")).log.contains(hint))
      for line in [["new.csv", "--rows", "all"], ["series.csv"]] {
        let run = try RunCommand(["evaluate", folder("model"), folder(line[0])] + line.dropFirst())
        #expect(run.exitCode == 0 && !run.log.contains(hint), "\(run.log)")
      }
    }
  }
}
