internal import Recurrent
internal import RecurrentTasks

extension NamedCase {
  /// What all programs must agree on before a time counts: the first three losses, or a checksum of the output. Computed
  /// before any other call.
  func check(_ program: any BenchProgram) throws -> [Double] {
    switch program {
    case let training as BenchTraining: return try training.firstLosses(3)
    case let sequences as BenchSequences:
      sequences.call()
      return [try checksum(sequences.output)]
    case let stream as BenchStream:
      stream.call()
      return [try checksum(stream.output)]
    default: throw CaseError("\(name): no check of \(type(of: program))")
    }
  }

  /// The dot product with the file's fixed vector, over √size.
  private func checksum(_ output: [Float]) throws -> Double {
    let weights = try file.doubles(named: "checksum.weights")
    guard weights.count == output.count else {
      throw CaseError("\(name): \(output.count) numbers of output, expected \(weights.count)")
    }
    return zip(output, weights).reduce(0) { $0 + Double($1.0) * $1.1 } / Double(output.count).squareRoot()
  }
}
