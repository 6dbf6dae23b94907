public import RecurrentCore
public import RecurrentInterchange

/// Why a checkpoint cannot be written or read. `description` is one line: file, place, what was found, what was expected
/// and what to do.
public struct CheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong with it.
  public enum Problem: Error, Sendable, Hashable {
    /// The file itself: missing, unreadable, disk full.
    case file(FileError)
    /// Cut off, or no safetensors file.
    case notSafeTensors(SafeTensorsError)
    /// A safetensors file without a checkpoint's metadata.
    case missingMetadata(key: String)
    /// A format of another version.
    case version(found: String)
    /// The content is not what was written.
    case checksum(found: String, expected: String)
    /// The same content, but not the bytes that were written.
    case altered
    /// The state's JSON does not say what it must.
    case malformedState(String)
    /// A counter or an option that no run could have.
    case invalidState(OptionProblem)
    /// A tensor that the model has a slot for.
    case missingTensor(String)
    /// A tensor that the model has no slot for.
    case unexpectedTensor(String)
    /// A tensor in another precision than the model's, `F32` or `F64`.
    case precision(tensor: String, found: String, expected: String)
    /// A tensor of another shape than its slot's.
    case shape(tensor: String, found: [Int], expected: [Int])
    /// Refused before writing: such parameters are of no use.
    case notFinite(parameter: String, value: String)
  }

  /// The file, or another name for where the bytes came from.
  public let path: String
  /// What was found, in a form that code can test.
  public let problem: Problem

  /// A problem with a file.
  public init(_ path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }

  public var description: String {
    if case .file(let error) = problem { return error.description }
    return "\(path): \(problem.text)"
  }
}

extension CheckpointError.Problem {
  private static let damaged = "the file is damaged: restore it from a copy, or begin the run anew"
  private static let otherModel = "resume with the model configuration it was saved with"

  fileprivate var text: String {
    switch self {
    case .file(let error):
      error.description
    case .notSafeTensors(let error):
      // What its reader advises is for files that came from elsewhere.
      "\(error.finding); \(Self.damaged)"
    case .missingMetadata(let key):
      "metadata: found no '\(key)', expected it in every checkpoint; give a file that training has written"
    case .version(let found):
      "metadata 'version': found '\(shown(found))', expected '\(Checkpoint.formatVersion)'; "
        + "read it with the version of this program that wrote it"
    case .checksum(let found, let expected):
      "checksum: found content of \(found), expected \(expected); \(Self.damaged)"
    case .altered:
      "found bytes in another order or notation than expected; \(Self.damaged)"
    case .malformedState(let detail):
      "metadata 'state': found \(detail), expected the state of a run; \(Self.damaged)"
    case .invalidState(let problem):
      "metadata 'state', \(problem); \(Self.damaged)"
    case .missingTensor(let name):
      "tensor '\(shown(name))': found none, expected it as the model has it; \(Self.otherModel)"
    case .unexpectedTensor(let name):
      "tensor '\(shown(name))': found it, expected none of that name; \(Self.otherModel)"
    case .precision(let tensor, let found, let expected):
      "tensor '\(shown(tensor))': found \(found), expected \(expected); resume in the precision it was saved in"
    case .shape(let tensor, let found, let expected):
      "tensor '\(shown(tensor))': found the shape \(found), expected \(expected); \(Self.otherModel)"
    case .notFinite(let parameter, let value):
      "parameter '\(parameter)': found \(value), expected finite numbers; nothing was written; "
        + "clip gradients or lower the learning rate"
    }
  }
}

/// Text from a file as a one-line message may show it: without control characters, and not at any length.
private func shown(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars.prefix(80) {
    result.append(scalar.properties.generalCategory == .control ? "?" : scalar)
  }
  return String(result)
}
