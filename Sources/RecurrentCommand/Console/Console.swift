internal import Foundation
internal import RecurrentCore
internal import Synchronization

/// The process's streams: results on standard output, everything else on standard error.
///
/// Results must arrive, so ``print(_:)`` throws; notes and progress are a kindness, so a closed standard error is passed
/// over in silence.
public final class Console: Sendable {
  public let environment: [String: String]
  /// Of standard output.
  public let output: StreamTraits
  /// Of standard error.
  public let log: StreamTraits
  private let outputDescriptor: Int32
  private let logDescriptor: Int32
  private let state = Mutex(State())

  private struct State {
    var isQuiet = false
    var progressStyle = ProgressStyle.auto
    /// The progress bar that now stands on the last line.
    var bar: String?
  }

  /// - Parameters:
  ///   - outputDescriptor: where results go; 1 is standard output.
  ///   - logDescriptor: where everything else goes; 2 is standard error.
  ///   - environment: in place of the process's own, for tests.
  public init(
    outputDescriptor: Int32 = 1, logDescriptor: Int32 = 2,
    environment given: [String: String]? = nil
  ) {
    let environment = given ?? ProcessInfo.processInfo.environment
    func traits(_ descriptor: Int32) -> StreamTraits {
      StreamTraits(
        isTerminal: SystemLibrary.isTerminal(descriptor),
        width: SystemLibrary.terminalWidth(descriptor), environment: environment)
    }
    self.environment = environment
    self.outputDescriptor = outputDescriptor
    self.logDescriptor = logDescriptor
    output = traits(outputDescriptor)
    log = traits(logDescriptor)
    SystemLibrary.ignoreBrokenPipes()
  }

  /// Style for results.
  public var style: TextStyle { TextStyle(hasColor: output.hasColor) }
  /// Style for notes.
  public var logStyle: TextStyle { TextStyle(hasColor: log.hasColor) }

  public var isQuiet: Bool { state.withLock(\.isQuiet) }

  /// What `--quiet` and `--progress` say.
  package func configure(isQuiet: Bool, progress: ProgressStyle) {
    state.withLock {
      $0.isQuiet = isQuiet
      $0.progressStyle = progress
    }
  }

  // MARK: Results

  /// Writes a result and a line break to standard output, unbuffered: give long texts in one call.
  ///
  /// - Throws: ``ExitCode/brokenPipe`` where the reader has gone, which the tool passes over without a word, and
  ///   ``ExitCode/inputOutput`` where the stream cannot be written.
  public func print(_ text: String) throws(CommandError) {
    try write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8))
  }

  /// Writes bytes as they are to standard output.
  public func write(_ bytes: [UInt8]) throws(CommandError) {
    let code = state.withLock { state -> Int32 in
      // Where both streams are one terminal, the bar must not stand in the middle of a result.
      if output.isTerminal { clearBar(&state) }
      return bytes.withUnsafeBytes { SystemCall.writeAll(outputDescriptor, $0) }
    }
    guard code != 0 else { return }
    if code == SystemCall.brokenPipe {
      throw CommandError("the reader of standard output has gone", exitCode: .brokenPipe)
    }
    let error = FileError(.write, "standard output", code: code, reading: false)
    throw CommandError("\(error)", exitCode: .inputOutput)
  }

  /// All of standard input; of a stream that is longer than `limit`, a little more than that.
  public func readStandardInput(limit: Int = .max) throws(CommandError) -> [UInt8] {
    let (bytes, code) = SystemCall.readAll(0, limit: limit)
    guard code == 0 else {
      let error = FileError(.read, "standard input", code: code, reading: true)
      throw CommandError("\(error)", exitCode: .noInput)
    }
    return bytes
  }

  /// What has come on standard input, as soon as anything has; `nil` at its end.
  func readSomeStandardInput() throws(CommandError) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = buffer.withUnsafeMutableBytes { SystemCall.readSome(0, into: $0) }
    guard count >= 0 else {
      let error = FileError(.read, "standard input", code: Int32(-count), reading: true)
      throw CommandError("\(error)", exitCode: .noInput)
    }
    return count == 0 ? nil : Array(buffer[..<count])
  }

  // MARK: Log

  /// A line for the user on standard error; nothing where quiet.
  public func note(_ text: String) {
    if !isQuiet { writeLog(terminalLine(text)) }
  }

  /// A warning on standard error, even where quiet.
  public func warn(_ text: String) {
    writeLog(logStyle.yellow("recurrent: warning:") + " " + terminalLine(text))
  }

  func report(_ error: CommandError) {
    if error.exitCode == .brokenPipe { return }
    writeLog(logStyle.red("recurrent: error:") + " " + terminalLine(error.message))
  }

  func writeLog(_ text: String) {
    state.withLock { state in
      let bar = state.bar
      clearBar(&state)
      send(text + "\n")
      if let bar { draw(bar, &state) }
    }
  }

  // MARK: Progress

  /// What `--progress` comes to on this stream.
  var progressStyle: ProgressStyle {
    let (isQuiet, style) = state.withLock { ($0.isQuiet, $0.progressStyle) }
    if isQuiet { return .none }
    return style == .auto ? (log.canRedraw ? .bar : .plain) : style
  }

  func drawBar(_ text: String) { state.withLock { draw(text, &$0) } }

  /// Takes the bar away; with a text, leaves that in its place.
  func endBar(_ text: String?) {
    state.withLock { state in
      clearBar(&state)
      if let text { send(text + "\n") }
    }
  }

  private func draw(_ text: String, _ state: inout State) {
    send("\r" + text + "\u{1B}[K")
    state.bar = text
  }

  /// To standard error; a closed one is passed over.
  private func send(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { SystemCall.writeAll(logDescriptor, $0) }
  }

  private func clearBar(_ state: inout State) {
    guard state.bar != nil else { return }
    send("\r\u{1B}[K")
    state.bar = nil
  }
}
