/// The packing of all weights, each as it is and transposed. A thread's share is every n-th of these.
struct Packing<Scalar: TensorScalar>: SharedWork {
  let slots: [ParameterSlot]
  let places: [[PackedParameters<Scalar>.Place]]
  let values: UnsafePointer<Scalar>
  let panels: UnsafeMutablePointer<Scalar>

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func share(of thread: Int, among threads: Int) {
    var number = 0
    for slot in slots {
      for place in places[slot.index] {
        let source = values + slot.offset + place.firstRow * slot.columns
        if number % threads == thread {
          Scalar._pack(
            rows: place.rows, columns: slot.columns, source, rowStride: slot.columns, columnStride: 1,
            into: panels + place.plain)
        }
        if (number + 1) % threads == thread {
          Scalar._pack(
            rows: slot.columns, columns: place.rows, source, rowStride: 1, columnStride: slot.columns,
            into: panels + place.transposed)
        }
        number += 2
      }
    }
  }
}
