internal import RecurrentCore

/// Clusters of points: k-means++ starts, then Lloyd's iterations. Every draw is one of a counter generator.
///
/// Source: Arthur and Vassilvitskii, k-means++: the advantages of careful seeding (SODA 2007); Lloyd, Least squares quantization
/// in PCM (1982), doi:10.1109/TIT.1982.1056489.
struct KMeans {
  /// The cluster of each point.
  private(set) var assignment: [Int]

  private let points: [Double]
  private let dimensions: Int
  private var centres: [Double] = []

  /// - Parameters:
  ///   - points: `[N, D]`, N at least `count`.
  ///   - iterations: of Lloyd's at most.
  init(_ points: Matrix<Double>, clusters count: Int, iterations: Int = 20, using generator: CounterGenerator)
  {
    dimensions = points.columns
    self.points = Self.standardized(points)
    assignment = [Int](repeating: 0, count: points.rows)
    var generator = generator
    begin(count, using: &generator)
    for _ in 0..<iterations {
      let before = assignment
      assign(count)
      if assignment == before { break }
      centre(count)
    }
  }

  /// Each dimension over its standard deviation: units must not decide.
  private static func standardized(_ points: Matrix<Double>) -> [Double] {
    var elements = points.elements
    let (moments, columns) = (ColumnMoments(points), points.columns)
    for d in 0..<columns {
      let (mean, variance) = (moments.mean[d], moments.variance[d])
      let scale = variance > 0 ? 1 / variance.squareRoot() : 1
      for index in stride(from: d, to: elements.count, by: columns) {
        elements[index] = (elements[index] - mean) * scale
      }
    }
    return elements
  }

  private func squaredDistance(_ point: Int, _ centre: Int) -> Double {
    var sum = 0.0
    for d in 0..<dimensions {
      let difference = points[point * dimensions + d] - centres[centre * dimensions + d]
      sum += difference * difference
    }
    return sum
  }

  /// The first centre anywhere, each other with probability proportional to the squared distance from the nearest so far.
  private mutating func begin(_ count: Int, using generator: inout CounterGenerator) {
    var nearest = [Double](repeating: 1, count: assignment.count)
    for number in 0..<count {
      let all = nearest.reduce(0, +)
      let weights = all > 0 ? nearest : nearest.map { _ in 1 }
      let point = weights.drawn(using: &generator)
      centres += points[point * dimensions..<(point + 1) * dimensions]
      for other in nearest.indices {
        let distance = squaredDistance(other, number)
        nearest[other] = number == 0 ? distance : min(nearest[other], distance)
      }
    }
  }

  private mutating func assign(_ count: Int) {
    for point in assignment.indices {
      var least = Double.infinity
      for centre in 0..<count {
        let distance = squaredDistance(point, centre)
        if distance < least { (least, assignment[point]) = (distance, centre) }
      }
    }
  }

  /// A cluster without points keeps its centre.
  private mutating func centre(_ count: Int) {
    var sums = [Double](repeating: 0, count: count * dimensions)
    var sizes = [Double](repeating: 0, count: count)
    for (point, cluster) in assignment.enumerated() {
      sizes[cluster] += 1
      for d in 0..<dimensions { sums[cluster * dimensions + d] += points[point * dimensions + d] }
    }
    for cluster in 0..<count where sizes[cluster] > 0 {
      for d in 0..<dimensions {
        centres[cluster * dimensions + d] = sums[cluster * dimensions + d] / sizes[cluster]
      }
    }
  }
}
