import RecurrentCore
import RecurrentInterchange
import Testing

@Suite struct GateOrderTests {
  private static let lstm: [GateOrder] = [.ifgo, .iofg, .igfo]
  private static let gru: [GateOrder] = [.rzn, .zrn]
  private static let pairs = [lstm, gru, [.rnn]].flatMap { orders in
    orders.flatMap { first in orders.map { (first, $0) } }
  }

  @Test(arguments: pairs)
  func permutationsAreInverse(first: GateOrder, second: GateOrder) {
    let there = first.permutation(to: second)
    let back = second.permutation(to: first)
    #expect(there.sorted() == Array(there.indices))
    #expect(there.indices.allSatisfy { back[there[$0]] == $0 })
  }

  @Test(arguments: pairs)
  func reorderingAndBackIsIdentity(first: GateOrder, second: GateOrder) {
    for (units, others) in [(1, 1), (3, 2), (2, 5), (2, 0)] {
      let matrix = Array(0..<first.gates.count * units * others)
      let rows = first.reorderRows(of: matrix, columns: others, to: second)
      #expect(rows.isLossless)
      #expect(second.reorderRows(of: rows.value, columns: others, to: first).value == matrix)
      let columns = first.reorderColumns(of: matrix, rows: others, to: second)
      #expect(columns.isLossless)
      #expect(second.reorderColumns(of: columns.value, rows: others, to: first).value == matrix)
    }
  }

  /// Each number names its gate (tens), unit (ones) and other index (hundreds).
  @Test func rowsAndColumnsGoWhereTheirGateGoes() {
    let rows = [10, 110, 11, 111, 20, 120, 21, 121, 30, 130, 31, 131]
    let reordered = [20, 120, 21, 121, 10, 110, 11, 111, 30, 130, 31, 131]
    #expect(GateOrder.rzn.reorderRows(of: rows, columns: 2, to: .zrn).value == reordered)
    let columns = [10, 11, 20, 21, 30, 31, 40, 41, 110, 111, 120, 121, 130, 131, 140, 141]
    // i f g o to i o f g
    #expect(
      GateOrder.ifgo.reorderColumns(of: columns, rows: 2, to: .iofg).value
        == [10, 11, 40, 41, 20, 21, 30, 31, 110, 111, 140, 141, 120, 121, 130, 131])
  }

  /// The table of each library's documentation, in this package's letters.
  @Test(arguments: [
    (GateConvention.recurrent, "i f g o", "r z n"), (.pyTorch, "i f g o", "r z n"),
    (.mlx, "i f g o", "r z n"),
    (.keras, "i f g o", "z r n"), (.onnx, "i o f g", "z r n"), (.oneDNN, "i f g o", "z r n"),
    (.haste, "i g f o", "z r n"),
  ])
  func librariesHaveTheirOrders(library: GateConvention, lstm: String, gru: String) {
    #expect(library.order(of: .lstm).description == lstm)
    #expect(library.order(of: .gru(.resetAfter)).description == gru)
    #expect(library.order(of: .gru(.resetBefore)).description == gru)
    #expect(library.order(of: .rnn).gates.count == 1)
  }

  @Test func theNoteSaysWhatHappened() {
    #expect(
      GateOrder.rzn.reorderRows(of: [1, 2, 3], columns: 1, to: .zrn).note
        == "gates reordered from r z n to z r n, nothing rounded")
    #expect(
      GateOrder.rzn.reorderRows(of: [1, 2, 3], columns: 1, to: .rzn).note == "gates kept in the order r z n")
  }

  #if os(Linux) || os(macOS)
    @Test func anotherCellsOrderIsMisuse() async {
      await #expect(processExitsWith: .failure) { _ = GateOrder.rzn.permutation(to: .ifgo) }
    }
  #endif
}
