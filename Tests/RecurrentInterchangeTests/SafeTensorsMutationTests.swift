import RecurrentInterchange
import Testing

/// Damaged files: a typed error or a valid value, never a crash. (A crash, or an allocation of a declared but
/// absent size, would end the test process.)
@Suite struct SafeTensorsMutationTests {
  @Test func everyTruncationIsRefused() throws {
    for bytes in [try Sample.mixed().serialized(), try Sample.fixture("safetensors/all-types.safetensors")] {
      for count in 0..<bytes.count {
        #expect(Sample.error(reading: Array(bytes.prefix(count))) != nil, "cut to \(count) bytes")
      }
    }
  }

  @Test func everyAppendedByteIsRefused() throws {
    let bytes = try Sample.mixed().serialized()
    #expect(
      Sample.error(reading: bytes + [0])
        == .metadataIncompleteBuffer(describedBytes: 53, bufferBytes: 54))
  }

  @Test func everyByteReplacedByEverySyntacticByte() throws {
    let bytes = try Sample.mixed().serialized()
    for position in bytes.indices {
      for replacement in Self.syntax + [0, 0x7F, 0x80, 0xFF] {
        var mutated = bytes
        mutated[position] = replacement
        try Self.exercise(mutated)
      }
    }
  }

  /// One to four random edits each; half of the new bytes are JSON's own, so that many mutants get past the
  /// syntax.
  @Test func randomMutations() throws {
    var random = SeededNumbers(seed: 20_240_601)
    let originals = [
      try Sample.mixed().serialized(), try Sample.fixture("safetensors/all-types.safetensors"),
    ]
    var accepted = 0
    for index in 0..<10_000 {
      var bytes = originals[index % 2]
      for _ in 0...Int.random(in: 0..<4, using: &random) { Self.mutate(&bytes, using: &random) }
      if try Self.exercise(bytes) { accepted += 1 }
    }
    // Edits inside a tensor's bytes are legal, so some mutants must be read, and most must not.
    #expect((50..<5_000).contains(accepted), "\(accepted) accepted")
  }

  private static let syntax = Array("{}[]\",:\\0123456789eE.-+ untrue".utf8)

  /// Reads; what is accepted must survive every accessor and a round trip. Returns whether it was accepted.
  @discardableResult
  private static func exercise(_ bytes: [UInt8]) throws -> Bool {
    guard let tensors = try? SafeTensors(bytes: bytes) else { return false }
    for name in tensors.names {
      _ = try? tensors.floats(named: name)
      _ = try? tensors.doubles(named: name)
      _ = try? tensors.int64s(named: name)
    }
    let written = try tensors.serialized()
    let again = try SafeTensors(bytes: written)
    #expect(again.metadata == tensors.metadata)
    #expect(Set(again.entries) == Set(tensors.entries))
    #expect(try again.serialized() == written)
    return true
  }

  private static func mutate(_ bytes: inout [UInt8], using random: inout SeededNumbers) {
    let position = Int.random(in: 0..<max(bytes.count, 1), using: &random)
    let byte =
      Bool.random(using: &random)
      ? syntax.randomElement(using: &random)! : UInt8.random(in: 0...255, using: &random)
    guard position < bytes.count else {
      bytes.append(byte)
      return
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes.insert(byte, at: position)
    case 1: bytes.remove(at: position)
    case 2: bytes.removeLast(Int.random(in: 1...min(16, bytes.count), using: &random))
    case 3: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 4:
      let end = min(bytes.count, position + Int.random(in: 1...60, using: &random))
      bytes.insert(contentsOf: bytes[position..<end], at: position)
    default: bytes[position] = byte
    }
  }
}
