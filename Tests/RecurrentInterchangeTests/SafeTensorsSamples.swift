import Foundation
import RecurrentInterchange

/// Files laid out by hand, independently of the writer under test.
enum Sample {
  /// A file with this header and buffer; `declaredLength` overrides the true header length.
  static func file(_ header: String, buffer: [UInt8] = [], declaredLength: UInt64? = nil) -> [UInt8] {
    file(header: Array(header.utf8), buffer: buffer, declaredLength: declaredLength)
  }

  static func file(header: [UInt8], buffer: [UInt8], declaredLength: UInt64? = nil) -> [UInt8] {
    let length = declaredLength ?? UInt64(header.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header + buffer
  }

  /// One entry of a header.
  static func entry(_ name: String, _ type: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
  }

  /// Six tensors of several types, one empty and one a single number, with metadata.
  static func mixed() -> SafeTensors {
    var tensors = SafeTensors(metadata: ["format": "pt", "name": "sample"])
    tensors.add("rnn.0.forward.weightInput", shape: [2, 3], [Float(1), -2, 0.5, .pi, 0, 1e-30])
    tensors.add("rnn.0.forward.bias", shape: [1, 2], [1.5, -2.5])
    tensors.add("step", shape: [], [Int64(12_345)])
    tensors.add("flags", shape: [3], [UInt8(1), 0, 255])
    tensors.add("nothing", shape: [4, 0], [Float]())
    tensors.add(TensorEntry(name: "half", dataType: .f16, shape: [1], bytes: [0x00, 0x3C]))
    return tensors
  }

  /// The error that reading `bytes` throws, or `nil`.
  static func error(reading bytes: [UInt8]) -> SafeTensorsError? {
    do throws(SafeTensorsError) {
      _ = try SafeTensors(bytes: bytes)
      return nil
    } catch {
      return error
    }
  }

  static func fixture(_ path: String) throws -> [UInt8] {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return Array(try Data(contentsOf: tests.appending(path: "Fixtures").appending(path: path)))
  }
}

/// SplitMix64: the tests' own source of numbers, the same in every run.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Numbers in −1 ..< 1.
  mutating func vector(_ count: Int) -> [Double] {
    (0..<count).map { _ in Double.random(in: -1..<1, using: &self) }
  }
}
