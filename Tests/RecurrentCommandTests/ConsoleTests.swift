import RecurrentCommand
import RecurrentReports
import Synchronization
import Testing

@Suite struct ConsoleTests {
  /// Terminal or not, environment, and whether colours and redrawing follow.
  @Test(arguments: [
    (true, ["TERM": "xterm"], true, true),
    (false, ["TERM": "xterm"], false, false),
    (true, ["TERM": "dumb"], false, false),
    (true, ["TERM": "xterm", "NO_COLOR": "1"], false, true),
    (true, ["TERM": "xterm", "NO_COLOR": ""], true, true),
    (false, ["CLICOLOR_FORCE": "1"], true, false),
    (false, ["CLICOLOR_FORCE": "0"], false, false),
    (true, ["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], false, true),
    (true, ["TERM": "dumb", "CLICOLOR_FORCE": "1"], true, false),
  ]) func environmentDecides(
    isTerminal: Bool, environment: [String: String], hasColor: Bool, canRedraw: Bool
  ) {
    let traits = StreamTraits(isTerminal: isTerminal, width: nil, environment: environment)
    #expect(traits.hasColor == hasColor && traits.canRedraw == canRedraw && traits.width == 80)
  }

  @Test func widthIsTheTerminalsOrColumns() {
    func width(_ width: Int?, _ environment: [String: String]) -> Int {
      StreamTraits(isTerminal: true, width: width, environment: environment).width
    }
    #expect(width(132, ["COLUMNS": "40"]) == 132)
    #expect(width(nil, ["COLUMNS": "40"]) == 40)
    #expect(width(nil, ["COLUMNS": "wide"]) == 80)
  }

  @Test func documentsAreSortedAndRoundTrip() throws {
    let captured = try CapturedConsole()
    defer { captured.remove() }
    var document = JSONDocument(verb: "train forecast", ["third": .number(1.0 / 3), "count": 3])
    document.members["worst"] = .number(.infinity)
    try captured.console.print(document)
    #expect(
      try captured.output == """
        {
          "count": 3,
          "schema": "recurrent.train.forecast/1",
          "third": 0.3333333333333333,
          "worst": null
        }

        """)
  }
}

/// A clock that tests move on.
final class ManualClock: Sendable {
  private let state = Mutex(ContinuousClock.now)
  var now: ContinuousClock.Instant { state.withLock { $0 } }
  func advance(_ seconds: Double) { state.withLock { $0 += .seconds(seconds) } }
}

@Suite struct ProgressDisplayTests {
  /// 100 steps of a second each from step 50 on, an epoch of 25 steps.
  private func log(_ style: ProgressStyle, quiet: Bool = false, secondsAStep: Double = 1) throws -> String {
    let captured = try CapturedConsole()
    defer { captured.remove() }
    captured.console.configure(isQuiet: quiet, progress: style)
    let clock = ManualClock()
    let display = ProgressDisplay(
      captured.console, title: "training", unit: "steps", total: 150, completed: 50, now: { clock.now })
    for step in 51...150 {
      clock.advance(secondsAStep)
      if step % 25 == 0 {
        display.milestone(step, loss: 1 / Double(step), detail: "validation 0.5")
      } else {
        display.update(step, loss: 1 / Double(step))
      }
    }
    display.finish()
    display.finish()
    return try captured.log
  }

  @Test func plainLinesAreFew() throws {
    let lines = try log(.auto).split(separator: "\n")
    // Every tenth second, and the epochs at 75, 100, 125 and 150.
    #expect(lines.count == 12, "\(lines)")
    #expect(lines.allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\r") })
    #expect(lines[0] == "training  60/150 steps  loss 0.01667  1.00 steps/s  1 min 30 s left")
    #expect(
      lines.last == "training  150/150 steps  loss 0.006667  validation 0.5  1.00 steps/s  took 1 min 40 s")
  }

  @Test func fastEpochsAreThrottledAndTheLastLineIsWritten() throws {
    let lines = try log(.plain, secondsAStep: 0.01).split(separator: "\n")
    #expect(lines.count == 1 && lines[0].hasPrefix("training  150/150 steps"), "\(lines)")
  }

  @Test func aBarIsRedrawnInPlace() throws {
    let text = try log(.bar, secondsAStep: 0.02)
    #expect(text.count { $0 == "\n" } == 1 && text.hasSuffix("took 2.0 s\n"))
    let frames = text.split(separator: "\r").filter { $0.hasSuffix("\u{1B}[K") && $0.count > 3 }
    // Two seconds, ten frames a second at most, and the first at once.
    #expect(frames.count >= 15 && frames.count <= 21, "\(frames.count)")
    for frame in frames {
      // Shorter than the line by one, or some terminals wrap; less the three characters of the code behind it.
      #expect(frame.count - 3 <= 79 && frame.contains("█") && frame.contains("loss"), "\(frame)")
      #expect(frame.contains(" left") || frame.contains("took"))
    }
  }

  @Test func jsonLinesAreObjects() throws {
    let lines = try log(.json).split(separator: "\n")
    #expect(lines.count == 12)
    #expect(
      lines[0]
        == #"{"completed":60,"elapsed_seconds":10.0,"event":"progress","loss":0.016666666666666666,"rate":1.0,"remaining_seconds":90.0,"title":"training","total":150,"unit":"steps"}"#
    )
  }

  @Test func nothingWhereQuietOrNone() throws {
    #expect(try log(.none) == "")
    #expect(try log(.bar, quiet: true) == "")
  }
}
