// Numbers in and out of tensors. Conversions are exact or refused: a value is never rounded on the way.

extension SafeTensors {
  /// The tensor's elements as `Float`, in C order.
  ///
  /// F32 keeps its bits, F16 and BF16 are widened; other numbers are accepted where `Float` holds each of
  /// them exactly (NaN becomes NaN). Cost: one pass.
  /// - Throws: `tensorNotFound`, `wrongDataType` (BOOL), `inexactConversion`.
  public func floats(named name: String) throws(SafeTensorsError) -> [Float] {
    let entry = try entry(named: name)
    switch entry.dataType {
    case .f32: return entry.elements(UInt32.self).map(Float.init(bitPattern:))
    case .f16: return entry.elements(UInt16.self).map(float(fromHalf:))
    case .bf16: return entry.elements(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    case .f64:
      let doubles = entry.elements(UInt64.self).map(Double.init(bitPattern:))
      return try entry.exactly(doubles, "Float") { $0.isNaN ? .nan : Float(exactly: $0) }
    case .i64, .i32, .i16, .i8, .u8: return try entry.exactly(entry.integers, "Float", Float.init(exactly:))
    case .bool: throw .wrongDataType(tensor: name, found: .bool, asked: "numbers")
    }
  }

  /// The tensor's elements as `Double`, in C order; exact for every element type but large I64 (see
  /// `floats(named:)`).
  /// - Throws: `tensorNotFound`, `wrongDataType` (BOOL), `inexactConversion`.
  public func doubles(named name: String) throws(SafeTensorsError) -> [Double] {
    let entry = try entry(named: name)
    switch entry.dataType {
    case .f64: return entry.elements(UInt64.self).map(Double.init(bitPattern:))
    case .f32, .f16, .bf16: return try floats(named: name).map(Double.init)
    case .i64, .i32, .i16, .i8, .u8: return try entry.exactly(entry.integers, "Double", Double.init(exactly:))
    case .bool: throw .wrongDataType(tensor: name, found: .bool, asked: "numbers")
    }
  }

  /// The tensor's elements as whole numbers, in C order: I64, I32, I16, I8, U8, and BOOL as 0 and 1.
  /// - Throws: `tensorNotFound`, `wrongDataType` (a floating type), `inexactConversion` (a BOOL byte above
  ///   1).
  public func int64s(named name: String) throws(SafeTensorsError) -> [Int64] {
    let entry = try entry(named: name)
    switch entry.dataType {
    case .i64, .i32, .i16, .i8, .u8: return entry.integers
    case .bool: return try entry.exactly(entry.integers, "a truth value") { $0 <= 1 ? $0 : nil }
    case .f64, .f32, .f16, .bf16:
      throw .wrongDataType(tensor: name, found: entry.dataType, asked: "whole numbers")
    }
  }

  /// Adds an F32 tensor.
  /// - Precondition: the name is new and not `__metadata__`; `values` has as many elements as `shape`.
  public mutating func add(_ name: String, shape: [Int], _ values: [Float]) {
    let bytes = littleEndianBytes(values.map { $0.bitPattern })
    add(TensorEntry(name: name, dataType: .f32, shape: shape, bytes: bytes))
  }

  /// Adds an F64 tensor; preconditions as for `Float`.
  public mutating func add(_ name: String, shape: [Int], _ values: [Double]) {
    let bytes = littleEndianBytes(values.map { $0.bitPattern })
    add(TensorEntry(name: name, dataType: .f64, shape: shape, bytes: bytes))
  }

  /// Adds an I64 tensor; preconditions as for `Float`.
  public mutating func add(_ name: String, shape: [Int], _ values: [Int64]) {
    add(TensorEntry(name: name, dataType: .i64, shape: shape, bytes: littleEndianBytes(values)))
  }

  /// Adds a U8 tensor; preconditions as for `Float`.
  public mutating func add(_ name: String, shape: [Int], _ values: [UInt8]) {
    add(TensorEntry(name: name, dataType: .u8, shape: shape, bytes: values))
  }
}

extension TensorEntry {
  /// The stored bit patterns, one per element.
  fileprivate func elements<Word: FixedWidthInteger>(_: Word.Type) -> [Word] {
    let words = [Word](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
      initializedCount = count
    }
    return words.map { Word(littleEndian: $0) }
  }

  /// The elements of a tensor of whole numbers or truth values.
  fileprivate var integers: [Int64] {
    switch dataType {
    case .i64: elements(Int64.self)
    case .i32: elements(Int32.self).map(Int64.init)
    case .i16: elements(Int16.self).map(Int64.init)
    case .i8: elements(Int8.self).map(Int64.init)
    case .u8, .bool: bytes.map(Int64.init)
    case .f64, .f32, .f16, .bf16: preconditionFailure("TensorEntry: '\(name)' holds no whole numbers")
    }
  }

  fileprivate func exactly<Source, Target>(
    _ values: [Source], _ asked: String, _ convert: (Source) -> Target?
  ) throws(SafeTensorsError) -> [Target] {
    var result: [Target] = []
    result.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      guard let converted = convert(value) else {
        throw .inexactConversion(tensor: name, index: index, found: "\(value)", asked: asked)
      }
      result.append(converted)
    }
    return result
  }
}

func littleEndianBytes<Word: FixedWidthInteger>(_ words: [Word]) -> [UInt8] {
  words.map { $0.littleEndian }.withUnsafeBytes { Array($0) }
}

/// Widens IEEE 754 half precision by hand, because `Float16` does not exist on every supported machine.
private func float(fromHalf half: UInt16) -> Float {
  let sign = UInt32(half & 0x8000) << 16
  let exponent = UInt32(half >> 10 & 0x1F)
  let fraction = UInt32(half & 0x3FF)
  switch exponent {
  case 0:
    // Zero or subnormal: fraction × 2^−24, exact in single precision.
    let magnitude = Float(fraction) * 0x1p-24
    return Float(bitPattern: magnitude.bitPattern | sign)
  case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}
