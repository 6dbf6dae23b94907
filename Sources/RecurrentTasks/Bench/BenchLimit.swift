internal import Recurrent

/// The least that a call of a case can take on a machine, were it nothing but its products and its weights' way to the core.
///
///     seconds = operations / peak                                            of several sequences
///     seconds = (operations − operations on weights read) / peak + bytes / rate    of one
///
/// Of one sequence, every step reads all recurrent weights anew for a single row, and of a stream those of the input too,
/// from whatever cache they fit; the rate is that of reads of a buffer as large. What latency alone decides, a network of a few kilobytes, has no such limit.
public struct BenchLimit: Sendable, Hashable {
  /// Floating-point operations that are done at the cores' peak.
  public let operations: Double
  /// Bytes of weights that are read for a single row, all steps together.
  public let bytes: Double
  /// Bytes that each thread reads over and over.
  public let bytesPerThread: Int

  /// Seconds of a call at a peak and a rate of reads, of all threads together.
  public func seconds(peak: Double, readRate: Double) -> Double {
    operations / peak + (bytes > 0 ? bytes / readRate : 0)
  }

  /// The same at a peak and the rate of reads that so many threads have now. Takes some milliseconds where bytes are read.
  public func seconds(peak: Double, threads: Int) -> Double {
    if bytes == 0 { return operations / peak }
    let rate = MachineSpeed.readRate(bytesPerThread: bytesPerThread, threads: threads, seconds: 5e-3)
    return seconds(peak: peak, readRate: rate)
  }
}

extension BenchNetwork {
  /// Below this, weights lie in the cache nearest to the registers, and what a step waits for is its own results.
  private static let fewestBytes = 1 << 16

  /// `nil` where there is none.
  ///
  /// - Parameter tokens: as of ``operations(tokens:)``.
  public func limit(tokens: Int, threads: Int) -> BenchLimit? {
    let operations = Double(operations(tokens: tokens))
    guard benchCase.batch == 1 else { return BenchLimit(operations: operations, bytes: 0, bytesPerThread: 0) }
    // A stream reads the weights of its input a step at a time too; whole sequences multiply all steps by them at once.
    let isStream = benchCase.work == .stream
    let read = layout.slots.filter { slot in
      slot.name.hasPrefix("rnn.") && !slot.blocks.isEmpty
        && (isStream || slot.name.hasSuffix(".weightHidden"))
    }
    let size = MemoryLayout<Float>.size
    let bytes = size * read.reduce(0) { $0 + $1.count }
    guard bytes >= Self.fewestBytes, benchCase.training == nil else { return nil }
    // Layers and directions follow one another; on several threads each has its part of one layer, or a direction.
    let directions = read.contains { $0.name.hasPrefix("rnn.0.reverse.") } ? 2 : 1
    let atATime = isStream ? bytes : size * (read.map(\.count).max() ?? 0)
    return BenchLimit(
      operations: operations - Double(2 * tokens * bytes / size), bytes: Double(tokens * bytes),
      bytesPerThread: atATime * min(threads, directions) / threads)
  }
}
