internal import RecurrentReports
internal import Synchronization

/// Shows how far long work has come, on standard error, as often as a reader can use it and no oftener.
///
/// A bar is redrawn ten times a second at most. Plain and JSON lines come at ``milestone(_:loss:detail:)`` (an epoch),
/// one a second at most, and between milestones every ten seconds; the last line is always written.
public final class ProgressDisplay: Sendable {
  private let console: Console
  private let style: ProgressStyle
  private let now: @Sendable () -> ContinuousClock.Instant
  private let state: Mutex<State>

  private struct State {
    var progress: ProgressState
    let start: ContinuousClock.Instant
    var lastShown: ContinuousClock.Instant?
    var isShownToDate = true
    var isFinished = false
  }

  /// - Parameters:
  ///   - title: what is going on: "training".
  ///   - unit: what is counted, in the plural: "steps".
  ///   - total: how many there will be; `nil`: unknown.
  ///   - completed: how many were done before, in a run that is resumed.
  ///   - now: the clock, for tests.
  public init(
    _ console: Console, title: String, unit: String, total: Int?, completed: Int = 0,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
  ) {
    self.console = console
    self.now = now
    style = console.progressStyle
    state = Mutex(
      State(
        progress: ProgressState(
          title: title, unit: unit, total: total, first: completed, completed: completed, loss: nil,
          detail: "", elapsed: 0),
        start: now()))
  }

  /// Says how many are done; cheap enough for every step.
  ///
  /// - Parameters:
  ///   - loss: the newest loss; `nil` keeps the one before.
  ///   - detail: more figures in words, "validation 0.0123"; `nil` keeps those before.
  public func update(_ completed: Int, loss: Double? = nil, detail: String? = nil) {
    advance(completed, loss, detail, every: style == .bar ? .milliseconds(100) : .seconds(10))
  }

  /// Says that a stretch worth a line of its own is done: an epoch.
  public func milestone(_ completed: Int, loss: Double? = nil, detail: String? = nil) {
    advance(completed, loss, detail, every: style == .bar ? .milliseconds(100) : .seconds(1))
  }

  /// Takes the bar away and leaves one line with the last figures. Called twice it does nothing the second time.
  public func finish() {
    guard style != .none else { return }
    state.withLock { state in
      guard !state.isFinished else { return }
      state.isFinished = true
      state.progress.elapsed = (now() - state.start) / .seconds(1)
      if style == .bar {
        console.endBar(state.progress.plainLine)
      } else if !state.isShownToDate {
        writeLine(state.progress)
      }
    }
  }

  /// Takes the bar away and leaves nothing: for short work whose result speaks for itself.
  public func remove() {
    state.withLock { state in
      guard !state.isFinished else { return }
      state.isFinished = true
      if style == .bar { console.endBar(nil) }
    }
  }

  deinit {
    if style == .bar, state.withLock({ !$0.isFinished }) { console.endBar(nil) }
  }

  private func advance(_ completed: Int, _ loss: Double?, _ detail: String?, every interval: Duration) {
    guard style != .none else { return }
    state.withLock { state in
      let time = now()
      state.progress.completed = completed
      if let loss { state.progress.loss = loss }
      if let detail { state.progress.detail = detail }
      state.progress.elapsed = (time - state.start) / .seconds(1)
      state.isShownToDate = false
      guard time - (state.lastShown ?? state.start) >= interval || isFirstBar(state) else { return }
      state.lastShown = time
      state.isShownToDate = true
      if style == .bar {
        console.drawBar(state.progress.barLine(width: console.log.width))
      } else {
        writeLine(state.progress)
      }
    }
  }

  private func isFirstBar(_ state: State) -> Bool { style == .bar && state.lastShown == nil }

  private func writeLine(_ progress: ProgressState) {
    guard style == .json else { return console.writeLog(progress.plainLine) }
    // Every member is finite or null, so this cannot be refused.
    if let text = try? progress.json.text(nonFinite: .null) { console.writeLog(text) }
  }
}
