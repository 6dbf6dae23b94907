import RecurrentCore
import Testing

/// Packed weights: where they stand, and that a copy keeps its own.
@Suite struct PackedParametersTests {
  private static func layout() -> ParameterLayout {
    var layout = ParameterLayout()
    // Odd sizes, so that nothing ends where a cache line does.
    for (rows, columns) in [(3, 5), (33, 7), (1, 1), (130, 65)] {
      _ = layout.addWeight("w\(rows)", rows: rows, columns: columns, initializer: .glorotUniform)
    }
    return layout
  }

  @Test func panelsBeginOnCacheLines() {
    func check<Scalar: TensorScalar>(_ type: Scalar.Type) {
      let layout = Self.layout()
      let packed = PackedParameters(ParameterStore<Scalar>(initializing: layout, seed: 1))
      packed.withPointers { pointers in
        for slot in layout.slots {
          #expect(UInt(bitPattern: pointers.plain(slot)) % 64 == 0)
          #expect(UInt(bitPattern: pointers.transposed(slot)) % 64 == 0)
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func aCopyKeepsItsWeights() {
    let layout = Self.layout()
    var packed = PackedParameters(ParameterStore<Float>(initializing: layout, seed: 1))
    let copy = packed
    let x = Matrix<Float>(rows: 2, columns: 65, elements: (0..<130).map { Float($0 % 7) - 3 })
    let before = copy.apply(layout.slots[3], to: x)
    packed.update(ParameterStore<Float>(initializing: layout, seed: 2))
    #expect(copy.apply(layout.slots[3], to: x) == before)
    #expect(packed.apply(layout.slots[3], to: x) != before)
  }
}
