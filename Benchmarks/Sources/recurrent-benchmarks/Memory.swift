internal import Foundation
internal import Recurrent

/// What a training step keeps, by the guide's formula (`Guides/Speed.md`) and by what the process grew by.
struct MemoryBenchmark {
  /// Bytes that the engine keeps for a batch of one thread whose sequences all have T steps, with outputs at every step.
  ///
  ///     rows · (4 · (F + Σ layers (10 H, and H inputs of all but the first) + H + 2 Q) + 44)
  ///
  /// LSTM: 4 H gates and 4 H of their gradients, H hidden and H cell states; a layer above another has the gradient of its
  /// inputs. Then the head's gradient of H, outputs and gradients of Q, rows in order, and the loss of each row.
  static func formula(_ plain: PlainModel, steps: Int, sequences: Int) -> Int {
    let rows = steps * sequences
    let layers = 10 * plain.hidden * plain.layers + plain.hidden * (plain.layers - 1)
    let floats = plain.inputs + layers + plain.hidden + 2 * 4
    // Two orders of rows for the body, two for the outputs, and where each output's target is found; sum and count.
    let indices = 4 * 7 + 16
    return rows * (4 * floats + indices)
  }

  static func rows() throws -> [Row] {
    try [
      row("LSTM 64, F 8, T 100,000, B 1", PlainModel(inputs: 8, hidden: 64), steps: 100_000, sequences: 1),
      row(
        "LSTM 2 x 256, T 500, B 32", PlainModel(inputs: 256, hidden: 256, layers: 2), steps: 500,
        sequences: 32),
    ]
  }

  private static func row(
    _ name: String, _ plain: PlainModel, steps: Int, sequences: Int
  ) throws -> Row {
    let step = try OneBatch.steps(
      plain.model, plain.batch(steps: steps, sequences: sequences), threads: 1)
    let before = resident()
    try step()
    let grown = resident() - before
    let expected = formula(plain, steps: steps, sequences: sequences)
    // Held until measured.
    try step()
    return Row("memory", name)
      .with("formula", Double(expected) / 1e6, "MB").with("measured", Double(grown) / 1e6, "MB")
      .with("measured over formula", Double(grown) / Double(expected), "")
  }

  /// Bytes of this process in memory; 0 where the system does not say.
  private static func resident() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
      let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return 0 }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
