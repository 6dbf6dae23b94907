/// Calls `body` with the base of an array that is not empty, or not at all.
@inline(__always)
func withBase<Element, Result>(
  _ array: inout [Element], _ body: (UnsafeMutablePointer<Element>) -> Result
) -> Result? {
  array.withUnsafeMutableBufferPointer { $0.baseAddress.map(body) }
}
