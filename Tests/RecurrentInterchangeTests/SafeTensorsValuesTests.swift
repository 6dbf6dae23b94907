import RecurrentInterchange
import Testing

@Suite struct SafeTensorsValuesTests {
  private func tensors(_ dataType: TensorDataType, _ bytes: [UInt8]) -> SafeTensors {
    var tensors = SafeTensors()
    tensors.add(
      TensorEntry(name: "x", dataType: dataType, shape: [bytes.count / dataType.size], bytes: bytes))
    return tensors
  }

  @Test func singleAndDoubleKeepTheirBits() throws {
    let singles: [Float] = [0, -0.0, 1, .infinity, -.leastNonzeroMagnitude, .greatestFiniteMagnitude, .nan]
    let doubles: [Double] = [
      0, -0.0, 1 / 3, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .nan,
    ]
    var tensors = SafeTensors()
    tensors.add("s", shape: [7], singles)
    tensors.add("d", shape: [7], doubles)
    let back = try SafeTensors(bytes: tensors.serialized())
    #expect(try back.floats(named: "s").map(\.bitPattern) == singles.map(\.bitPattern))
    #expect(try back.doubles(named: "d").map(\.bitPattern) == doubles.map(\.bitPattern))
    #expect(try back.doubles(named: "s").prefix(6) == singles.prefix(6).map(Double.init)[...])
  }

  /// Every half-precision number, against its definition: (−1)^s · 2^(e−15) · 1.f, and 2^−14 · 0.f for e = 0.
  @Test func everyHalfIsWidenedExactly() throws {
    let patterns = (0...UInt16.max).map { $0 }
    let bytes = patterns.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let floats = try tensors(.f16, bytes).floats(named: "x")
    let mismatch = zip(patterns, floats).first { pattern, float in
      let fraction = Double(pattern & 0x3FF) / 1024
      let exponent = Int(pattern >> 10 & 0x1F)
      let sign: Double = pattern >> 15 == 0 ? 1 : -1
      if exponent == 31 { return fraction == 0 ? Double(float) != sign * .infinity : !float.isNaN }
      let scale = Double(sign: .plus, exponent: exponent == 0 ? -14 : exponent - 15, significand: 1)
      let expected = sign * scale * (exponent == 0 ? fraction : 1 + fraction)
      return Double(float) != expected || (float.sign == .minus) != (sign < 0)
    }
    #expect(mismatch == nil)
  }

  @Test func brainFloatIsTheUpperHalf() throws {
    let floats = try tensors(.bf16, [0x80, 0x3F, 0x49, 0xC0, 0x80, 0xFF, 0x01, 0x00]).floats(named: "x")
    #expect(floats == [1, -3.140625, -.infinity, 0x1p-133])
  }

  @Test func wholeNumbersOfEveryWidth() throws {
    #expect(try tensors(.i8, [0x80, 0x7F]).int64s(named: "x") == [-128, 127])
    #expect(try tensors(.u8, [0x80, 0x7F]).int64s(named: "x") == [128, 127])
    #expect(try tensors(.i16, [0x00, 0x80, 0xFE, 0xFF]).int64s(named: "x") == [-32768, -2])
    #expect(try tensors(.i32, [1, 0, 0, 0x80]).int64s(named: "x") == [-2_147_483_647])
    #expect(try tensors(.bool, [1, 0]).int64s(named: "x") == [1, 0])
    var large = SafeTensors()
    large.add("x", shape: [2], [Int64.min, .max])
    #expect(try large.int64s(named: "x") == [.min, .max])
    #expect(try tensors(.i16, [0x00, 0x80]).floats(named: "x") == [-32768])
    #expect(try tensors(.i32, [1, 0, 0, 0x80]).doubles(named: "x") == [-2_147_483_647])
  }

  @Test func nothingIsRounded() throws {
    var tensors = SafeTensors()
    tensors.add("d", shape: [3], [0.5, .nan, 0.1])
    tensors.add("i", shape: [2], [Int64(1 << 53), 1 << 53 + 1])
    tensors.add("exact", shape: [3], [0.5, -.infinity, 0x1p-149])
    tensors.add("wide", shape: [1], [1e300])
    #expect(throws: SafeTensorsError.inexactConversion(tensor: "d", index: 2, found: "0.1", asked: "Float")) {
      try tensors.floats(named: "d")
    }
    #expect(
      throws: SafeTensorsError.inexactConversion(
        tensor: "i", index: 1, found: "9007199254740993", asked: "Double")
    ) { try tensors.doubles(named: "i") }
    #expect(
      throws: SafeTensorsError.inexactConversion(tensor: "wide", index: 0, found: "1e+300", asked: "Float")
    ) {
      try tensors.floats(named: "wide")
    }
    #expect(try tensors.floats(named: "exact") == [0.5, -.infinity, 0x1p-149])
  }

  @Test func typesAreNotConfused() {
    let asked = SafeTensorsError.wrongDataType(tensor: "x", found: .bool, asked: "numbers")
    #expect(throws: asked) { try tensors(.bool, [1]).floats(named: "x") }
    #expect(throws: asked) { try tensors(.bool, [1]).doubles(named: "x") }
    #expect(throws: SafeTensorsError.wrongDataType(tensor: "x", found: .f16, asked: "whole numbers")) {
      try tensors(.f16, [0, 0]).int64s(named: "x")
    }
    #expect(
      throws: SafeTensorsError.inexactConversion(tensor: "x", index: 1, found: "2", asked: "a truth value")
    ) {
      try tensors(.bool, [1, 2]).int64s(named: "x")
    }
  }

  @Test func aMistypedNameFindsItsNeighbour() {
    let tensors = Sample.mixed()
    #expect(
      throws: SafeTensorsError.tensorNotFound(
        name: "rnn.0.forward.wightInput", nearest: "rnn.0.forward.weightInput")
    ) { try tensors.floats(named: "rnn.0.forward.wightInput") }
    #expect(throws: SafeTensorsError.tensorNotFound(name: "embedding.table", nearest: nil)) {
      try tensors.doubles(named: "embedding.table")
    }
  }

  @Test func namedTensorsCarryEverything() throws {
    var tensors = SafeTensors()
    tensors.add([NamedTensor(name: "a", shape: [1, 2], values: [Float(1), 2])])
    #expect(try tensors.floatTensors() == [NamedTensor(name: "a", shape: [1, 2], values: [1, 2])])
    #expect(try tensors.doubleTensors() == [NamedTensor(name: "a", shape: [1, 2], values: [1.0, 2])])
    tensors.add([NamedTensor(name: "b", shape: [], values: [0.1])])
    #expect(try tensors.doubleTensors().last == NamedTensor(name: "b", shape: [], values: [0.1]))
  }
}
