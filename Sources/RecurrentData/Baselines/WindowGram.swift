/// The Gram matrix AᵀA of all windows of a frame, without forming A.
///
/// Row m of A is window m, flattened row by row: its column (i, f) is feature f of the window's i-th row. Neighbouring
/// windows share all rows but `stride`, so the block of rows (i, j) differs from that of (i − stride, j − stride) only by
/// the first and the last window's outer products. So the cost is about rows · length · features² instead of
/// windows · length² · features².
struct WindowGram {
  /// Side of the matrix: length · features, and one more for the intercept's column of ones.
  let size: Int
  /// Row-major; both triangles are filled.
  private(set) var values: [Double]

  /// - Parameter frame: row-major `[rows, features]`, best centred and scaled.
  init(_ frame: Frame, _ windows: Windows) {
    let (length, features, stride) = (windows.plan.length, frame.columnCount, windows.plan.stride)
    let size = length * features + 1
    var gram = [Double](repeating: 0, count: size * size)
    frame.values.withUnsafeBufferPointer { data in
      gram.withUnsafeMutableBufferPointer { gram in
        guard let data = data.baseAddress, let gram = gram.baseAddress else { return }
        let base = windows.first * features
        for i in 0..<length {
          for j in i..<length {
            if i < stride {
              Self.addProducts(
                data, base + i * features, base + j * features, features, stride, windows.count, gram,
                (i, j, size))
            } else {
              Self.shiftBlock(data, base, features, stride, windows.count, gram, (i, j, size))
            }
          }
        }
        Self.addSums(data, base, features, stride, windows.count, gram, length, size)
        for row in 0..<size {
          for column in 0..<row { gram[row * size + column] = gram[column * size + row] }
        }
      }
    }
    self.size = size
    values = gram
  }

  private typealias Block = (i: Int, j: Int, size: Int)

  /// Block (i, j) = Σ over windows of outer products of their i-th and j-th rows.
  private static func addProducts(
    _ data: UnsafePointer<Double>, _ left: Int, _ right: Int, _ features: Int, _ stride: Int,
    _ count: Int,
    _ gram: UnsafeMutablePointer<Double>, _ block: Block
  ) {
    let origin = block.i * features * block.size + block.j * features
    let step = stride * features
    for window in 0..<count {
      let (l, r) = (left + window * step, right + window * step)
      for f in 0..<features {
        addScaled(data[l + f], data + r, to: gram + origin + f * block.size, count: features)
      }
    }
  }

  /// Block (i, j) from block (i − stride, j − stride): without the first window's products there, with the last one's here.
  private static func shiftBlock(
    _ data: UnsafePointer<Double>, _ base: Int, _ features: Int, _ stride: Int, _ count: Int,
    _ gram: UnsafeMutablePointer<Double>, _ block: Block
  ) {
    let (i, j, size) = block
    let last = base + (count - 1) * stride * features
    for f in 0..<features {
      let source = ((i - stride) * features + f) * size + (j - stride) * features
      let target = (i * features + f) * size + j * features
      let leaving = data[base + (i - stride) * features + f]
      let entering = data[last + i * features + f]
      for g in 0..<features {
        gram[target + g] =
          gram[source + g] - leaving * data[base + (j - stride) * features + g]
          + entering * data[last + j * features + g]
      }
    }
  }

  /// The last column: sums of each column of A, and the number of windows.
  private static func addSums(
    _ data: UnsafePointer<Double>, _ base: Int, _ features: Int, _ stride: Int, _ count: Int,
    _ gram: UnsafeMutablePointer<Double>, _ length: Int, _ size: Int
  ) {
    for column in 0..<length * features {
      var sum = 0.0
      for window in 0..<count { sum += data[base + column + window * stride * features] }
      gram[column * size + size - 1] = sum
    }
    gram[size * size - 1] = Double(count)
  }
}
