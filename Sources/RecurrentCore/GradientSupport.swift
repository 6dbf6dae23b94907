/// Where a gradient may be other than zero: pieces of its flat buffer, in order and apart.
///
/// Of a table of rows, as an embedding is, a batch has a gradient only in the rows of its symbols. What passes over the
/// rest costs nothing there.
package struct GradientSupport: Sendable {
  private struct Piece {
    let places: Range<Int>
    /// How many elements of the support come before.
    let first: Int
  }

  private var pieces: [Piece] = []
  /// Elements in it.
  package private(set) var count = 0

  /// Nowhere.
  package init() {}

  /// The whole of a buffer of so many elements.
  package init(everywhere count: Int) { append(0..<count) }

  /// Becomes empty, with room for so many pieces.
  package mutating func removeAll(reserving capacity: Int) {
    pieces.removeAll(keepingCapacity: true)
    pieces.reserveCapacity(capacity)
    count = 0
  }

  /// Adds a piece behind the others. One that touches the last becomes one with it.
  package mutating func append(_ places: Range<Int>) {
    if places.isEmpty { return }
    count += places.count
    guard let last = pieces.last, last.places.upperBound >= places.lowerBound else {
      return pieces.append(Piece(places: places, first: count - places.count))
    }
    precondition(
      last.places.upperBound == places.lowerBound, "pieces of a support must be in order and apart")
    pieces[pieces.count - 1] = Piece(
      places: last.places.lowerBound..<places.upperBound, first: last.first)
  }

  /// The pieces, cut to a part of the flat buffer.
  @inline(__always)
  package func forEachPlace(in part: Range<Int>, _ body: (Range<Int>) -> Void) {
    var index = pieces.firstIndex(by: { $0.places.upperBound > part.lowerBound })
    while index < pieces.count, pieces[index].places.lowerBound < part.upperBound {
      body(pieces[index].places.clamped(to: part))
      index += 1
    }
  }

  /// The pieces, cut to a part of the support's own elements, 0 ..< `count`: how threads share it evenly.
  @inline(__always)
  package func forEachPlace(ofElements part: Range<Int>, _ body: (Range<Int>) -> Void) {
    var index = pieces.firstIndex(by: { $0.first + $0.places.count > part.lowerBound })
    while index < pieces.count, pieces[index].first < part.upperBound {
      let (places, first) = (pieces[index].places, pieces[index].first)
      let own = (first..<first + places.count).clamped(to: part)
      body(places.lowerBound + own.lowerBound - first..<places.lowerBound + own.upperBound - first)
      index += 1
    }
  }
}

extension Array {
  /// The first place whose element is so, by halving: where one is, all after it are.
  fileprivate func firstIndex(by isBeyond: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
