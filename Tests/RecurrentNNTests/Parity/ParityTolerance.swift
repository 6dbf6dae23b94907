import RecurrentCore
import Testing

/// What a comparison with another library may differ by, relative to the greatest magnitude of the tensor where that
/// exceeds 1.
enum ParityTolerance {
  /// The library's numbers were confirmed to 3e-15; ours differ by other orders of summation and other exponentials,
  /// some units in the last place a step.
  static let double = 1e-12
  /// The libraries' own single-precision results differ from these numbers by up to 1e-6.
  static let float = 2e-6
}

/// Compares every case in both precisions, and says how many there were.
func checkParity(_ cases: [ParityCase]) throws -> Int {
  for parity in cases {
    for (tensor, error) in try parity.errors(as: Double.self) where !(error <= ParityTolerance.double) {
      Issue.record("\(parity.name), Double, \(tensor): error \(error)")
    }
    for (tensor, error) in try parity.errors(as: Float.self) where !(error <= ParityTolerance.float) {
      Issue.record("\(parity.name), Float, \(tensor): error \(error)")
    }
  }
  return cases.count
}
