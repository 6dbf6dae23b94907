public import RecurrentCore

/// Why a safetensors file was refused, or a tensor could not be had as asked.
///
/// The first eight cases mirror the reference implementation's. `description` is one line: the place, what
/// was found, what was expected, and what to do.
public enum SafeTensorsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file is shorter than the 8 bytes that hold the header's length.
  case headerTooSmall(fileBytes: Int)
  /// The header is declared, or would be written, longer than 100 MB.
  case headerTooLarge(headerBytes: UInt64)
  /// The declared header reaches beyond the end of the file.
  case invalidHeaderLength(headerBytes: Int, fileBytes: Int)
  /// The header does not start with `{`.
  case invalidHeaderStart(found: UInt8?)
  /// The header is not the JSON that the format prescribes.
  case invalidHeader(StrictJSONError)
  /// A tensor's bytes do not start where the tensor before ends (a hole or an overlap), or end before they
  /// start.
  case invalidOffset(tensor: String, begin: Int, end: Int, expectedBegin: Int)
  /// The tensors' bytes end before, or after, the end of the file.
  case metadataIncompleteBuffer(describedBytes: Int, bufferBytes: Int)
  /// The product of a shape and an element's size does not fit 63 bits.
  case validationOverflow(tensor: String, shape: [Int])

  /// A tensor's byte range does not hold the elements of its shape.
  case sizeMismatch(tensor: String, dataType: TensorDataType, shape: [Int], found: Int, expected: Int)
  /// An element type that is not read here.
  case unsupportedDataType(tensor: String, found: String)
  /// More metadata entries than `SafeTensors.maximumMetadataCount`; only when writing.
  case tooManyMetadataEntries(count: Int)

  /// No tensor has the name that was asked for; `nearest` is the most similar one that there is.
  case tensorNotFound(name: String, nearest: String?)
  /// The tensor's element type is no number of the kind asked for.
  case wrongDataType(tensor: String, found: TensorDataType, asked: String)
  /// An element has no exact counterpart in the type asked for.
  case inexactConversion(tensor: String, index: Int, found: String, asked: String)

  /// The description without its advice, for a reader that has better.
  package var finding: String {
    description.lastIndex(of: ";").map { String(description[..<$0]) } ?? description
  }

  public var description: String {
    switch self {
    case .headerTooSmall(let bytes):
      "byte 0: found a file of \(bytes) bytes, expected at least 8; the file is empty or cut off, fetch it again"
    case .headerTooLarge(let bytes):
      "byte 0: found a header of \(bytes) bytes, expected at most \(SafeTensors.maximumHeaderBytes); "
        + "this is not a safetensors file, or its metadata is too large"
    case .invalidHeaderLength(let header, let file):
      "byte 0: found a header of \(header) bytes in a file of \(file) bytes, expected it to fit; "
        + "the file is cut off, fetch it again"
    case .invalidHeaderStart(let found):
      "byte 8: found \(found.map { "byte \($0)" } ?? "an empty header"), expected '{'; "
        + "this is not a safetensors file"
    case .invalidHeader(let problem):
      "header, \(problem); write the file again with a safetensors writer"
    case .invalidOffset(let tensor, let begin, let end, let expected):
      "tensor \(quoted(tensor)): found bytes \(begin) to \(end), expected them to start at \(expected) and not to "
        + "run backwards; write the file again with a safetensors writer"
    case .metadataIncompleteBuffer(let described, let buffer):
      "end of file: found \(buffer) bytes of tensors, expected \(described) as the header says; "
        + (buffer < described ? "the file is cut off, fetch it again" : "remove what follows the tensors")
    case .validationOverflow(let tensor, let shape):
      "tensor \(quoted(tensor)): found the shape \(shape), expected a size below 2^63 bytes; the header is corrupt"
    case .sizeMismatch(let tensor, let type, let shape, let found, let expected):
      "tensor \(quoted(tensor)): found \(found) bytes, expected \(expected) for \(type.rawValue) of shape \(shape); "
        + "the header is corrupt"
    case .unsupportedDataType(let tensor, let found):
      "tensor \(quoted(tensor)): found the element type \(quoted(found)), expected one of "
        + TensorDataType.allCases.map(\.rawValue).joined(separator: " ")
        + "; convert the tensor before saving"
    case .tooManyMetadataEntries(let count):
      "metadata: found \(count) entries, expected at most \(SafeTensors.maximumMetadataCount); "
        + "keep large tables in a file of their own"
    case .tensorNotFound(let name, let nearest):
      "tensor \(quoted(name)): found none of that name, "
        + (nearest.map { "expected perhaps \(quoted($0))" } ?? "and none with a similar one")
        + "; list the file's names to choose one"
    case .wrongDataType(let tensor, let found, let asked):
      "tensor \(quoted(tensor)): found elements \(found.rawValue), expected \(asked); ask for it as what it is"
    case .inexactConversion(let tensor, let index, let found, let asked):
      "tensor \(quoted(tensor)), element \(index): found \(found), expected a number that \(asked) holds exactly; "
        + "ask for a wider type"
    }
  }
}
