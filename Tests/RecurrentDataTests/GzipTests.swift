import Foundation
import RecurrentData
import Testing

@Suite struct GzipTests {
  private func unpack(_ bytes: [UInt8], limit: Int = 1 << 20) -> Result<[UInt8], DataError> {
    do { return .success(try Gzip.unpack(bytes, source: "t.gz", limit: limit)) } catch {
      return .failure(error)
    }
  }

  /// A member with stored blocks only, which needs no compressor; the checksum comes from a bitwise definition.
  private func stored(_ contents: [UInt8], block: Int = 65_535) -> [UInt8] {
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var start = 0
    repeat {
      let end = min(start + block, contents.count)
      let length = end - start
      bytes.append(end == contents.count ? 1 : 0)
      for value in [length, length ^ 0xFFFF] { bytes += [UInt8(value & 255), UInt8(value >> 8)] }
      bytes += contents[start..<end]
      start = end
    } while start < contents.count
    return bytes + littleEndian(checksum(contents)) + littleEndian(UInt32(contents.count))
  }

  /// CRC-32 bit by bit, as RFC 1952 defines the polynomial.
  private func checksum(_ bytes: [UInt8]) -> UInt32 {
    var register: UInt32 = ~0
    for byte in bytes {
      for bit in 0..<8 {
        let carry = (register ^ UInt32(byte >> bit)) & 1
        register = (register >> 1) ^ (carry == 1 ? 0xEDB8_8320 : 0)
      }
    }
    return ~register
  }

  private func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  @Test func everyKindOfBlockGivesTheContents() {
    for bytes in [
      GzipFixtures.dynamic, GzipFixtures.fixed, GzipFixtures.literalsOnly, GzipFixtures.headerFields,
      stored(GzipFixtures.contents), stored(GzipFixtures.contents, block: 7),
    ] {
      #expect(unpack(bytes) == .success(GzipFixtures.contents))
    }
    #expect(unpack(GzipFixtures.longRun) == .success([UInt8](repeating: 97, count: 100_000)))
    #expect(unpack(stored([])) == .success([]))
  }

  @Test func membersFollowEachOther() {
    let bytes = GzipFixtures.fixed + stored([1, 2, 3]) + GzipFixtures.dynamic
    #expect(unpack(bytes) == .success(GzipFixtures.contents + [1, 2, 3] + GzipFixtures.contents))
  }

  @Test func everyCutIsAnError() {
    for whole in [
      GzipFixtures.dynamic, GzipFixtures.fixed, GzipFixtures.headerFields,
      stored(GzipFixtures.contents, block: 50),
    ] {
      for length in 2..<whole.count {
        guard case .failure(.gzip(let fault, let place)) = unpack(Array(whole[..<length])) else {
          Issue.record("cut to \(length) of \(whole.count) bytes was accepted")
          continue
        }
        #expect(fault == .truncated, "cut to \(length)")
        #expect((place.byte ?? -1) <= length)
      }
    }
  }

  @Test func everyFlippedBitIsAnErrorOrChangesNothing() {
    let whole = GzipFixtures.dynamic
    var harmless = 0
    for bit in 0..<whole.count * 8 {
      var bytes = whole
      bytes[bit / 8] ^= 1 << (bit % 8)
      switch unpack(bytes) {
      case .success(let contents):
        harmless += 1
        #expect(contents == GzipFixtures.contents, "bit \(bit)")
      case .failure: break
      }
    }
    // Time, extra flags and system are 48 bits and the hint for text is one; the unused bits of the last byte and those
    // of words that the block never uses are few.
    #expect((49...64).contains(harmless), "\(harmless) harmless bits")
  }

  @Test func damageIsNamed() {
    var bytes = stored([1, 2, 3])
    bytes[16] ^= 1
    #expect(
      unpack(bytes)
        == .failure(
          .gzip(
            .checksumMismatch(found: checksum([1, 3, 3]), expected: checksum([1, 2, 3])),
            at: .init("t.gz", byte: 26))))
    bytes = stored([1, 2, 3])
    bytes[bytes.count - 4] = 4
    #expect(
      unpack(bytes) == .failure(.gzip(.lengthMismatch(found: 3, expected: 4), at: .init("t.gz", byte: 26))))
    #expect(
      unpack(stored([1]) + [0, 0]) == .failure(.gzip(.trailingBytes(count: 2), at: .init("t.gz", byte: 24))))
    // A fixed block whose first symbol is a copy, with nothing to copy from.
    let copy: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 0x03, 0x02, 0, 0]
    #expect(
      unpack(copy) == .failure(.gzip(.distanceTooFar(distance: 1, available: 0), at: .init("t.gz", byte: 11)))
    )
  }

  /// A member whose only block has codes of its own: of literals, end-of-block alone with a word of the given length.
  private func blockWithOneWord(ofLength length: Int) -> [UInt8] {
    var bits: [Int] = [1, 0, 1]
    let append = { (value: Int, count: Int) in bits += (0..<count).map { value >> $0 & 1 } }
    append(0, 5)  // 257 literals
    append(0, 5)  // 1 distance
    append(14, 4)  // 18 lengths of the code of lengths: symbols 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1
    for meta in [0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, length == 2 ? 2 : 0, 0, length == 1 ? 2 : 0] {
      append(meta, 3)
    }
    // The words: symbol 0 is 0, the length 10, symbol 18 (a run of zeros) 11.
    for run in [138, 118] {
      bits += [1, 1]
      append(run - 11, 7)
    }
    bits += [1, 0]  // end-of-block
    bits += [0]  // no distance
    bits += [Int](repeating: 0, count: length)  // the block: end-of-block at once
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    for start in Swift.stride(from: 0, to: bits.count, by: 8) {
      bytes.append(
        bits[start..<min(start + 8, bits.count)].enumerated().reduce(0) {
          $0 | UInt8($1.element << $1.offset)
        })
    }
    return bytes + [UInt8](repeating: 0, count: 8)
  }

  @Test func codesMustBeComplete() {
    // All is well but that half, or three quarters, of the patterns mean nothing.
    for length in [1, 2] {
      #expect(throws: DataError.gzip(.badCode, at: .init("t.gz", byte: 21))) {
        try unpack(blockWithOneWord(ofLength: length)).get()
      }
    }
  }

  @Test func sizeIsBounded() {
    #expect(
      unpack(GzipFixtures.longRun, limit: 99_999)
        == .failure(.gzip(.tooLarge(limit: 99_999), at: .init("t.gz", byte: 124))))
    #expect(unpack(GzipFixtures.longRun, limit: 100_000) == .success([UInt8](repeating: 97, count: 100_000)))
  }

  @Test func tablesAreReadFromIt() throws {
    try TestFiles.withFolder { folder in
      // Recognised by its bytes, not by its name.
      let file = folder.appendingPathComponent("data.csv")
      try Data(GzipFixtures.dynamic).write(to: file)
      let table = try Table(contentsOf: file.path)
      #expect(table.rowCount == 31 && table.time.step.name == "daily")
      try Data(GzipFixtures.dynamic.dropLast()).write(to: file)
      #expect(throws: DataError.self) { try Table(contentsOf: file.path) }
    }
  }
}
