package import RecurrentCore
package import RecurrentInterchange

/// Parameter stores in and out of safetensors: one tensor for each slot, named by a prefix and the slot, a matrix as
/// `[rows, columns]` and a vector as `[columns]`.
extension SafeTensors {
  package mutating func add<Scalar>(_ store: ParameterStore<Scalar>, prefix: String = "") {
    for slot in store.layout.slots {
      add(
        TensorEntry(
          name: prefix + slot.name, dataType: Self.dataType(of: Scalar.self), shape: slot.shape,
          bytes: store.values[slot.range].withUnsafeBytes(Array.init)))
    }
  }

  /// The store of that layout and prefix; every tensor must be there, in this precision and shape.
  package func store<Scalar>(
    _ layout: ParameterLayout, prefix: String = "", of scalar: Scalar.Type = Scalar.self
  ) throws(CheckpointError.Problem) -> ParameterStore<Scalar> {
    var store = ParameterStore<Scalar>(zeros: layout)
    let dataType = Self.dataType(of: Scalar.self)
    for slot in layout.slots {
      let name = prefix + slot.name
      guard let entry = self[name] else { throw .missingTensor(name) }
      guard entry.dataType == dataType else {
        throw .precision(tensor: name, found: entry.dataType.rawValue, expected: dataType.rawValue)
      }
      guard entry.shape == slot.shape else {
        throw .shape(tensor: name, found: entry.shape, expected: slot.shape)
      }
      store.values.withUnsafeMutableBytes { target in
        let size = MemoryLayout<Scalar>.stride
        target[slot.offset * size..<(slot.offset + slot.count) * size].copyBytes(from: entry.bytes)
      }
    }
    return store
  }

  private static func dataType<Scalar: TensorScalar>(of scalar: Scalar.Type) -> TensorDataType {
    // The file is little-endian, and bytes are copied as they lie in memory.
    #if _endian(big)
      #error("checkpoints are written on little-endian processors only")
    #endif
    return MemoryLayout<Scalar>.size == 4 ? .f32 : .f64
  }
}

extension ParameterSlot {
  /// As it stands in files: `[rows, columns]`, or `[columns]` for a vector.
  package var shape: [Int] { isVector ? [columns] : [rows, columns] }
}
